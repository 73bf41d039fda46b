"""Translation as a task of the training loop, and `train`, its front for notebooks and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lab.models.seq2seq import Seq2Seq
from lab.models.tokens import END, PAD, SPECIALS
from lab.seq2seq.arrays import Arrays, arrays, gold
from lab.seq2seq.decoding import Decoded, greedy, limit
from lab.seq2seq.judging import judge, pieces, summary
from lab.seq2seq.pairs import PairCorpus
from lab.seq2seq.settings import TranslationSettings
from lab.training.events import Evaluation, Event
from lab.training.hyperparameters import SettingsError
from lab.training.task import Task, spread

LIVE_EVALUATION = 200  # held-out pairs that a look on the way takes
_EXAMPLES = 5


@dataclass(frozen=True)
class Translation:
    """One sentence, what a model made of it, and where it looked.

    Args:
        source: S tokens, END included.
        target: T tokens that it wrote, END included if it came to one.
        weights: (T, S) attention weights, None without attention.
        probabilities: (T) the model's probability of each token.
        reference: the right tokens, if they are known.
        unknown: tokens of the source that the vocabulary lacks.
    """

    source: list[str]
    target: list[str]
    weights: list[list[float]] | None
    probabilities: list[float]
    reference: list[str] | None = None
    unknown: list[str] | None = None


@dataclass(frozen=True)
class TranslationSample:
    """What a translator can do at a point of its run.

    Args:
        step: optimiser step.
        shown: the translation of the run's prompt.
        examples: of held-out sentences, without weights: (source, output, reference) as text.
    """

    step: int
    shown: Translation
    examples: list[tuple[str, str, str]]

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as a dict that JSON can hold."""
        return asdict(self)


def build(settings: TranslationSettings, corpus: PairCorpus) -> Seq2Seq:
    """Build the network that settings describe, with fresh random weights."""
    sizes = len(corpus.source_vocabulary), len(corpus.target_vocabulary)
    if settings.model == "transformer":
        from lab.models.translation_transformer import TranslationTransformer

        return TranslationTransformer(
            *sizes,
            settings.width,
            settings.layers,
            settings.heads,
            dropout=settings.dropout,
            attend_end=settings.attend_end,
        )
    from lab.models.encoder_decoder import EncoderDecoder

    return EncoderDecoder(
        settings.model,
        *sizes,
        settings.width,
        settings.score,
        settings.look,
        settings.bidirectional,
        settings.attend_end,
        settings.dropout,
    )


