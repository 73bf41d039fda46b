"""Language modelling as a task of the loop, and `train`, its front for notebooks and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab import models
from lab.text.corpus import Corpus
from lab.training import sampling
from lab.training.events import Evaluation, Event, Sample
from lab.training.randomness import BATCHES, CHUNK, SAMPLE, stream
from lab.training.settings import Settings

LIVE_EVALUATION = 8192  # tokens of the validation part that a look on the way takes
# On a CPU, bfloat16 is faster where there is matrix hardware for it (AMX): measured for each model.
# On a GPU, a recurrent network of class size waits for its steps, not for its products.
_FAST_ON_A_GPU = ("mlp", "transformer")
_LOGITS_AT_ONCE = 500_000  # numbers: what still fits in a processor's cache


class LanguageTask:
    """Predict the next token of a corpus.

    A batch is `batch` windows of `block` + 1 tokens from random places of the training part; the
    first `block` are read, the last `block` are what should have been predicted.

    Args:
        settings: of the run.
        corpus: the text.

    Raises:
        SettingsError: the settings do not fit this text.
    """

    def __init__(self, settings: Settings, corpus: Corpus):
        self.settings, self.corpus = settings, corpus
        settings.validate(corpus.vocabulary_size, len(corpus.train), len(corpus.validation))
        self.identity = corpus.digest
        self.about = {"tokenizer": corpus.tokenizer.to_json(), "text": corpus.name}
        self.fast_precision = ("cpu", "cuda") if settings.model in _FAST_ON_A_GPU else ("cpu",)
        self.chance = settings.dropout > 0
        self._chunk, self._starts = -1, torch.empty(0)
        self.to("cpu")

    def to(self, device: str) -> None:
        """Bring the token ids to where they will be used."""
        length = self.settings.block + 1
        self.device = device
        train = torch.from_numpy(self.corpus.train).to(device)
        self._windows = train.unfold(0, length, 1)  # (N, T + 1), a view: no window is copied
        self._validation = torch.from_numpy(self.corpus.validation).to(device)

    def build(self) -> nn.Module:
        """Build the network with fresh random weights from torch's generator."""
        return models.build(self.settings, self.corpus.vocabulary_size)

    def batch(self, step: int) -> Tensor:
        """Return the windows of a step, (B, T + 1): a function of seed and step alone."""
        chunk, place = divmod(step, CHUNK)
        if chunk != self._chunk:
            random = stream(self.settings.seed, BATCHES, chunk)
            shape = (CHUNK, self.settings.batch)
            starts = random.integers(0, len(self._windows), shape)
            self._chunk, self._starts = chunk, torch.from_numpy(starts).to(self.device)
        return self._windows[self._starts[place]]

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        """Return the mean cross-entropy of a batch in nats per token."""
        logits, _ = model(batch[:, :-1])  # (B, T, V)
        return F.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten())

    @torch.no_grad()
    def evaluate(self, model: nn.Module, whole: bool) -> Evaluation:
        """Return the cross-entropy over the validation part in nats per token.

        The part is cut into windows of the block length, each read from a fresh state; the last
        one may be shorter. On the way a fixed choice of windows, spread evenly, stands for all.
        """
        length = self.settings.block
        count = (len(self._validation) - 1) // length
        windows = self._validation.unfold(0, length + 1, length)  # (count, T + 1)
        rest = self._validation[count * length :]
        if not whole:
            wanted = max(1, LIVE_EVALUATION // length)
            if wanted < count:
                windows = windows[torch.arange(wanted, device=self.device) * count // wanted]
                rest = rest[:0]
        at_once = max(1, _LOGITS_AT_ONCE // (length * self.corpus.vocabulary_size))
        pieces = [*windows.split(at_once), *([rest[None]] if len(rest) > 1 else [])]
        total, tokens = 0.0, 0
        for piece in pieces:
            number = piece[:, 1:].numel()
            total += self.loss(model, piece).item() * number
            tokens += number
        return Evaluation(total / tokens, {})

    def sample(self, model: nn.Module, step: int, live: dict[str, Any]) -> Sample:
        """Let the model write, by chance that depends on seed and step alone."""
        settings = self.settings
        return sampling.sample(
            model,
            self.corpus.tokenizer,
            prompt=live.get("prompt", settings.prompt),
            length=settings.sample_length,
            temperature=live.get("temperature", settings.temperature),
            top_k=live.get("top_k", settings.top_k),
            random=stream(settings.seed, SAMPLE, step),
            step=step,
            fallback=int(self.corpus.train[0]),
        )


def train(
    model: str = "lstm",
    text: str | Corpus = "",
    *,
    seconds: float | None = None,
    tokens: int | None = None,
    steps: int | None = None,
    seed: int | None = None,
    settings: Settings | None = None,
    checkpoint: bytes | None = None,
    live: dict[str, Any] | None = None,
    slice_seconds: float | None = None,
    slice_steps: int | None = None,
    tokenizer: str = "character",
    **overrides: Any,
) -> Iterator[Event]:
    """Train a language model, and tell on the way how it goes.

    ```
    for event in train("lstm", text, seconds=30, seed=0):
        print(event.step, event.train_loss, event.validation_loss)
        if event.sample:
            print(event.sample.text)
    ```

    The generator can be closed at any time. `event.checkpoint()` gives the state at an event.

    Args:
        model: "mlp", "rnn", "gru", "lstm" or "transformer"; not read if settings are given or a
            checkpoint is.
        text: what to learn from; the last tenth is held out for validation.
        seconds, tokens, steps: the budget, one of them; 30 seconds if none is given.
        seed: of everything that is random; 0 if not given.
        settings: all choices at once, instead of the defaults of `model`.
        checkpoint: go on from here, with the settings in it unless others are given.
        live: {"learning_rate", "temperature", "top_k", "prompt"}, read at every step, so that
            whoever holds the dict can change a run under way. The learning rate given here takes
            the place of the settings'; the schedule goes on multiplying it.
        slice_seconds, slice_steps: stop after about so much work, at least one step.
        tokenizer: "character" or "word", for a text that is not a `Corpus` yet.
        overrides: other fields of `Settings`.

    Returns:
        A generator of events.

    Raises:
        SettingsError, TextError, CheckpointError: at once, before anything is trained.
        Diverged: on the way; all events before it have been handed out.
    """
    from lab.training.checkpoint import begin
    from lab.training.loop import fit

    corpus = text if isinstance(text, Corpus) else Corpus.from_text(text, tokenizer)
    changes = {"seconds": seconds, "tokens": tokens, "steps": steps, "seed": seed}
    changes = {name: value for name, value in changes.items() if value is not None} | overrides
    settings, state = begin(Settings, model, settings, checkpoint, changes)
    return fit(LanguageTask(settings, corpus), state, live, slice_seconds, slice_steps)
