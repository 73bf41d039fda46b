"""Ways to write a sentence with a translator: greedily, by chance, and with a beam.

All work on any `lab.models.seq2seq.Seq2Seq`, a captioner included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lab.models.seq2seq import Memory, Seq2Seq, State
from lab.models.tokens import END, PAD, START

_NEVER = (PAD, START)  # tokens that no sentence holds


@dataclass(frozen=True)
class Decoded:
    """A sentence that was written.

    Args:
        ids: T tokens, END last if the model came to an end.
        probabilities: (T) that the model gave each, at temperature 1.
        weights: (T, S) attention weights, None without attention.
        score: what it was ranked by: its log-probability, divided by the length norm of a beam.
    """

    ids: list[int]
    probabilities: list[float]
    weights: list[list[float]] | None
    score: float


def limit(source: Tensor) -> int:
    """Return how many tokens to write at most for sources (B, S): enough for any honest answer."""
    return 2 * source.shape[1] + 10


def log_probabilities(logits: Tensor) -> Tensor:
    """Return log-probabilities (B, V) of the next token; PAD and START are never next."""
    logits = logits.float().clone()
    logits[:, list(_NEVER)] = -torch.inf
    return torch.log_softmax(logits, dim=1)


@torch.no_grad()
def greedy(model: Seq2Seq, source: Tensor, longest: int) -> list[Decoded]:
    """Take the most probable token at every step, for each row of `source`."""
    return _write(model, source, longest, lambda scores: scores.argmax(1))


@torch.no_grad()
def sampled(
    model: Seq2Seq,
    source: Tensor,
    longest: int,
    temperature: float,
    random: np.random.Generator,
) -> list[Decoded]:
    """Draw every token from softmax(logits / temperature)."""

    def draw(scores: Tensor) -> Tensor:
        share = torch.softmax(scores.double() / temperature, dim=1).cumsum(1)
        drawn = torch.from_numpy(random.random(len(share))).to(share.device)
        # The last sum may round to just below one: clamp to the last token that can be.
        return torch.searchsorted(share, drawn[:, None] * share[:, -1:])[:, 0].clamp(
            max=share.shape[1] - 1
        )

    return _write(model, source, longest, draw)


def _write(model: Seq2Seq, source: Tensor, longest: int, choose) -> list[Decoded]:
    memory = model.encode(source)
    rows, device = len(source), source.device
    state, tokens = memory.start, torch.full((rows,), START, device=device)
    ids, chances, looks = [], [], []
    done = torch.zeros(rows, dtype=torch.bool, device=device)
    while len(ids) < longest and not done.all():
        step = model.step(tokens, state, memory)
        scores = log_probabilities(step.logits)
        tokens = torch.where(done, PAD, choose(scores))
        ids.append(tokens)
        chances.append(scores.gather(1, tokens[:, None])[:, 0].exp())
        looks.append(step.weights)
        state, done = step.state, done | (tokens == END)
        tokens = torch.where(done, END, tokens)  # finished rows go on unseen
    if not ids:
        return [Decoded([], [], None, 0.0) for _ in range(rows)]
    table, chances = torch.stack(ids, 1).tolist(), torch.stack(chances, 1).tolist()
    seen = None if looks[0] is None else torch.stack(looks, 1).tolist()
    written = []
    for row in range(rows):
        length = next((t + 1 for t, i in enumerate(table[row]) if i == END), len(table[row]))
        chance = chances[row][:length]
        weights = None if seen is None else seen[row][:length]
        score = float(np.log(np.maximum(chance, 1e-300)).sum())
        written.append(Decoded(table[row][:length], chance, weights, score))
    return written


@dataclass
class _Hypothesis:
    # A beginning: its tokens, their probabilities and weights, and its log-probability.
    ids: list[int]
    probabilities: list[float]
    weights: list[list[float]]
    total: float


@torch.no_grad()
def beam(
    model: Seq2Seq, source: Tensor, longest: int, width: int, length_norm: float = 0.0
) -> list[Decoded]:
    """Keep the `width` best beginnings at every step; return finished sentences, best first.

    A beginning that ends leaves the beam, and the search stops when `width` sentences have ended.
    A width of 1 is greedy decoding.

    Args:
        model: a translator.
        source: (1, S).
        longest: tokens.
        width: of the beam.
        length_norm: log-probabilities are divided by length ** length_norm when sentences are
            compared: 0 prefers short ones, 1 is the mean per token.

    Source: Sutskever et al. 2014, section 3.2; the exponent as in Wu et al. 2016, equation 14,
    without its constants.
    """
    memory = model.encode(source)
    state: State = memory.start
    alive, ended = [_Hypothesis([], [], [], 0.0)], []
    tokens = torch.full((1,), START, device=source.device)
    for _ in range(longest):
        repeated = _repeat(memory, len(alive))
        step = model.step(tokens, state, repeated)
        scores = log_probabilities(step.logits)  # (alive, V)
        totals = torch.tensor([[h.total] for h in alive], device=source.device) + scores
        candidates = totals.flatten().topk(min(2 * width, totals.numel())).indices.tolist()
        after, parents = [], []
        for rank, place in enumerate(candidates):
            parent, token = divmod(place, scores.shape[1])
            grown = _grow(alive[parent], token, scores[parent, token].item(), step.weights, parent)
            if not np.isfinite(grown.total):
                continue
            if token == END:
                if rank < width:
                    ended.append(grown)
            elif len(after) < width:
                after.append(grown)
                parents.append(parent)
        alive = after
        if not alive or len(ended) >= width:
            break
        index = torch.tensor(parents, device=source.device)
        state = tuple(part[index] for part in step.state)
        tokens = torch.tensor([h.ids[-1] for h in alive], device=source.device)
    ranked = sorted(ended or alive, key=lambda h: -_score(h, length_norm))
    looks = any(h.weights for h in ranked)
    return [
        Decoded(h.ids, h.probabilities, h.weights if looks else None, _score(h, length_norm))
        for h in ranked[:width]
    ]


def _repeat(memory: Memory, times: int) -> Memory:
    return memory.rows(torch.zeros(times, dtype=torch.int64, device=memory.states.device))


def _grow(parent: _Hypothesis, token: int, log_p: float, weights, row: int) -> _Hypothesis:
    look = [] if weights is None else [weights[row].tolist()]
    return _Hypothesis(
        [*parent.ids, token],
        [*parent.probabilities, float(np.exp(log_p))],
        parent.weights + look,
        parent.total + log_p,
    )


def _score(hypothesis: _Hypothesis, length_norm: float) -> float:
    return hypothesis.total / max(1, len(hypothesis.ids)) ** length_norm
