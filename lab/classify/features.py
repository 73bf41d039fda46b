"""What a frozen encoder makes of texts: computed once, since it never changes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from lab.classify.texts import Labelled
from lab.models.classifier import SentenceClassifier

_TOGETHER = 8  # texts; always the same ones, so that the order of asking changes no bit


def padded(rows: list[list[int]], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Return ids (B, T), zeros behind the end of a row, and lengths (B)."""
    lengths = torch.tensor([len(row) for row in rows])
    ids = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
    return ids.to(device), lengths.to(device)


class Store:
    """The pooled vectors of texts.

    Args:
        rows: N lists of token numbers.
    """

    def __init__(self, rows: list[list[int]]):
        self.rows = rows
        # Texts of about the same length together: little padding.
        self._order = np.argsort([len(row) for row in rows], kind="stable")
        self._group = np.empty(len(rows), dtype=np.int64)
        self._group[self._order] = np.arange(len(rows)) // _TOGETHER
        self._vectors: Tensor | None = None
        self._known = np.zeros(len(rows), dtype=bool)

    @torch.no_grad()
    def vectors(self, model: SentenceClassifier, numbers: np.ndarray, device: str) -> Tensor:
        """Return the vectors (B, C) of some texts; those that are missing are computed."""
        for group in np.unique(self._group[numbers[~self._known[numbers]]]):
            mine = self._order[group * _TOGETHER : (group + 1) * _TOGETHER]
            found = model.features(*padded([self.rows[n] for n in mine], device)).float()
            if self._vectors is None:
                self._vectors = torch.zeros(len(self.rows), found.shape[1])
            self._vectors[mine] = found.cpu()
            self._known[mine] = True
        return self._vectors[numbers].to(device)


@lru_cache(maxsize=12)
def store(data: Labelled, part: str, pool: str, encoder: str) -> Store:
    """Return the store of a part of some data, shared by the slices of all frozen runs.

    Args:
        data: the texts.
        part: "train" or "held_out".
        pool: of the network.
        encoder: names the frozen weights.
    """
    return Store(data.ids[part])
