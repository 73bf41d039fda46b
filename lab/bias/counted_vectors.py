"""Word vectors made by counting which words stand near each other, and fitting that.

Two ways: a factorisation of the positive pointwise mutual information, which takes seconds; and
word2vec's objective, skip-gram with negative sampling, on the counts of the whole text instead of
on one window after the other. The lab's own vectors (assets/vectors) are made the second way:

```
python -m lab.bias.counted_vectors --data DATA --out assets/vectors/counted.npz
```

Sources: Mikolov et al. 2013, Distributed Representations of Words and Phrases (skip-gram with
negative sampling, frequent words thinned out); Levy and Goldberg 2014, Neural Word Embedding as
Implicit Matrix Factorization (its objective over counts; PPMI, SVD); Levy, Goldberg and Dagan 2015
(smoothed contexts, the root of the singular values); Halko et al. 2011 (randomised factorisation).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np

DIMENSIONS, WINDOW, SMOOTHING, SEED = 128, 5, 0.75, 0
NEGATIVES, STEPS, RATE, FREQUENT = 5, 60, 0.05, 1e-4
_WORD = re.compile(r"[a-z]+")
_BLOCK = 4_000_000  # tokens that are counted at once
_MORE = 30  # directions that the randomised factorisation looks at beyond those that are kept


def read(
    paragraphs: Iterable[str], size: int, also: Collection[str] = (), least: int = 1
) -> tuple[np.ndarray, list[str], list[int]]:
    """Cut paragraphs into words of the letters a to z, in lower case, and number them.

    Args:
        paragraphs: company ends where one of them ends.
        size: how many words are kept, the most frequent first.
        also: rarer words that are kept besides, behind the others.
        least: how often one of those has to stand in the text.

    Returns:
        Numbers (N), -1 for a word that is not kept and between paragraphs; the words; how often
        each stands in the text.
    """
    numbers: dict[str, int] = {}
    counts: Counter[str] = Counter()
    blocks, ids = [], []
    for paragraph in paragraphs:
        found = _WORD.findall(paragraph.lower())
        counts.update(found)
        ids += [numbers.setdefault(word, len(numbers)) for word in found]
        ids += [-1] * WINDOW
        if len(ids) > _BLOCK:
            blocks.append(np.array(ids, dtype=np.int32))
            ids = []
    blocks.append(np.array(ids, dtype=np.int32))
    # Equally frequent words in the order of the alphabet, so that the order is no accident.
    order = sorted(counts, key=lambda word: (-counts[word], word))
    kept = order[:size] + [w for w in order[size:] if w in also and counts[w] >= least]
    new = np.full(len(numbers) + 1, -1, dtype=np.int32)  # its last entry is for -1
    new[[numbers[word] for word in kept]] = np.arange(len(kept))
    return new[np.concatenate(blocks)], kept, [counts[word] for word in kept]


def company(ids: np.ndarray, size: int, window: int = WINDOW) -> np.ndarray:
    """Count who stands near whom, (V, V) float32 and symmetric.

    The neighbour counts for 1, the one behind it for less, and so on down to 1 / window.

    Args:
        ids: (N) numbers, -1 for none.
        size: V.
        window: words to each side.
    """
    counts = np.zeros(size * size, dtype=np.float32)
    for distance in range(1, window + 1):
        weight = np.float32((window + 1 - distance) / window)
        for start in range(0, len(ids) - distance, _BLOCK):
            second = ids[start + distance : start + distance + _BLOCK]
            first = ids[start : start + len(second)]
            both = (first >= 0) & (second >= 0)
            np.add.at(counts, first[both].astype(np.int64) * size + second[both], weight)
    table = counts.reshape(size, size)
    return table + table.T


def ppmi(counts: np.ndarray, smoothing: float = SMOOTHING) -> np.ndarray:
    """Return the positive pointwise mutual information of words and their company, (V, V), in nats.

    max(0, log(p(w, c) / (p(w) p(c)))), with p(c) proportional to its count to the power
    `smoothing`, so that rare company is not overrated.

    Args:
        counts: (V, V) of `company`.
        smoothing: 1 for none.
    """
    alone = np.maximum(counts.sum(axis=1), 1e-9)
    other = alone**smoothing
    other /= other.sum()
    with np.errstate(divide="ignore"):
        found = np.log(counts / alone[:, None] / other[None])
    return np.maximum(found, 0, out=found)


def factorise(table: np.ndarray, dimensions: int, seed: int = SEED) -> np.ndarray:
    """Return left singular vectors times the root of the singular values, (V, D) float32.

    Args:
        table: (V, V).
        dimensions: D, at most V.
        seed: of the randomised factorisation.
    """
    import torch

    state = torch.get_rng_state()
    torch.manual_seed(seed)
    many = min(len(table), dimensions + _MORE)
    left, values, _ = torch.svd_lowrank(torch.from_numpy(np.float32(table)), q=many, niter=2)
    torch.set_rng_state(state)
    return (left * values.sqrt())[:, :dimensions].numpy()


def thinned(counts: np.ndarray, often: Sequence[int], frequent: float = FREQUENT) -> np.ndarray:
    """Return counts (V, V) as they would be, had frequent words been left out by chance.

    A word with the share f of the text is kept with the probability min(1, sqrt(frequent / f)).

    Args:
        counts: of `company`.
        often: (V) how often each word stands in the text.
        frequent: share from which a word is thinned out.
    """
    shares = np.asarray(often, dtype=np.float64) / max(1, sum(often))
    kept = np.minimum(1, np.sqrt(frequent / np.maximum(shares, 1e-12))).astype(np.float32)
    return counts * kept[:, None] * kept[None]


def skipgram(counts: np.ndarray, start: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """Fit vectors of words w and of company c by skip-gram with negative sampling.

    For each pair, n(w, c) log s(wc) + k n(w) p(c) log s(-wc) is made large, with s the logistic
    function and p(c) the smoothed share of c; that is what word2vec's steps do on average. A pair
    is weighed by 1 / sqrt(n(w) n(c)), so that rare words learn as quickly as frequent ones, which
    word2vec does not do. All pairs in each step; the steps are those of Adam, smaller and smaller.

    Args:
        counts: (V, V), symmetric.
        start: (V, D) vectors to begin with.
        steps: how many.

    Returns:
        The vectors of the words, (V, D) float32.
    """
    import torch

    n = torch.from_numpy(np.float32(counts))
    alone = n.sum(dim=1).clamp(min=1e-6)
    smooth = alone**SMOOTHING
    negatives = NEGATIVES * alone[:, None] * (smooth / smooth.sum())[None]
    weight = 1 / (alone[:, None] * alone[None]).sqrt()
    scale = 2 / float(np.linalg.norm(start, axis=1).mean())
    both = [torch.from_numpy(np.float32(start)) * scale for _ in range(2)]
    means, squares = ([torch.zeros_like(one) for one in both] for _ in range(2))
    for step in range(1, steps + 1):
        # The slope of the objective in the product wc, (V, V).
        slope = n - (n + negatives) * torch.sigmoid(both[0] @ both[1].T)
        slope *= weight
        slopes = slope @ both[1], slope.T @ both[0]
        rate = RATE * (1 - step / (steps + steps // 10 + 1))
        for vectors, mean, square, by in zip(both, means, squares, slopes, strict=True):
            mean.mul_(0.9).add_(by, alpha=0.1)
            square.mul_(0.98).addcmul_(by, by, value=0.02)
            fair = (square / (1 - 0.98**step)).sqrt() + 1e-8
            vectors += rate * (mean / (1 - 0.9**step)) / fair
    return both[0].numpy()


def pack(path: Path, words: list[str], vectors: np.ndarray) -> None:
    """Write vectors in eight bits a number, with a scale for each word; see `unpack`."""
    scale = np.abs(vectors).max(axis=1) / 127
    scale[scale == 0] = 1
    whole = np.round(vectors / scale[:, None]).astype(np.int8)
    np.savez_compressed(path, words=np.array(words), whole=whole, scale=scale.astype(np.float32))


def unpack(path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    """Read what `pack` wrote: words, and their vectors (V, D) float32."""
    with np.load(path, allow_pickle=False) as file:
        return tuple(file["words"].tolist()), file["whole"] * file["scale"][:, None]
