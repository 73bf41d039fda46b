"""Scores of an Implicit Association Test: how much slower one way of sharing keys is.

In one block of trials flowers share a key with pleasant words ("compatible" with what most people
associate), in the other insects do ("incompatible"). Who is slower in the second block is said to
associate flowers with pleasant more strongly than insects.

score = (mean time incompatible - mean time compatible) / standard deviation of the times

It is the quotient that WEAT takes over, with cosines in the place of times: `lab.bias.weat`.

Times are those until the *right* key is down: who errs has to correct it, and the time runs on.
So errors cost something without a penalty being added.

Sources: Greenwald, McGhee and Schwartz 1998, Measuring individual differences in implicit
cognition, Journal of Personality and Social Psychology 74, 1464-1480; Greenwald, Nosek and Banaji
2003, Understanding and using the Implicit Association Test: I. An improved scoring algorithm, the
same journal 85, 197-216.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

SLOWEST = 10_000  # milliseconds; later ones are no quick answers
FASTEST = 300  # milliseconds; before that nobody has read the word
TOO_MANY = 0.1  # share of trials under FASTEST above which the keys were pressed blindly
_SAME = 1e-9  # milliseconds; a standard deviation below this is rounding


@dataclass(frozen=True)
class Score:
    """A score with what it is made of.

    Attributes:
        value: the difference of the means in standard deviations; positive: slower in the
            incompatible block. With as many trials in each block it lies between -2 and 2.
        compatible, incompatible: mean times, in milliseconds.
        sd: standard deviation of the times of both blocks together, in milliseconds.
        error: standard error of the difference of the means, in milliseconds: about how much it
            would move if the same person did it again, their habits and their practice the same.
        trials: how many counted, compatible and incompatible.
        dropped: how many did not, because they took too long.
        ddof: of the standard deviation.
    """

    value: float
    compatible: float
    incompatible: float
    sd: float
    error: float
    trials: tuple[int, int]
    dropped: int
    ddof: int

    @property
    def difference(self) -> float:
        """How much slower the incompatible block was, in milliseconds."""
        return self.incompatible - self.compatible


def course_score(compatible: ArrayLike, incompatible: ArrayLike, *, ddof: int = 1) -> Score:
    """Return the score as the course writes it: all trials, nothing dropped.

    The course does not say over which trials the standard deviation goes; here it is over those of
    both blocks together ("inclusive"), as in `improved_d`.

    Args:
        compatible, incompatible: times until the right key, in milliseconds; (n) and (m), at least
            two each.
        ddof: 1 divides the squares by n + m - 1, 0 by n + m.

    Raises:
        ValueError: too few times, one that is not a positive number, or all of them equal.
    """
    return _score(_times(compatible, "compatible"), _times(incompatible, "incompatible"), ddof, 0)


def improved_d(compatible: ArrayLike, incompatible: ArrayLike, *, ddof: int = 1) -> Score:
    """Return D of Greenwald, Nosek and Banaji 2003, for one pair of blocks.

    - Trials over 10,000 ms are dropped.
    - Who is faster than 300 ms in more than 10 % of the trials that are left is not scored.
    - Errors: the time until the right key counts, as it is (the paper's variant for tests in which
      an error has to be corrected; without correction it adds a penalty to the block's mean).
    - The standard deviation is over the trials of both blocks together, right and wrong ones
      ("inclusive"), not pooled within blocks: it holds the difference of the blocks too.

    The paper takes the mean of two such quotients, of a practice pair and of a test pair.

    Args:
        compatible, incompatible, ddof: as for `course_score`.

    Raises:
        ValueError: as `course_score`; also where too many times are too short to be answers.
    """
    first, second = _times(compatible, "compatible"), _times(incompatible, "incompatible")
    kept = [times[times <= SLOWEST] for times in (first, second)]
    dropped = first.size + second.size - sum(times.size for times in kept)
    if min(times.size for times in kept) < 2:
        raise ValueError(
            f"Of one block fewer than two trials took at most {SLOWEST:,} ms: no score. "
            "Do it once more, without a break inside a block."
        )
    fast = int((np.concatenate(kept) < FASTEST).sum())
    if fast > TOO_MANY * sum(times.size for times in kept):
        raise ValueError(
            f"{fast} of {sum(times.size for times in kept)} answers took less than {FASTEST} ms, "
            f"more than {TOO_MANY:.0%}: such keys are pressed before the word is read, so the "
            "improved score is not given. Do it once more, a little slower."
        )
    return _score(*kept, ddof, dropped)


def _times(values: ArrayLike, block: str) -> np.ndarray:
    times = np.asarray(values, dtype=np.float64)
    if times.ndim != 1 or times.size < 2:
        raise ValueError(f"The {block} block needs a list of at least two times.")
    if not (np.isfinite(times).all() and (times > 0).all()):
        raise ValueError(f"A time of the {block} block is not a positive number of milliseconds.")
    return times


def _score(compatible: np.ndarray, incompatible: np.ndarray, ddof: int, dropped: int) -> Score:
    if ddof not in (0, 1):
        raise ValueError(f"ddof is 0 or 1, not {ddof!r}.")
    sd = float(np.concatenate([compatible, incompatible]).std(ddof=ddof))
    if sd < _SAME:
        raise ValueError("All times are equal: there is no spread to divide by.")
    means = float(compatible.mean()), float(incompatible.mean())
    squares = sum(times.var(ddof=1) / times.size for times in (compatible, incompatible))
    return Score(
        value=(means[1] - means[0]) / sd,
        compatible=means[0],
        incompatible=means[1],
        sd=sd,
        error=float(np.sqrt(squares)),
        trials=(compatible.size, incompatible.size),
        dropped=dropped,
        ddof=ddof,
    )
