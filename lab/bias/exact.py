"""Exact p-values of a permutation test on two groups of scores, without drawing at random.

The null hypothesis of WEAT: which score belongs to which group is arbitrary. Its p-value counts,
over all partitions that keep the two sizes, those whose difference of means is at least as large
as the observed one. As the total of all scores is fixed, only the sum T of the first group matters.

Three ways to count, by size:

- *enumeration*: all subset sums are written down;
- *meet in the middle* (Horowitz and Sahni 1974): the scores are split into two halves, the subset
  sums of each half are sorted, and pairs are counted by binary search. Sums from which no
  completion can reach the threshold are dropped on the way, so that small p-values reach further;
- *bracket*: scores are rounded to a grid, and the number of subsets with each rounded sum is
  counted by dynamic programming (Pagano and Tritchler 1983). How far rounding can move a sum is
  known, which gives a lower and an upper bound that are certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

ALTERNATIVES = ("greater", "less", "two-sided")
TIES = ("count", "strict")
ENUMERATED = 20  # scores up to which all subset sums are written down
HALF_SUMS = 1 << 22  # subset sums of one half that are kept: 44 scores always fit
CELLS = 1 << 18  # of the grid of the bracket
MOST = 1000  # scores; more would overflow the counts of the bracket
_EPSILON = np.finfo(np.float64).eps


class PValue(NamedTuple):
    """A p-value, or two numbers between which it certainly lies.

    Attributes:
        low, high: equal where the count is exact.
        method: "enumeration", "meet in the middle" or "bracket".
        partitions: how many there are in all.
    """

    low: float
    high: float
    method: str
    partitions: int

    @property
    def value(self) -> float | None:
        """The p-value, None where only a bracket is known."""
        return self.low if self.low == self.high else None


def tolerance(scores: ArrayLike, scale: float | None = None) -> float:
    """Return the difference of two sums below which they count as equal.

    Args:
        scores: all of them.
        scale: how large a score can be, 1 for cosines; None for the largest here. Rounding errors
            grow with it and with the number of scores.
    """
    values = np.asarray(scores, dtype=np.float64)
    largest = float(np.abs(values).max(initial=0.0)) if scale is None else scale
    return 1e-12 * values.size * largest


def p_value(
    first: ArrayLike,
    second: ArrayLike,
    *,
    alternative: str = "greater",
    ties: str = "count",
    scale: float | None = None,
    slack: float | None = None,
    method: str = "auto",
    cells: int = CELLS,
) -> PValue:
    """Compare the difference of means of two groups with that of all partitions of their sizes.

    Args:
        first, second: scores, (n) and (m).
        alternative: "greater" counts differences at least as large as the observed one, "less" at
            least as small, "two-sided" at least as far from zero.
        ties: whether partitions with an equal difference "count"; "strict" leaves them out, the
            observed one too, so that the p-value can be zero.
        scale: see `tolerance`.
        slack: by how much two sums of the first group may differ and be equal; None for what
            rounding can do.
        method: "auto" takes the first of "enumeration", "meet in the middle" and "bracket" that
            fits the size; or one of them.
        cells: of the bracket's grid; more is narrower and slower.

    Raises:
        ValueError: a group is empty, a score is not finite, or the method does not fit.
    """
    a, b = checked(first, second)
    known("alternative", alternative, ALTERNATIVES)
    known("ties", ties, TIES)
    scores = np.concatenate([a, b])
    slack = tolerance(scores, scale) if slack is None else slack
    slack = -slack if ties == "count" else slack
    values = scores - scores.mean()  # partitions keep the size, so a shift changes no comparison
    observed = float(values[: a.size].sum())
    # Each tail is "sum of some scores >= threshold"; the lower tail looks at the scores negated.
    if alternative == "two-sided":
        far = abs(observed) + slack
        tails = [(values, far), (-values, far)]
    else:
        sign = 1 if alternative == "greater" else -1
        tails = [(sign * values, sign * observed + slack)]
    total = comb(values.size, a.size)
    if alternative == "two-sided" and abs(observed) + slack <= 0:
        return PValue(1.0, 1.0, "enumeration", total)  # the two tails meet: everything counts
    low, high, how = _count_tails(tails, a.size, method, cells)
    return PValue(float(min(low / total, 1.0)), float(min(high / total, 1.0)), how, total)


def _count_tails(
    tails: Sequence[tuple[np.ndarray, float]], size: int, method: str, cells: int
) -> tuple[float, float, str]:
    methods = ("enumeration", "meet in the middle", "bracket")
    count = len(tails[0][0])
    if method != "auto":
        known("method", method, methods)
        methods = (method,)
    for how in methods:
        if how == "bracket":
            found = [bracket(values, size, t, cells) for values, t in tails]
            return sum(low for low, _ in found), sum(high for _, high in found), how
        if how == "enumeration" and count > ENUMERATED + 6 * (method == how):
            continue
        counter = _enumerated if how == "enumeration" else _met_in_the_middle
        found = [counter(values, size, t) for values, t in tails]
        if None not in found:
            return sum(found), sum(found), how
    raise ValueError(f"{count} scores are too many for {method}: choose the bracket.")


def subset_sums(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums and sizes of all subsets, (2^N) each."""
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int16)
    for value in values:
        sums = np.concatenate([sums, sums + value])
        sizes = np.concatenate([sizes, sizes + 1])
    return sums, sizes


def _enumerated(values: np.ndarray, size: int, threshold: float) -> int:
    sums, sizes = subset_sums(values)
    return int(np.count_nonzero(sums[sizes == size] >= threshold))


