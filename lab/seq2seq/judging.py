"""How good a translator is on pairs with known targets: loss, exact match, alignment.

One call of the network per batch gives all of it. Greedy decoding writes exactly the reference if
and only if, fed with the reference, the model finds each next token of it the most probable: up to
the first difference both read the same tokens. So exact match needs no decoding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.tokens import PAD, UNKNOWN

_PAIRS_AT_ONCE = 100


class Judged(NamedTuple):
    """Figures of N pairs.

    Attributes:
        loss: (N) summed cross-entropy in nats.
        tokens: (N) target tokens, END included.
        exact: (N) bool, whether greedy decoding gives the reference.
        right: (N) target tokens whose most attended source place is a gold link.
        linked: (N) target tokens that have a gold link.
        sure_found, possible_found, made, sure: (N) |A and S|, |A and P|, |A|, |S| of the alignment
            A that links each target token to its most attended source place.
    """

    loss: np.ndarray
    tokens: np.ndarray
    exact: np.ndarray
    right: np.ndarray
    linked: np.ndarray
    sure_found: np.ndarray
    possible_found: np.ndarray
    made: np.ndarray
    sure: np.ndarray


def pieces(rows: np.ndarray) -> list[np.ndarray]:
    """Split row numbers into batches."""
    return np.array_split(rows, max(1, -(-len(rows) // _PAIRS_AT_ONCE)))


@torch.no_grad()
def judge(
    model: nn.Module,
    batch: tuple[Tensor, Tensor, Tensor],
    sure: np.ndarray | None = None,
    possible: np.ndarray | None = None,
) -> Judged:
    """Judge a batch.

    Args:
        model: ready to be used (`eval`).
        batch: source (N, S), target_in and target_out (N, T).
        sure, possible: gold links (N, at least T, at least S), or None where there are none or
            the model does not attend.
    """
    source, target_in, target_out = batch
    logits, weights = model(source, target_in)
    loss = F.cross_entropy(
        logits.float().transpose(1, 2), target_out, ignore_index=PAD, reduction="none"
    )
    there = target_out != PAD
    # A word that the vocabulary lacks cannot be written, whatever the model thinks of it.
    same = (logits.argmax(2) == target_out) & (target_out != UNKNOWN)
    nothing = np.zeros(len(source), dtype=np.int64)
    figures = [
        loss.sum(1).double().cpu().numpy(),
        there.sum(1).cpu().numpy(),
        (same | ~there).all(1).cpu().numpy(),
    ]
    if sure is None or weights is None:
        return Judged(*figures, *[nothing] * 6)
    # END of the target has no gold link and is no word: it is left out.
    words = (there.sum(1)[:, None] - 1) > torch.arange(there.shape[1], device=there.device)
    looked = weights.argmax(2).cpu().numpy()[..., None]  # (N, T, 1)
    words, (T, S) = words.cpu().numpy(), weights.shape[1:]
    sure, possible = sure[:, :T, :S], possible[:, :T, :S]
    hit_sure = np.take_along_axis(sure, looked, 2)[..., 0] & words
    hit = np.take_along_axis(possible, looked, 2)[..., 0] & words
    linked = possible.any(2) & words
    aligned = words & possible.any((1, 2))[:, None]  # pairs without gold are not judged
    return Judged(
        *figures,
        (hit & linked).sum(1),
        linked.sum(1),
        hit_sure.sum(1),
        hit.sum(1),
        aligned.sum(1),
        sure.sum((1, 2)),
    )


def summary(judged: list[Judged]) -> tuple[float, dict[str, float]]:
    """Return the loss in nats per token, and the metrics by name.

    Alignment accuracy: of the target tokens with a gold link, the share whose most attended source
    place is one. Alignment error rate: 1 - (|A and S| + |A and P|) / (|A| + |S|), summed over all
    pairs first (Och and Ney 2003, equation 22; lower is better).
    """
    total = Judged(*(np.concatenate(column) for column in zip(*judged, strict=True)))
    metrics = {"exact match": float(total.exact.mean())}
    if total.linked.sum():
        metrics["alignment accuracy"] = float(total.right.sum() / total.linked.sum())
        found = total.sure_found.sum() + total.possible_found.sum()
        metrics["alignment error rate"] = float(
            1 - found / max(1, total.made.sum() + total.sure.sum())
        )
    return float(total.loss.sum() / total.tokens.sum()), metrics
