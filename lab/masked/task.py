"""Masked language modelling as a task of the one training loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lab.masked.corpus import encode
from lab.masked.filling import fill, followed, top
from lab.masked.initialise import initialise, word_vectors
from lab.masked.pretext import SHARE, corrupt
from lab.masked.probes import log_ratios
from lab.masked.rows import Buckets, Rows, make_rows
from lab.masked.settings import PROJECT, MaskedSettings, listed
from lab.masked.stories import GENERAL
from lab.models.bert import Bert
from lab.training.checkpoint import begin
from lab.training.events import Evaluation, Event
from lab.training.hyperparameters import SettingsError
from lab.training.randomness import BATCHES, stream
from lab.training.task import Task

SHOWN = 8  # tokens of a guess
LIVE_EVALUATION = 25_000  # held-out tokens that a look on the way takes at most
RATIO = "he : she, "  # before an occupation: the name of its log-ratio among the metrics
_LOOK_SHARE = 8  # a look takes an eighth of the tokens that stand between two, but some at least
_FEWEST = 2_000
_COUNTED_VOCABULARY = 4_096  # up to which word vectors are made at the start of a run
_EVALUATION_BATCH = 8_192  # tokens
_EVALUATION_SEED = 20  # the same blanks at every look


class Batch(NamedTuple):
    """A corrupted batch: ids (B, T), places (M) in the flattened batch, targets (M)."""

    ids: Tensor
    places: Tensor
    targets: Tensor


@dataclass(frozen=True)
class Guess:
    """What a model puts in a blank at a step: the most probable tokens, and how probable.

    `words` holds the probabilities of the words that the run follows.
    """

    step: int
    sentence: str
    tokens: list[str]
    probabilities: list[float]
    words: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold."""
        return asdict(self)