def _met_in_the_middle(values: np.ndarray, size: int, threshold: float) -> int | None:
    """Count subsets of a size whose sum reaches a threshold; None when there is too much to keep.

    The smaller tail is counted, as there is more to drop on the way to it.
    """
    if threshold < 0:
        # Sums are symmetric around zero only for equal sizes, but the mean is zero for all.
        below = _met_in_the_middle(-values, size, float(np.nextafter(-threshold, np.inf)))
        return None if below is None else comb(len(values), size) - below
    # Every other score of the sorted ones: both halves then have large and small ones.
    ordered = np.sort(values)
    left, right = ordered[::2], ordered[1::2]
    lefts = _half(left, right, size, threshold)
    rights = _half(right, left, size, threshold) if lefts is not None else None
    if lefts is None or rights is None:
        return None
    count = 0
    for taken, sums in lefts.items():
        others = rights.get(size - taken)
        if others is not None:
            places = np.searchsorted(others, threshold - sums)
            count += others.size * sums.size - int(places.sum())
    return count


def _half(
    own: np.ndarray, others: np.ndarray, size: int, threshold: float
) -> dict[int, np.ndarray] | None:
    """Return the sorted subset sums of one half by subset size, without hopeless ones."""
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int16)
    order = np.argsort(-np.abs(own), kind="stable")  # the largest decide most: they go first
    for done, place in enumerate(order, 1):
        sums = np.concatenate([sums, sums + own[place]])
        sizes = np.concatenate([sizes, sizes + 1])
        best = _best_completions(np.concatenate([own[order[done:]], others]), size)
        hopeful = sums + best[np.minimum(sizes, size + 1)] >= threshold - 1e-9 * (1 + threshold)
        if not hopeful.all():
            sums, sizes = sums[hopeful], sizes[hopeful]
        if sums.size > HALF_SUMS:
            return None
    return {int(k): np.sort(sums[sizes == k]) for k in np.unique(sizes)}


def _best_completions(rest: np.ndarray, size: int) -> np.ndarray:
    """Return the largest sum that the rest can add to k scores to make `size`, (size + 2)."""
    tops = np.concatenate([[0.0], np.cumsum(-np.sort(-rest))])
    found = np.full(size + 2, -np.inf)
    for taken in range(size + 1):
        if size - taken < tops.size:
            found[taken] = tops[size - taken]
    return found


def bracket(
    values: np.ndarray, size: int, threshold: float, cells: int = CELLS
) -> tuple[float, float]:
    """Return two numbers between which lies the count of subsets whose sum reaches a threshold.

    Counts are float64 sums of non-negative numbers: their relative error is at most N units of
    rounding for each step, and the bracket is widened by more than that.

    Args:
        values: N scores.
        size: of the subsets.
        threshold: for their sum.
        cells: of the grid.
    """
    step, base, errors, counts = rounded_sums(values, size, cells)
    errors = np.sort(errors)
    least, most = errors[:size].sum(), errors[errors.size - size :].sum()
    # sum = base + step * cell + error, the error being between the two.
    guard = 1e-12 * (abs(base) + abs(threshold) + step * counts.size)
    surely = np.ceil((threshold - base - least + guard) / step)
    perhaps = np.ceil((threshold - base - most - guard) / step)
    widen = 8 * len(values) * _EPSILON
    low = float(counts[int(np.clip(surely, 0, counts.size)) :].sum())
    high = float(counts[int(np.clip(perhaps, 0, counts.size)) :].sum())
    total = comb(len(values), size)
    return max(low * (1 - widen), 0.0), min(high * (1 + widen), float(total))


def rounded_sums(
    values: np.ndarray, size: int, cells: int = CELLS
) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Count the subsets of a size by their sum on a grid.

    Returns:
        Width of a cell; sum of the first cell; each score's error of rounding (N); counts (M).
    """
    lowest = float(values.min())
    room = float(np.sort(values - lowest)[-size:].sum())
    step = room / (cells - len(values) - 1) if room > 0 else 1.0
    whole = np.rint((values - lowest) / step).astype(np.int64)
    errors = (values - lowest) - step * whole
    whole = np.sort(whole)[::-1]  # the reachable part of each row then grows the slowest
    counts = np.zeros((size + 1, int(whole[:size].sum()) + 1))
    counts[0, 0] = 1.0
    reach = np.concatenate([[0], np.cumsum(whole)])  # largest cell of k scores
    for done, shift in enumerate(whole):
        most = min(done, size - 1)
        fewest = max(0, size - (len(whole) - done))  # fewer could not be completed any more
        for taken in range(most, fewest - 1, -1):
            end = int(reach[taken]) + 1
            counts[taken + 1, shift : shift + end] += counts[taken, :end]
    return step, size * lowest, errors, counts[size]


def checked(first: ArrayLike, second: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return two groups of scores in float64.

    Raises:
        ValueError: a group is empty, a score is not finite, or there are too many.
    """
    groups = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if any(group.ndim != 1 or not group.size for group in groups):
        raise ValueError("Each of the two groups needs a row of one score or more.")
    if not all(np.isfinite(group).all() for group in groups):
        raise ValueError("A score is not finite: leave its word out.")
    count = groups[0].size + groups[1].size
    if count > MOST:
        raise ValueError(f"There are {count} scores: at most {MOST} can be compared.")
    return groups


def known(what: str, given: str, allowed: Sequence[str]) -> None:
    """Raise a ValueError that names what is allowed, where something else is given."""
    if given not in allowed:
        raise ValueError(f"There is no {what} {given!r}: choose {', '.join(allowed)}.")