class TranslationTask(Task[TranslationSettings, PairCorpus, Seq2Seq]):
    """Write the target of a pair, given its source.

    Args:
        settings: of the run.
        corpus: the pairs.

    Raises:
        SettingsError: the settings do not fit these pairs.
    """

    settings_class = TranslationSettings
    fast_precision = ()  # too small to gain anything from bfloat16, measured

    def __init__(self, settings: TranslationSettings, corpus: PairCorpus):
        super().__init__(settings, corpus)
        if not (corpus.train and corpus.held_out):
            raise SettingsError(
                "There are no pairs here to learn from: this run was loaded without them."
            )
        self._train, self._held_out = arrays(corpus, "train"), arrays(corpus, "held_out")
        longest = max(self._train.source.shape[1], self._train.target_in.shape[1])
        settings.validate(longest)
        self.about = {
            "source": json.dumps(corpus.source_vocabulary),
            "target": json.dumps(corpus.target_vocabulary),
        }
        self.chance = settings.dropout > 0 or settings.teacher_forcing < 1

    def build(self) -> Seq2Seq:
        """Build the network with fresh random weights from torch's generator."""
        return build(self.settings, self.data)

    def batch(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return source (B, S), target_in and target_out (B, T), no longer than they must be."""
        return self._rows(self._train, self.drawn(step, len(self._train.source)))

    def _rows(self, part: Arrays, rows: Any) -> tuple[Tensor, Tensor, Tensor]:
        picked = [array[rows] for array in part]
        return tuple(
            torch.from_numpy(array[:, : max(1, (array != PAD).sum(1).max())]).to(self.device)
            for array in picked
        )

    def loss(self, model: Seq2Seq, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Return the mean cross-entropy in nats per target token, END included."""
        source, target_in, target_out = batch
        if self.settings.teacher_forcing < 1:
            logits, _ = model(source, target_in, self.settings.teacher_forcing)
        else:
            logits, _ = model(source, target_in)
        return F.cross_entropy(logits.flatten(0, 1).float(), target_out.flatten(), ignore_index=PAD)

    @torch.no_grad()
    def evaluate(self, model: Seq2Seq, whole: bool) -> Evaluation:
        """Return the validation loss, exact match, and how well attention fits the gold links."""
        count = len(self.data.held_out)
        rows = spread(count, count if whole else LIVE_EVALUATION)
        judged = [judge(model, self._batch_of(part), *self._gold(part)) for part in pieces(rows)]
        return Evaluation(*summary(judged))

    def _batch_of(self, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        return self._rows(self._held_out, rows)

    def _gold(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
        if not self.settings.attends or not any(pair.possible for pair in self.data.held_out):
            return None, None
        sure, possible = gold(self.data, "held_out")
        return sure[rows], possible[rows]

    def sample(self, model: Seq2Seq, step: int, live: dict[str, Any]) -> TranslationSample:
        """Translate the prompt, and the first held-out sentences, greedily."""
        text = live.get("prompt") or self.data.source_text(self.data.held_out[0].source)
        shown = translate(model, self.data, text, self.device)
        pairs = self.data.held_out[:_EXAMPLES]
        source = torch.from_numpy(self._held_out.source[:_EXAMPLES]).to(self.device)
        written = greedy(model, source, limit(source))
        examples = [
            (
                self.data.source_text(pair.source),
                self.data.target_text(words(self.data, out.ids)),
                self.data.target_text(pair.target),
            )
            for pair, out in zip(pairs, written, strict=True)
        ]
        return TranslationSample(step, shown, examples)


def words(corpus: PairCorpus, ids: list[int]) -> list[str]:
    """Return target tokens without END."""
    return [corpus.target_vocabulary[i] for i in ids if i != END]


def split(corpus: PairCorpus, text: str) -> tuple[tuple[str, ...], list[str]]:
    """Split a sentence that somebody typed; add the full stop if every sentence learned has one.

    Returns:
        Tokens, and those that the vocabulary lacks.
    """
    tokens, unknown = corpus.split_source(text)
    end = _ending(corpus)
    if tokens and end and tokens[-1] != end:
        tokens = (*tokens, end)
    return tokens, unknown


@lru_cache(maxsize=16)
def _ending(corpus: PairCorpus) -> str | None:
    ends = {pair.source[-1] for pair in corpus.train}
    return "." if ends == {"."} else None


def translate(model: Seq2Seq, corpus: PairCorpus, text: str, device: str = "cpu") -> Translation:
    """Translate one sentence greedily, and keep where the model looked.

    Args:
        model: ready to be used (`eval`).
        corpus: of the vocabularies.
        text: a source sentence; an empty one is translated too, from END alone.
        device: of the model.
    """
    tokens, unknown = split(corpus, text)
    source = torch.tensor([corpus.encode_source(tokens)], device=device)
    out = greedy(model, source, limit(source))[0]
    reference = next((p.target for p in corpus.held_out if p.source == tokens), None)
    return as_translation(corpus, tokens, unknown, out, reference)


def as_translation(
    corpus: PairCorpus,
    tokens: tuple[str, ...],
    unknown: list[str],
    out: Decoded,
    reference: tuple[str, ...] | None = None,
) -> Translation:
    """Put what was decoded into words."""
    return Translation(
        [*tokens, SPECIALS[END]],
        [corpus.target_vocabulary[i] for i in out.ids],
        out.weights and [[round(w, 3) for w in row] for row in out.weights],
        [round(p, 4) for p in out.probabilities],
        None if reference is None else list(reference),
        unknown,
    )


def train(model: str = "gru", pairs: PairCorpus | str = "dates", **options: Any) -> Iterator[Event]:
    """Train a translator, and tell on the way how it goes.

    ```
    for event in train("gru", load("dates"), score="general", steps=400, seed=0):
        print(event.step, event.validation_loss, event.metrics)
    ```

    Args:
        model: "gru", "lstm", "rnn" or "transformer".
        pairs: what to learn from, or the key of one of the lab's tasks.
        options: fields of `TranslationSettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, PairError, CheckpointError: at once, before anything is trained.
        Diverged: on the way.
    """
    from lab.seq2seq.tasks import load

    corpus = load(pairs) if isinstance(pairs, str) else pairs
    return TranslationTask.run(corpus, model, **options)
