"""Language modelling as a task of the loop, and `train`, its front for notebooks and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from lab import models
from lab.models.language_model import LanguageModel
from lab.text.corpus import Corpus
from lab.training import sampling
from lab.training.events import Evaluation, Event, Sample
from lab.training.randomness import SAMPLE, stream
from lab.training.settings import Settings
from lab.training.task import Task

LIVE_EVALUATION = 8192  # tokens of the validation part that a look on the way takes
# On a CPU, bfloat16 is faster where there is matrix hardware for it (AMX): measured for each model.
# On a GPU, a recurrent network of class size waits for its steps, not for its products.
_FAST_ON_A_GPU = ("mlp", "transformer")
_LOGITS_AT_ONCE = 500_000  # numbers: what still fits in a processor's cache


class LanguageTask(Task[Settings, Corpus, LanguageModel]):
    """Predict the next token of a corpus.

    A batch is `batch` windows of `block` + 1 tokens from random places of the training part; the
    first `block` are read, the last `block` are what should have been predicted.

    Args:
        settings: of the run.
        corpus: the text.

    Raises:
        SettingsError: the settings do not fit this text.
    """

    settings_class = Settings

    def __init__(self, settings: Settings, corpus: Corpus):
        super().__init__(settings, corpus)
        settings.validate(corpus.vocabulary_size, len(corpus.train), len(corpus.validation))
        self.about = {"tokenizer": corpus.tokenizer.to_json(), "text": corpus.name}
        self.fast_precision = ("cpu", "cuda") if settings.model in _FAST_ON_A_GPU else ("cpu",)
        self.chance = settings.dropout > 0
        self.to("cpu")

    def to(self, device: str) -> None:
        """Bring the token ids to where they will be used."""
        length = self.settings.block + 1
        self.device = device
        train = torch.from_numpy(self.data.train).to(device)
        self._windows = train.unfold(0, length, 1)  # (N, T + 1), a view: no window is copied
        self._validation = torch.from_numpy(self.data.validation).to(device)

    def build(self) -> LanguageModel:
        """Build the network with fresh random weights from torch's generator."""
        return models.build(self.settings, self.data.vocabulary_size)

    def batch(self, step: int) -> Tensor:
        """Return the windows of a step, (B, T + 1): a function of seed and step alone."""
        starts = torch.from_numpy(self.drawn(step, len(self._windows)))
        return self._windows[starts.to(self.device, non_blocking=True)]

    def loss(self, model: LanguageModel, batch: Tensor) -> Tensor:
        """Return the mean cross-entropy of a batch in nats per token."""
        logits, _ = model(batch[:, :-1])  # (B, T, V)
        return F.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten())

    @torch.no_grad()
    def evaluate(self, model: LanguageModel, whole: bool) -> Evaluation:
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
        at_once = max(1, _LOGITS_AT_ONCE // (length * self.data.vocabulary_size))
        pieces = [*windows.split(at_once), *([rest[None]] if len(rest) > 1 else [])]
        total, tokens = 0.0, 0
        for piece in pieces:
            number = piece[:, 1:].numel()
            total += self.loss(model, piece).item() * number
            tokens += number
        return Evaluation(total / tokens, {})

    def sample(self, model: LanguageModel, step: int, live: dict[str, Any]) -> Sample | None:
        """Let the model write, by chance that depends on seed and step alone."""
        settings = self.settings
        return sampling.sample(
            model,
            self.data.tokenizer,
            prompt=live.get("prompt", settings.prompt),
            length=settings.sample_length,
            temperature=live.get("temperature", settings.temperature),
            top_k=live.get("top_k", settings.top_k),
            random=stream(settings.seed, SAMPLE, step),
            step=step,
            fallback=int(self.data.train[0]),
        )


def train(
    model: str = "lstm", text: str | Corpus = "", *, tokenizer: str = "character", **options: Any
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
        tokenizer: "character" or "word", for a text that is not a `Corpus` yet.
        options: fields of `Settings`, with a budget of seconds, tokens or steps among them (30
            seconds if none is given), and what `lab.training.task.Task.run` takes.

    Returns:
        A generator of events.

    Raises:
        SettingsError, TextError, CheckpointError: at once, before anything is trained.
        Diverged: on the way; all events before it have been handed out.
    """
    corpus = text if isinstance(text, Corpus) else Corpus.from_text(text, tokenizer)
    return LanguageTask.run(corpus, model, **options)
