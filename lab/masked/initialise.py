"""A start that spares a small masked model its slowest minutes.

Three things that training would have to find first are put in place: words that keep the same
company have similar vectors; the first heads look at the neighbours of each token; the bias of
the read-out is the frequency of each token. All weights go on learning from there.

Sources: Levy and Goldberg 2014, Neural Word Embedding as Implicit Matrix Factorization, section
3.3 (PPMI and SVD, shifted here by nothing); Vaswani et al. 2017, section 3.5, for why sines let a
head look at a fixed distance: what stands d tokens on is a rotation of what stands here.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from lab.models.bert import Bert

WINDOW = 4  # tokens to each side that are company
_POSITION_PART = 4  # one of so many dimensions of the stream is for positions, the rest for words
_SPREAD = 0.05  # standard deviation of a component of a word vector
_POSITION_SPREAD = 0.06
_OFFSETS = (-1, 1, -2, 2, -3, 3)
_NEIGHBOUR_LAYERS = 2
_SHARPNESS = 6.0  # by how much the score of the right place exceeds that of a far one, in nats
_SHORTEST_WAVE, _LONGEST_WAVE = 3.0, 400.0  # tokens


def word_vectors(rows: dict[int, np.ndarray], size: int, dimensions: int, seed: int = 0) -> Tensor:
    """Factorise the positive pointwise mutual information of tokens near each other.

    Args:
        rows: length T -> (N, T) token numbers.
        size: V.
        dimensions: D of the vectors.
        seed: of the randomised factorisation (Halko et al. 2011).

    Returns:
        (V, D), left singular vectors times the root of the singular values, rows of length one;
        zeros for a token without company.
    """
    counts = np.zeros(size * size, dtype=np.float32)
    for part in rows.values():
        ids = part.astype(np.int64)
        for distance in range(1, min(WINDOW, ids.shape[1] - 1) + 1):
            pairs = (ids[:, :-distance] * size + ids[:, distance:]).ravel()
            found, number = np.unique(pairs, return_counts=True)
            counts[found] += number / distance  # nearer company counts for more
    both = torch.from_numpy(counts.reshape(size, size))
    both = both + both.T
    alone = both.sum(dim=1).clamp(min=1e-9)
    smooth = alone**0.75  # as in word2vec: rare company is not overrated
    smooth = smooth / smooth.sum()
    pmi = torch.log((both / alone[:, None] / smooth[None]).clamp(min=1.0))  # (V, V)
    generator_state = torch.get_rng_state()
    torch.manual_seed(seed)
    left, values, _ = torch.svd_lowrank(pmi, q=min(size, dimensions + 8), niter=3)
    torch.set_rng_state(generator_state)
    vectors = (left * values.sqrt())[:, :dimensions]
    return nn.functional.normalize(vectors, dim=1, eps=1e-6)


@torch.no_grad()
def initialise(model: Bert, vectors: np.ndarray | None, counts: np.ndarray) -> None:
    """Put words, positions, the first heads and the read-out's bias in place.

    Args:
        model: with fresh random weights.
        vectors: (V, D) of length one, or None to leave the words random; of D the first
            three quarters of the width are taken.
        counts: (V) how often each token occurs.
    """
    width = model.embedding.weight.shape[1]
    places = width // _POSITION_PART // 2 * 2  # dimensions for positions: the first ones
    words = model.embedding.weight
    if vectors is not None:
        known = torch.from_numpy(np.asarray(vectors, dtype=np.float32))[:, : width - places]
        start = width - known.shape[1]
        has = known.norm(dim=1) > 0
        words[:, :places] *= 0.2
        words[has, start:] = known[has] * _SPREAD * math.sqrt(known.shape[1])
    model.position.weight[:, :] *= 0.1
    model.position.weight[:, :places] = waves(model.context, places) * _POSITION_SPREAD * 2**0.5
    for layer in model.layers[:_NEIGHBOUR_LAYERS]:
        look_at_neighbours(layer.attention.qkv, layer.attention.heads, places)
    shares = torch.from_numpy((counts + 1) / (counts + 1).sum())
    model.bias.copy_(shares.log() - shares.log().mean())


def waves(length: int, dimensions: int) -> Tensor:
    """Return sines and cosines of positions, (length, dimensions), in pairs.

    Wavelengths lie from 3 to 400 tokens at equal ratios.
    """
    angle = torch.arange(length)[:, None] * _frequencies(dimensions // 2)  # (length, D/2)
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)


def _frequencies(number: int) -> Tensor:
    lengths = torch.logspace(math.log10(_SHORTEST_WAVE), math.log10(_LONGEST_WAVE), number)
    return 2 * math.pi / lengths


@torch.no_grad()
def look_at_neighbours(qkv: nn.Linear, heads: int, places: int) -> None:
    """Set the queries and keys of the first heads so that each looks at one neighbour.

    A key is the pairs (sin, cos) of its position; a query the same pairs, turned by the offset:
    their product is the sum of cos(frequency * (i + offset - j)), largest at j = i + offset. Each
    head takes as many pairs as it has room for, shortest waves first. At most three heads of four
    are set; the others stay free.

    Args:
        qkv: of an `Attention`, (3 C, C).
        heads: nh.
        places: how many of the first dimensions of the stream hold positions.
    """
    width = qkv.weight.shape[1]
    size = width // heads
    pairs = min(size, places) // 2
    frequencies = _frequencies(places // 2)[:pairs]
    # The first normalisation makes the stream's mean square one: this is the square of a pair.
    share = places / width
    square = share * _POSITION_SPREAD**2 + (1 - share) * _SPREAD**2
    pair_square = 2 * _POSITION_SPREAD**2 / square
    strength = math.sqrt(_SHARPNESS * math.sqrt(size) / (pairs * pair_square))
    for head, offset in enumerate(_OFFSETS[: max(1, heads * 3 // 4)]):
        query = qkv.weight[head * size : head * size + 2 * pairs]
        key = qkv.weight[width + head * size : width + head * size + 2 * pairs]
        for part in (query, key):
            part *= 0.1
        for pair, angle in enumerate((frequencies * offset).tolist()):
            sine, cosine = 2 * pair, 2 * pair + 1
            # sin(a + d) = sin a cos d + cos a sin d; cos(a + d) = cos a cos d - sin a sin d
            query[sine, sine] += strength * math.cos(angle)
            query[sine, cosine] += strength * math.sin(angle)
            query[cosine, cosine] += strength * math.cos(angle)
            query[cosine, sine] -= strength * math.sin(angle)
            key[sine, sine] += strength
            key[cosine, cosine] += strength
