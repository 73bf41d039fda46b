"""Telling the class of a text as a task of the one training loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lab.classify import encoder
from lab.classify.baseline import baseline
from lab.classify.features import padded, store
from lab.classify.opinions import opinions
from lab.classify.settings import ClassifySettings
from lab.classify.texts import Labelled, tokenise
from lab.models.classifier import SentenceClassifier
from lab.training.events import Evaluation, Event
from lab.training.hyperparameters import SettingsError
from lab.training.task import Task, spread

LIVE_EVALUATION = 200  # held-out texts that a look on the way takes
SHOWN = 4  # held-out texts of a sample
_AT_ONCE = 50


@dataclass(frozen=True)
class Verdicts:
    """What a classifier says of a few texts at a point of its run.

    Args:
        step: optimiser step.
        texts: the watched sentence, if there is one, and held-out texts.
        right: number of the class of each, None for the watched sentence.
        probabilities: (N, K) of the classes.
    """

    step: int
    texts: list[str]
    right: list[int | None]
    probabilities: list[list[float]]

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold."""
        return asdict(self)


def build(settings: ClassifySettings, classes: int) -> SentenceClassifier:
    """Build the network that settings describe; only the linear layer, or all of it, is random."""
    meta = torch.empty(0).is_meta  # somebody only wants the shapes, and brings the weights
    frozen = settings.model == "frozen"
    known = frozen or (settings.model == "full" and not meta)
    body = encoder.pretrained() if known else encoder.fresh()
    return SentenceClassifier(body, classes, settings.pool, frozen)


class ClassifyTask(Task[ClassifySettings, Labelled, SentenceClassifier]):
    """Tell the class of a text.

    Args:
        settings: of the run.
        data: the texts.

    Raises:
        SettingsError: there is nothing to learn from.
    """

    settings_class = ClassifySettings

    def __init__(self, settings: ClassifySettings, data: Labelled):
        super().__init__(settings, data)
        if not len(data.train) or not len(data.held_out):
            raise SettingsError("The texts of this run are not here any more: choose them again.")
        self.frozen = settings.model == "frozen"
        # A frozen run keeps its linear layer alone: with another encoder it means nothing.
        name = encoder.fingerprint() if self.frozen else ""
        self.identity = f"{data.digest} {name}".strip()
        self.about = {"classes": "\n".join(data.classes), "encoder": name}
        self.chosen = data.chosen(settings.examples, settings.seed)
        self.labels = {
            part: np.array(getattr(data, part).labels, dtype=np.int64)
            for part in ("train", "held_out")
        }
        self._stores = {part: store(data, part, settings.pool, name) for part in self.labels}

    def build(self) -> SentenceClassifier:
        """Build the network."""
        return build(self.settings, len(self.data.classes))

    def batch(self, step: int) -> np.ndarray:
        """Return the numbers of the texts of a step, (B): a function of seed and step alone."""
        return self.chosen[self.drawn(step, len(self.chosen))]

    def loss(self, model: SentenceClassifier, batch: np.ndarray) -> Tensor:
        """Return the mean cross-entropy in nats per text."""
        return F.cross_entropy(self.logits(model, "train", batch), self._right("train", batch))

    def logits(self, model: SentenceClassifier, part: str, numbers: np.ndarray) -> Tensor:
        """Return logits (B, K) of some texts of "train" or "held_out"."""
        if self.frozen:
            return model.head(self._stores[part].vectors(model, numbers, self.device)).float()
        rows = [self._stores[part].rows[n] for n in numbers]
        order, cut = halves([len(row) for row in rows])
        parts = [mine for mine in (order[:cut], order[cut:]) if len(mine)]
        found = [model(*padded([rows[n] for n in mine], self.device)) for mine in parts]
        return torch.cat(found).float()[torch.from_numpy(np.argsort(order)).to(self.device)]

    def _right(self, part: str, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(self.labels[part][numbers]).to(self.device)

    @torch.no_grad()
    def evaluate(self, model: SentenceClassifier, whole: bool) -> Evaluation:
        """Return the validation loss in nats per text, and shares of texts told right.

        "accuracy" is over all held-out texts, "new" over those with a word that no text to learn
        from has, "known" over the others; "words" and "words_new" are those of the baseline,
        which counts words, and "majority" that of always naming the most frequent class.
        """
        count = len(self.data.held_out)
        numbers = spread(count, count if whole else LIVE_EVALUATION)
        some = len(numbers)
        losses, hits = np.empty(some), np.empty(some, dtype=bool)
        lengths = [len(self._stores["held_out"].rows[n]) for n in numbers]
        order = np.argsort(lengths, kind="stable")
        for first in range(0, some, _AT_ONCE):
            mine = order[first : first + _AT_ONCE]
            logits = self.logits(model, "held_out", numbers[mine])
            right = self._right("held_out", numbers[mine])
            losses[mine] = F.cross_entropy(logits, right, reduction="none").cpu().numpy()
            hits[mine] = (logits.argmax(1) == right).cpu().numpy()
        new = self.data.new[numbers]
        shares = {"accuracy": hits, "new": hits[new], "known": hits[~new]}
        metrics = {name: float(found.mean()) for name, found in shares.items() if len(found)}
        counted = baseline(self.data, self.settings.examples, self.settings.seed)
        return Evaluation(float(losses.mean()), {**metrics, **counted.shares(self.data)})

    @torch.no_grad()
    def sample(self, model: SentenceClassifier, step: int, live: dict[str, Any]) -> Verdicts:
        """Judge the watched sentence and a few held-out texts."""
        watched = (live.get("prompt") or self.settings.prompt).strip()
        count = len(self.data.held_out)
        numbers = np.unique(np.arange(SHOWN) * count // SHOWN)
        texts = [self.data.held_out.texts[n] for n in numbers]
        right = [self.data.held_out.labels[n] for n in numbers]
        found = [judge(model, [text], self.device)[0] for text in texts]
        if watched:
            texts, right = [watched, *texts], [None, *right]
            found = [judge(model, [watched], self.device)[0], *found]
        return Verdicts(step, texts, right, [[round(float(p), 4) for p in row] for row in found])


def halves(lengths: list[int]) -> tuple[np.ndarray, int]:
    """Sort rows by length and cut them in two where the least padding is needed.

    Padding costs as much as tokens: in short sentences with a few long ones a third of the time.

    Returns:
        The order (B), and how many of it stand before the cut; all of them if a cut saves nothing.
    """
    order = np.argsort(lengths, kind="stable")
    sizes = np.array(lengths)[order]
    before = np.arange(1, len(order) + 1)
    cost = before * sizes + (len(order) - before) * sizes[-1]
    return order, int(np.argmin(cost)) + 1


@torch.no_grad()
def judge(model: SentenceClassifier, texts: list[str], device: str = "cpu") -> np.ndarray:
    """Return the probabilities (N, K) of the classes of texts, in one batch."""
    logits = model(*padded(tokenise(texts), device))
    return torch.softmax(logits.float(), 1).cpu().numpy()


def train(model: str = "full", data: Labelled | None = None, **options: Any) -> Iterator[Event]:
    """Train a classifier, and tell on the way how it goes.

    Args:
        model: "frozen", "full" or "scratch".
        data: what to learn from; None for the lab's short opinions.
        options: fields of `ClassifySettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, CheckpointError: at once, before anything is trained.
        Diverged: on the way.
    """
    return ClassifyTask.run(opinions() if data is None else data, model, **options)
