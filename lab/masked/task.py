"""Masked language modelling as a task of the one training loop."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.masked.filling import fill, top
from lab.masked.initialise import initialise
from lab.masked.pretext import corrupt
from lab.masked.rows import Buckets, Rows
from lab.masked.settings import MaskedSettings
from lab.models.bert import Bert
from lab.training.events import Evaluation
from lab.training.randomness import BATCHES, stream

SHOWN = 8  # tokens of a guess
LIVE_EVALUATION = 25_000  # held-out tokens that a look on the way takes
_EVALUATION_BATCH = 8_192  # tokens
_EVALUATION_SEED = 20  # the same blanks at every look


class Batch(NamedTuple):
    """A corrupted batch: ids (B, T), places (M) in the flattened batch, targets (M)."""

    ids: Tensor
    places: Tensor
    targets: Tensor


@dataclass(frozen=True)
class Guess:
    """What a model puts in a blank at a step: the most probable tokens, and how probable."""

    step: int
    sentence: str
    tokens: list[str]
    probabilities: list[float]

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold."""
        return asdict(self)


class MaskedTask:
    """Guess hidden tokens.

    A batch is as many rows of one length as hold the settings' number of tokens. The length is
    drawn with the chance that a token of the text lies in a row of it.

    Args:
        settings: of the run.
        rows: the text.
    """

    def __init__(self, settings: MaskedSettings, rows: Rows):
        self.settings, self.rows = settings.validate(), rows
        self.train, self.held = _readable(rows.train, settings), _readable(rows.held, settings)
        if not self.train or not self.held:
            raise ValueError("This text is too short: it gives no row to learn from or to test on.")
        self.identity = rows.digest
        self.about = {"vocabulary": "\n".join(rows.tokens), "text": rows.name}
        self.fast_precision = ("cpu", "cuda")
        self.chance = False
        self.device = "cpu"
        self._lengths = np.array(sorted(self.train))
        tokens = np.array([self.train[length].size for length in self._lengths], dtype=float)
        self._chances = tokens / tokens.sum()

    def to(self, device: str) -> None:
        """Remember where batches go; the text itself stays in memory."""
        self.device = device

    def build(self) -> nn.Module:
        """Build the network; where it is real, with vectors and heads that have a start."""
        settings = self.settings
        model = Bert(
            self.rows.vocabulary_size,
            settings.width,
            settings.layers,
            settings.heads,
            settings.context,
        )
        if not model.bias.is_meta:
            initialise(model, self.rows.vectors, self.rows.counts())
        return model

    def batch(self, step: int) -> Batch:
        """Return the batch of a step: a function of the seed and the step alone."""
        random = stream(self.settings.seed, BATCHES, step)
        rows = self.train[int(random.choice(self._lengths, p=self._chances))]
        number = max(1, round(self.settings.batch_at(step) / rows.shape[1]))
        return self._corrupted(rows[random.integers(0, len(rows), number)], random)

    def _corrupted(self, ids: np.ndarray, random: np.random.Generator) -> Batch:
        settings = self.settings
        found = corrupt(
            ids,
            random,
            self.rows.vocabulary_size,
            share=settings.share,
            often=self.rows.pronouns,
            often_share=settings.pronoun_share,
        )
        parts = (found.ids, found.places, found.targets)
        return Batch(*(torch.from_numpy(part).to(self.device) for part in parts))

    def loss(self, model: nn.Module, batch: Batch) -> Tensor:
        """Return the mean cross-entropy over the chosen tokens, in nats."""
        return F.cross_entropy(model(batch.ids, batch.places).float(), batch.targets)

    @torch.no_grad()
    def evaluate(self, model: nn.Module, whole: bool) -> Evaluation:
        """Return the cross-entropy over blanks in the held-out rows, and how many come first.

        On the way a fixed part of the rows, spread evenly over all lengths, stands for all.
        """
        held = sum(rows.size for rows in self.held.values())
        share = 1.0 if whole else min(1.0, LIVE_EVALUATION / held)
        total, right, number = 0.0, 0, 0
        for length, rows in self.held.items():
            some = rows[: max(1, round(share * len(rows)))]
            random = np.random.default_rng([_EVALUATION_SEED, length])
            at_once = max(1, _EVALUATION_BATCH // length)
            for start in range(0, len(some), at_once):
                batch = self._corrupted(some[start : start + at_once], random)
                logits = model(batch.ids, batch.places).float()
                total += F.cross_entropy(logits, batch.targets, reduction="sum").item()
                right += (logits.argmax(dim=1) == batch.targets).sum().item()
                number += len(batch.targets)
        return Evaluation(total / number, {"top1": right / number})

    @torch.no_grad()
    def sample(self, model: nn.Module, step: int, live: dict[str, Any]) -> Guess | None:
        """Show what the model puts in the first blank of the prompt; None if it has no blank."""
        prompt = live.get("prompt", self.settings.prompt)
        try:
            filled = fill(model, self.rows.tokens, [prompt])[0]
        except ValueError:  # no blank, or too long: whoever typed it is told by the page
            return None
        best = top(filled, self.rows.tokens, SHOWN)
        return Guess(step, prompt, [token for token, _ in best], [chance for _, chance in best])


def _readable(buckets: Buckets, settings: MaskedSettings) -> Buckets:
    return {n: rows for n, rows in buckets.items() if n <= settings.context and len(rows)}
