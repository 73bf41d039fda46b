"""The same association scores under the conventions of several sources.

All begin from s(w), and differ in how they divide and in how they come to a p-value. Each is
written here from its description or from how the program behaves, so that a lesson can switch
between them and show which verdict comes from the words, and which from the convention.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial, isnan, nan

import numpy as np
from numpy.typing import ArrayLike

from lab.bias import exact
from lab.bias.weat import effect_size

MOST_DRAWS = 1_000_000
_CHUNK = 1 << 20  # numbers drawn at a time


@dataclass(frozen=True)
class Convention:
    """How a source turns scores into an effect size and a p-value.

    Attributes:
        key: short name.
        label: as it is shown.
        ddof: of the standard deviation in d.
        plus: added to that standard deviation.
        alternative: of its p-value, by default.
        p: how the p-value is found: "exact", "with replacement", "sent-bias", "shuffles".
        ties: whether equal partitions "count".
        draws: by default, where it draws.
        equal_sizes: whether it refuses sets of different sizes.
        reports: what it returns first, "d" or "S".
        note: a sentence about it.
        source: paper or program.
    """

    key: str
    label: str
    ddof: int
    alternative: str
    p: str
    ties: str
    note: str
    source: str
    plus: float = 0.0
    draws: int = 0
    equal_sizes: bool = False
    reports: str = "d"


LAB = Convention(
    "lab",
    "This lab",
    1,
    "greater",
    "exact",
    "count",
    "d as published; p counts all partitions, the observed one and ties among them: it is never 0.",
    "Caliskan et al. 2017, ties counted",
)
CALISKAN = Convention(
    "caliskan",
    "Caliskan et al. 2017",
    1,
    "greater",
    "exact",
    "strict",
    "Partitions must be larger than the observed one: for the largest of all, p is 0.",
    "Caliskan, Bryson and Narayanan 2017, Science 356, 183-186",
)
WEFE = Convention(
    "wefe",
    "WEFE 1.0.1",
    0,
    "greater",
    "with replacement",
    "strict",
    "Draws words with replacement, so a word can be there twice and another not at all: no "
    "permutation test. Its two-sided p compares with the signed score.",
    "wefe 1.0.1, metrics/WEAT.py",
    draws=10_000,
    reports="S",
)
RESPONSIBLY = Convention(
    "responsibly",
    "responsibly",
    0,
    "greater",
    "exact",
    "count",
    "Divides by the number of words; scores within a relative 1e-5 count as ties.",
    "responsibly, we/weat.py, through mlxtend's permutation_test",
    equal_sizes=True,
)
SENT_BIAS = Convention(
    "sent-bias",
    "sent-bias",
    1,
    "greater",
    "sent-bias",
    "count",
    "Exact up to 100,000 partitions, and else 99,999 shuffles and the observed one.",
    "May et al. 2019, sentbias/weat.py; bias-bench does the same",
    draws=100_000,
    equal_sizes=True,
)
KURITA = Convention(
    "kurita",
    "Kurita et al. 2019",
    1,
    "two-sided",
    "shuffles",
    "strict",
    "Two-sided, 100,000 shuffles, none of them the observed one: p can be 0.",
    "Kurita et al. 2019, weat_result_replication notebook",
    plus=1e-8,
    draws=100_000,
    equal_sizes=True,
)
CONVENTIONS = (LAB, CALISKAN, WEFE, RESPONSIBLY, SENT_BIAS, KURITA)


@dataclass(frozen=True)
class Verdict:
    """What a convention says.

    Attributes:
        convention: its key.
        statistic: S.
        effect_size: d.
        p_low, p_high: equal but for a bracket; NaN where the convention has none for such sets.
        method: "enumeration", "meet in the middle", "bracket", or "N draws".
        alternative: of the p-value.
        note: why there is no p-value, or "".
    """

    convention: str
    statistic: float
    effect_size: float
    p_low: float
    p_high: float
    method: str
    alternative: str
    note: str = ""


def judge(
    convention: Convention,
    first: ArrayLike,
    second: ArrayLike,
    *,
    alternative: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    scale: float | None = 1.0,
) -> Verdict:
    """Return effect size and p-value of two groups of scores under a convention.

    Args:
        convention: one of `CONVENTIONS`.
        first, second: scores s of X (n) and Y (m).
        alternative: None for the convention's own.
        draws: of a sampled p-value, up to a million; None for the convention's own.
        seed: of the draws.
        scale: see `lab.bias.exact.tolerance`.

    Raises:
        ValueError: as `lab.bias.exact.p_value`, or for too many draws.
    """
    a, b = exact.checked(first, second)
    which = alternative or convention.alternative
    exact.known("alternative", which, exact.ALTERNATIVES)
    count = convention.draws if draws is None else draws
    if convention.draws and not 1 <= count <= MOST_DRAWS:
        raise ValueError(f"There can be 1 to {MOST_DRAWS:,} draws, not {count:,}.")
    rng = np.random.default_rng(seed)
    note = ""
    if convention.equal_sizes and a.size != b.size:
        low, high, method = nan, nan, "none"
        note = f"{convention.label} asks for two sets of the same size, not {a.size} and {b.size}."
    elif convention.p == "with replacement":
        low = high = _with_replacement(a, b, which, count, rng)
        method = f"{count:,} draws"
    elif convention.p == "shuffles" or (
        convention.p == "sent-bias" and comb(a.size + b.size, a.size) > count
    ):
        low = high = _shuffled(convention, a, b, which, count, rng)
        method = f"{count:,} draws"
    else:
        slack = _isclose(a, b) if convention is RESPONSIBLY else None
        found = exact.p_value(
            a, b, alternative=which, ties=convention.ties, scale=scale, slack=slack
        )
        low, high, method = found.low, found.high, found.method
    return Verdict(
        convention.key,
        float(a.sum() - b.sum()),
        effect_size(a, b, convention.ddof, convention.plus),
        low,
        high,
        method,
        which,
        note,
    )


def significant(verdict: Verdict, level: float = 0.05) -> bool | None:
    """Return whether p is below a level; None where that cannot be told."""
    if isnan(verdict.p_low) or verdict.p_low < level <= verdict.p_high:
        return None
    return verdict.p_high < level


def _isclose(a: np.ndarray, b: np.ndarray) -> float:
    # numpy.isclose on S, which is twice the sum of the first group but for a constant.
    return float(1e-8 + 1e-5 * abs(a.sum() - b.sum())) / 2


def _with_replacement(
    a: np.ndarray, b: np.ndarray, alternative: str, draws: int, rng: np.random.Generator
) -> float:
    """Draw as WEFE does: distinct rows of words with replacement, and compare their S."""
    scores, observed = np.concatenate([a, b]), a.sum() - b.sum()
    runs = draws if scores.size > 20 else min(draws, factorial(scores.size))
    signs = np.repeat([1.0, -1.0], [a.size, b.size])
    rows = np.empty((0, scores.size), dtype=np.int16)
    while len(rows) < runs:
        more = rng.integers(0, scores.size, (runs - len(rows), scores.size), dtype=np.int16)
        rows = np.unique(np.concatenate([rows, more]), axis=0)
    drawn = scores[rows] @ signs
    if alternative == "two-sided":
        passed = np.abs(drawn) > observed  # not of |observed|: a negative one is always passed
    else:
        passed = drawn > observed if alternative == "greater" else drawn < observed
    return float((np.count_nonzero(passed) + 1) / (runs + 1))


def _shuffled(
    convention: Convention,
    a: np.ndarray,
    b: np.ndarray,
    alternative: str,
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Draw as sent-bias (the observed partition is one of them) and as Kurita et al. do."""
    scores = np.concatenate([a, b])
    values = scores - scores.mean()
    observed = values[: a.size].sum()
    tie = exact.tolerance(scores, None) * (-1 if convention.ties == "count" else 1)
    own = int(convention.p == "sent-bias")
    count, left = own, draws - own
    while left:
        rows = min(left, max(1, _CHUNK // scores.size))
        drawn = rng.permuted(np.tile(values, (rows, 1)), axis=1)[:, : a.size].sum(axis=1)
        if alternative == "two-sided":
            drawn, threshold = np.abs(drawn), abs(observed)
        else:
            sign = 1 if alternative == "greater" else -1
            drawn, threshold = sign * drawn, sign * observed
        count += int(np.count_nonzero(drawn >= threshold + tie))
        left -= rows
    return count / draws