class MaskedTask(Task[MaskedSettings, Rows, Bert]):
    """Guess hidden tokens.

    A batch is as many rows of one length as hold the settings' number of tokens. The length is
    drawn with the chance that a token of the text lies in a row of it.

    Args:
        settings: of the run.
        rows: the text.
    """

    settings_class = MaskedSettings
    fast_precision = ("cpu", "cuda")

    def __init__(self, settings: MaskedSettings, rows: Rows):
        super().__init__(settings.validate(), rows)
        self.train, self.held = _readable(rows.train, settings), _readable(rows.held, settings)
        if not self.train or not self.held:
            raise ValueError("This text is too short: it gives no row to learn from or to test on.")
        self.about = {"vocabulary": "\n".join(rows.tokens), "text": rows.name}
        self._lengths = np.array(sorted(self.train))
        tokens = np.array([self.train[length].size for length in self._lengths], dtype=float)
        self._chances = tokens / tokens.sum()
        self._everyday: Buckets | None = None

    def build(self) -> Bert:
        """Build the network; where it is real, with the weights that it begins with.

        Raises:
            SettingsError: it is to begin with the project's, and they do not fit.
        """
        settings, rows = self.settings, self.data
        model = Bert(
            rows.vocabulary_size,
            settings.width,
            settings.layers,
            settings.heads,
            settings.context,
        )
        if model.bias.is_meta:  # a checkpoint brings the weights
            return model
        if settings.start == "project":
            return self._project(model)
        if settings.head_start:
            vectors = rows.vectors
            if vectors is None and rows.vocabulary_size <= _COUNTED_VOCABULARY:
                vectors = word_vectors(self.train, rows.vocabulary_size, settings.width).numpy()
            initialise(model, vectors, rows.counts())
        return model

    def _project(self, model: Bert) -> Bert:
        from lab.masked.export import load

        try:
            found, tokens = load(PROJECT)
            if tuple(tokens) != self.data.tokens:
                raise ValueError("vocabulary")
            model.load_state_dict(found.state_dict())
        except (OSError, ValueError, KeyError, RuntimeError):
            raise SettingsError(
                "The project's weights do not fit this run: it needs their vocabulary, layers, "
                "width, heads and context."
            ) from None
        return model

    def batch(self, step: int) -> Batch:
        """Return the batch of a step: a function of the seed and the step alone."""
        random = stream(self.settings.seed, BATCHES, step)
        rows = self.train[int(random.choice(self._lengths, p=self._chances))]
        number = max(1, round(self.settings.batch_at(step) / rows.shape[1]))
        settings = self.settings
        shares = settings.share, settings.pronoun_share
        return self._corrupted(rows[random.integers(0, len(rows), number)], random, shares)

    def _corrupted(
        self, ids: np.ndarray, random: np.random.Generator, shares: tuple[float, float]
    ) -> Batch:
        found = corrupt(
            ids,
            random,
            self.data.vocabulary_size,
            share=shares[0],
            often=self.data.pronouns,
            often_share=shares[1],
        )
        parts = (found.ids, found.places, found.targets)
        return Batch(*(torch.from_numpy(part).to(self.device) for part in parts))

    def loss(self, model: Bert, batch: Batch) -> Tensor:
        """Return the mean cross-entropy over the chosen tokens, in nats."""
        return F.cross_entropy(model(batch.ids, batch.places).float(), batch.targets)

    @torch.no_grad()
    def evaluate(self, model: Bert, whole: bool) -> Evaluation:
        """Return the cross-entropy over blanks in the held-out rows, and how many come first.

        On the way a fixed part of the rows, spread evenly over all lengths, stands for all.
        """
        held = sum(rows.size for rows in self.held.values())
        some = min(LIVE_EVALUATION, max(_FEWEST, self.settings.look // _LOOK_SHARE))
        share = 1.0 if whole else min(1.0, some / held)
        shares = self.settings.share, self.settings.pronoun_share
        loss, right = self._measured(model, self.held, share, shares)
        return Evaluation(loss, {"top1": right, **self._forgotten(model), **self._ratios(model)})

    def _measured(
        self, model: Bert, held: Buckets, part: float, shares: tuple[float, float]
    ) -> tuple[float, float]:
        """Return the loss over blanks in a part of some rows, and the share of them got right."""
        total, right, number = 0.0, 0, 0
        for length, rows in held.items():
            some = rows[: max(1, round(part * len(rows)))]
            random = np.random.default_rng([_EVALUATION_SEED, length])
            at_once = max(1, _EVALUATION_BATCH // length)
            for start in range(0, len(some), at_once):
                batch = self._corrupted(some[start : start + at_once], random, shares)
                logits = model(batch.ids, batch.places).float()
                total += F.cross_entropy(logits, batch.targets, reduction="sum").item()
                right += (logits.argmax(dim=1) == batch.targets).sum().item()
                number += len(batch.targets)
        return total / number, right / number

    def _forgotten(self, model: Bert) -> dict[str, float]:
        """Return the loss on everyday sentences, for a run that goes on from the project's."""
        if self.settings.start != "project":
            return {}
        if self._everyday is None:
            self._everyday = _readable(everyday_rows(self.data.tokens), self.settings)
        return {"everyday": self._measured(model, self._everyday, 1.0, (SHARE, SHARE))[0]}

    def _ratios(self, model: Bert) -> dict[str, float]:
        """Return log p(he)/p(she), the mean of five sentences, for each occupation to watch."""
        words = listed(self.settings.watch)
        if not words or not {"he", "she"} <= set(self.data.tokens):
            return {}
        measured = log_ratios(model, self.data.tokens, words).mean(axis=1)
        return {f"{RATIO}{w}": value for w, value in zip(words, measured.tolist(), strict=True)}

    @torch.no_grad()
    def sample(self, model: Bert, step: int, live: dict[str, Any]) -> Guess | None:
        """Show what the model puts in the first blank of the prompt; None if it has no blank."""
        prompt = live.get("prompt", self.settings.prompt)
        try:
            filled = fill(model, self.data.tokens, [prompt])[0]
        except ValueError:  # no blank, or too long: whoever typed it is told by the page
            return None
        best = top(filled, self.data.tokens, SHOWN)
        words = followed(filled, self.data.tokens, listed(live.get("words", self.settings.words)))
        tokens, chances = [token for token, _ in best], [chance for _, chance in best]
        return Guess(step, prompt, tokens, chances, words)


def _readable(buckets: Buckets, settings: MaskedSettings) -> Buckets:
    return {n: rows for n, rows in buckets.items() if n <= settings.context and len(rows)}


def everyday_rows(tokens: Sequence[str], copies: int = 2) -> Buckets:
    """Return the everyday sentences as rows, several times: each time with other blanks."""
    return make_rows(encode(list(GENERAL), tokens) * copies)


def train(
    text: str | Rows,
    start: str = "random",
    *,
    settings: MaskedSettings | None = None,
    checkpoint: bytes | None = None,
    **options: Any,
) -> Iterator[Event]:
    """Train a masked model on a text, and tell on the way how it goes.

    Args:
        text: what to learn from.
        start: "random", or "project" to go on from the project's own weights.
        settings: all choices at once, instead of the defaults.
        checkpoint: go on from here; `start` and settings are then those of the run it is of.
        options: fields of `MaskedSettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, CheckpointError, TextError: at once, before anything is trained.
        Diverged: on the way.
    """
    from lab.masked.live import rows_of_text

    if isinstance(text, str):
        chosen, _ = begin(MaskedSettings, start, settings, checkpoint, {})
        text = rows_of_text(text, start=chosen.start)
    return MaskedTask.run(text, start, settings=settings, checkpoint=checkpoint, **options)
