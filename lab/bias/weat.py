"""The Word Embedding Association Test: do two groups of words lean to different attributes?

s(w) = mean cos(w, A) - mean cos(w, B): how much nearer a word is to A than to B.
S = sum of s over X - sum of s over Y: the test statistic.
d = (mean of s over X - mean of s over Y) / standard deviation of s over X and Y: the effect size.
p: the share of all partitions of X and Y, sizes kept, whose S is at least as large.

d tells how far apart the groups stand in units of their spread, and nothing of how large an s is:
it saturates at 2 (ddof 0) at any magnitude. Look at each s(w) too.

Source: Caliskan, Bryson and Narayanan 2017, Semantics derived automatically from language corpora
contain human-like biases, Science 356, 183-186; its supplement for the word lists and for WEFAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lab.bias import exact

DDOF = (0, 1)
CLEAR = 0.2  # an effect size nearer to zero has no sign to speak of
_SAME = 1e-12  # a standard deviation of cosines below this is rounding


@dataclass(frozen=True)
class WeatResult:
    """What WEAT finds, with the conventions that it was computed by.

    Attributes:
        statistic: S, without unit.
        effect_size: d, in standard deviations of s; NaN where all s are equal.
        p_value: None where only the bracket is known.
        p_low, p_high: the p-value certainly lies between them; equal where it is exact.
        method: how it was counted; see `lab.bias.exact.PValue`.
        associations: s of every target, (n + m), those of X first.
        sizes: n and m.
        partitions: how many of these sizes there are.
        ddof: of the standard deviation.
        alternative, ties: of the test; see `lab.bias.exact.p_value`.
    """

    statistic: float
    effect_size: float
    p_value: float | None
    p_low: float
    p_high: float
    method: str
    associations: np.ndarray
    sizes: tuple[int, int]
    partitions: int
    ddof: int
    alternative: str
    ties: str

    @property
    def first(self) -> np.ndarray:
        """The s of the words of X, (n)."""
        return self.associations[: self.sizes[0]]

    @property
    def second(self) -> np.ndarray:
        """The s of the words of Y, (m)."""
        return self.associations[self.sizes[0] :]


def weat(
    X: ArrayLike,
    Y: ArrayLike,
    A: ArrayLike,
    B: ArrayLike,
    *,
    ddof: int = 1,
    alternative: str = "greater",
    ties: str = "count",
    method: str = "auto",
    cells: int = exact.CELLS,
) -> WeatResult:
    """Test whether X leans to A, and Y to B.

    Sets may have different sizes, one word too (a p-value of two words can only be 1/2 or 1); the
    partitions keep the sizes. Words that are there twice count twice: their equal scores make
    ties. Length of a vector plays no part, so a vector of zeros is refused.

    Args:
        X, Y: vectors of the targets, (n, D) and (m, D).
        A, B: vectors of the attributes, (k, D) and (l, D).
        ddof: 1 divides the squares by n + m - 1, as the published values do; 0 by n + m.
        alternative, ties, method, cells: see `lab.bias.exact.p_value`. Two-sided compares how far
            the difference of means is from zero; for equal sizes that is the size of S.

    Raises:
        ValueError: a set is empty, dimensions differ, a vector is zero or not finite.
    """
    first, second = associations(X, A, B, "X"), associations(Y, A, B, "Y")
    return from_associations(
        first, second, ddof=ddof, alternative=alternative, ties=ties, method=method, cells=cells
    )


def from_associations(
    first: ArrayLike,
    second: ArrayLike,
    *,
    ddof: int = 1,
    alternative: str = "greater",
    ties: str = "count",
    method: str = "auto",
    cells: int = exact.CELLS,
    scale: float | None = 1.0,
) -> WeatResult:
    """Do the same from the scores s of X (n) and Y (m); arguments as those of `weat`.

    `scale` is how large a score can be, 1 for cosines, None for scores of any size; see
    `lab.bias.exact.tolerance`.
    """
    a, b = exact.checked(first, second)
    options = {"alternative": alternative, "ties": ties}
    p = exact.p_value(a, b, **options, method=method, cells=cells, scale=scale)
    return WeatResult(
        statistic=float(a.sum() - b.sum()),
        effect_size=effect_size(a, b, ddof=ddof),
        p_value=p.value,
        p_low=p.low,
        p_high=p.high,
        method=p.method,
        associations=np.concatenate([a, b]),
        sizes=(a.size, b.size),
        partitions=p.partitions,
        ddof=ddof,
        **options,
    )


def effect_size(first: ArrayLike, second: ArrayLike, ddof: int = 1, plus: float = 0.0) -> float:
    """Return the difference of means over the standard deviation of both groups together.

    Args:
        first, second: scores (n) and (m).
        ddof: 0 or 1.
        plus: added to the standard deviation, as Kurita et al. 2019 do with 1e-8.

    Returns:
        d; NaN where all scores are equal, as nothing over nothing, unless `plus` is given: then 0.
    """
    if ddof not in DDOF:
        raise ValueError(f"ddof is 0 or 1, not {ddof!r}.")
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.concatenate([a, b])
    spread = both.std(ddof=ddof)
    if spread <= _SAME * max(1.0, float(np.abs(both).max())):
        return 0.0 if plus else float("nan")
    return float((a.mean() - b.mean()) / (spread + plus))


def associations(W: ArrayLike, A: ArrayLike, B: ArrayLike, name: str = "W") -> np.ndarray:
    """Return s of each word, (n): mean cosine to A minus mean cosine to B, from -2 to 2.

    Args:
        W: vectors (n, D).
        A, B: vectors (k, D) and (l, D).
        name: of W in messages.

    Raises:
        ValueError: as `weat`.
    """
    words, a, b = unit(W, name), unit(A, "A"), unit(B, "B")
    _same_dimensions({name: words, "A": a, "B": b})
    return (words @ a.T).mean(axis=1) - (words @ b.T).mean(axis=1)


def wefat(W: ArrayLike, A: ArrayLike, B: ArrayLike, *, ddof: int = 1) -> np.ndarray:
    """Return each word's own effect size, (n): the statistic of WEFAT.

    s(w, A, B) = (mean cos(w, A) - mean cos(w, B)) / standard deviation of cos(w, x) over A and B.
    It speaks of one word, where WEAT's d speaks of two groups of words. NaN where a word is
    equally near to all attributes.

    Args:
        W: vectors (n, D).
        A, B: vectors (k, D) and (l, D).
        ddof: of the standard deviation.

    Raises:
        ValueError: as `weat`.
    """
    words, a, b = unit(W, "W"), unit(A, "A"), unit(B, "B")
    _same_dimensions({"W": words, "A": a, "B": b})
    return np.array([effect_size(a @ word, b @ word, ddof=ddof) for word in words])


@dataclass(frozen=True)
class Without:
    """WEAT without one word.

    Attributes:
        group: "X", "Y", "A" or "B", where the word was.
        place: its number in that set, from 0.
        result: of the test without it.
    """

    group: str
    place: int
    result: WeatResult


def leave_one_out(
    X: ArrayLike, Y: ArrayLike, A: ArrayLike, B: ArrayLike, **options: Any
) -> list[Without]:
    """Repeat the test without each word in turn, targets first; sets of one word are kept whole.

    Args:
        X, Y, A, B: as in `weat`.
        **options: of `weat`. Above 44 targets a coarser grid, such as `cells=1 << 14` with
            `method="bracket"`, answers in a few milliseconds for each word.
    """
    sets = {"X": unit(X, "X"), "Y": unit(Y, "Y"), "A": unit(A, "A"), "B": unit(B, "B")}
    found = []
    for group, vectors in sets.items():
        for place in range(len(vectors) if len(vectors) > 1 else 0):
            less = sets | {group: np.delete(vectors, place, axis=0)}
            found.append(Without(group, place, weat(**less, **options)))
    return found


def unit(vectors: ArrayLike, name: str) -> np.ndarray:
    """Return vectors (n, D) at length one in float64.

    Raises:
        ValueError: there are none, their shape is another, or one is zero or not finite.
    """
    try:
        found = np.asarray(vectors, dtype=np.float64)
    except (ValueError, TypeError):
        raise ValueError(f"The vectors of {name} do not all have the same length.") from None
    if found.size == 0:
        raise ValueError(f"The set {name} is empty: it needs a word or more.")
    if found.ndim != 2:
        raise ValueError(f"The set {name} needs the shape (words, dimensions), not {found.shape}.")
    bad = ~np.isfinite(found).all(axis=1)
    if bad.any():
        raise ValueError(f"Vector {bad.argmax() + 1} of {name} has numbers that are not finite.")
    largest = np.abs(found).max(axis=1, keepdims=True)
    if not largest.all():
        place = int((largest[:, 0] == 0).argmax()) + 1
        raise ValueError(f"Vector {place} of {name} is all zeros, which point nowhere: leave it.")
    found = found / largest  # so that squares neither overflow nor vanish
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _same_dimensions(sets: dict[str, np.ndarray]) -> None:
    sizes = {name: vectors.shape[1] for name, vectors in sets.items()}
    if len(set(sizes.values())) > 1:
        said = ", ".join(f"{size} in {name}" for name, size in sizes.items())
        raise ValueError(f"All vectors need the same number of dimensions, not {said}.")
