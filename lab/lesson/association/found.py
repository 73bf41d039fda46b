"""What a test found, and what its numbers say in words."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lab.bias import cosines as from_cosines
from lab.bias.conventions import CONVENTIONS, Convention
from lab.bias.cosines import Cosines
from lab.bias.stimuli import Stimuli
from lab.bias.weat import CLEAR
from lab.lesson.association.vectors import Origin
from lab.lesson.lineup import plain

LEVEL = 0.05
FIRST, SECOND, NEITHER = "x", "y", "none"
_LITTLE = 0.02  # a difference of mean cosines below this is small beside their range

Verdict = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """The outcome of a test.

    Args:
        test: the lists as they were chosen.
        cosines: without missing words, and without those that were left out.
        whole: the same before words were left out.
        verdicts: of `lab.bias.asked.verdicts`.
        origin: of the vectors.
        gone: words that were left out.
    """

    test: Stimuli
    cosines: Cosines
    whole: Cosines
    verdicts: Sequence[Verdict]
    origin: Origin
    gone: Sequence[str] = ()

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A row for each target; see `lab.bias.cosines.rows`."""
        return from_cosines.rows(self.cosines)

    @property
    def names(self) -> dict[str, str]:
        """The lists' names by role."""
        return {role: one.name for role, one in self.test.sets.items()}

    @property
    def lab(self) -> Verdict:
        """What the lab's own convention says."""
        return self.verdicts[0]

    def by(self, convention: str) -> Verdict:
        """Return what a convention says, the lab's where it is not known."""
        return next((v for v in self.verdicts if v["convention"] == convention), self.lab)

    @property
    def digest(self) -> str:
        """A short name of the words of the test."""
        words = repr([(role, one.words) for role, one in self.test.sets.items()])
        return hashlib.sha256(words.encode()).hexdigest()[:10]


def convention(key: str) -> Convention:
    """Return a convention by its key."""
    return next(one for one in CONVENTIONS if one.key == key)


def direction(verdict: Verdict) -> str:
    """Return which group stands nearer to A by more than chance: `FIRST`, `SECOND`, `NEITHER`.

    Args:
        verdict: the lab's, with "opposite".
    """
    if verdict["p_high"] is not None and verdict["p_high"] < LEVEL:
        return FIRST
    return SECOND if verdict["opposite"][1] < LEVEL else NEITHER


def options(test: Stimuli) -> dict[str, str]:
    """Return what can be guessed, by code."""
    return {
        FIRST: f"{test.X.name}, more than chance",
        SECOND: f"{test.Y.name}, more than chance",
        NEITHER: "neither: chance could do it",
    }


def outcome(found: Found, guess: str) -> tuple[bool, str]:
    """Return whether the guess was right, and a sentence about what came out.

    Args:
        found: the outcome.
        guess: one of the codes, or anything else for none.
    """
    names, came = found.names, direction(found.lab)
    pairs = {FIRST: ("X", "Y"), SECOND: ("Y", "X")}
    if came in pairs:
        nearer, other = (plain(names[role]) for role in pairs[came])
        p = found.lab["p_high"] if came == FIRST else found.lab["opposite"][1]
        text = (
            f"**{nearer}** lean to “{plain(names['A'])}” more than {other} do, and by more than "
            f"chance (p {number(p)}, below .05)."
        )
    else:
        text = (
            "**Neither**: dealing the words at random puts the groups at least as far apart in a "
            f"share of {p_text(found.lab)} (not below .05)."
        )
    text += " In these vectors, with these words."
    known = options(found.test)
    if guess not in known:
        return False, text
    if guess == came:
        return True, f"You guessed it. {text}"
    return False, f"You guessed “{plain(known[guess])}”. {text}"


def number(value: float) -> str:
    """Return a p-value as text, with two digits that count."""
    if value == 0:
        return "0"
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def p_text(verdict: Verdict) -> str:
    """Return the p-value of a verdict as text; a bracket has two ends."""
    low, high = verdict["p_low"], verdict["p_high"]
    if low is None:
        return "none"
    if number(low) == number(high):
        return number(low)
    return f"{_to_two_digits(low, math.floor)}–{_to_two_digits(high, math.ceil)}"


def _to_two_digits(value: float, towards: Callable[[float], int]) -> str:
    # Outwards, so that the text still holds the p-value for certain.
    if value <= 0:
        return "0"
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return f"{towards(value / unit) * unit:.2g}"


def most(sizes: tuple[int, int], ddof: int) -> float:
    """Return the largest d that two groups of these sizes can have: all spread between them."""
    count = sum(sizes)
    return math.sqrt(count * (count - ddof) / (sizes[0] * sizes[1]))


def about_s(found: Found) -> str:
    """Say what S is worth, in cosines."""
    first, second = found.cosines.scores()
    gap = float(first.mean() - second.mean())
    names = {role: plain(name) for role, name in found.names.items()}
    near, far = (names["X"], names["Y"]) if gap >= 0 else (names["Y"], names["X"])
    text = (
        f"**S** adds s(w) over {names['X']} and takes off that over {names['Y']}. A word of {near} "
        f"leans to {names['A']} by **{abs(gap):.3f}** more than one of {far}, on average, in "
        "cosines (which go from −1 to 1)"
    )
    if abs(gap) < _LITTLE:
        text += ": that is little"
    if first.size != second.size:
        text += f". The groups have {first.size} and {second.size} words: S mixes that in"
    return text + "."


def about_d(found: Found, verdict: Verdict) -> str:
    """Say what d is worth, beside the most that it can be."""
    d, ddof = verdict["effect_size"], convention(verdict["convention"]).ddof
    if d is None:
        return "**d** is not defined: all words have the same s, so there is no spread to divide by"
    first, second = found.cosines.scores()
    top = most((first.size, second.size), ddof)
    text = (
        f"**d** divides the difference of means by the standard deviation of s (ddof {ddof}): the "
        f"groups are **{abs(d):.2f}** of them apart. With so many words d cannot exceed {top:.2f}"
    )
    if abs(d) > 0.9 * top:
        text += (
            ". It is near its top: d has saturated, and would hardly tell a small difference "
            "from a large one"
        )
    elif abs(d) < CLEAR:
        text += ". The groups lie over each other"
    if d < 0:
        text += f". The sign is negative: it is {plain(found.names['Y'])} that lean further"
    return text + "."


def about_p(found: Found, verdict: Verdict) -> str:
    """Say what p counts, and how."""
    given = convention(verdict["convention"])
    if verdict["p_low"] is None:
        return f"**p**: none. {verdict['note']}"
    sizes = tuple(part.size for part in found.cosines.scores())
    splits = found.lab["partitions"]
    method = verdict["method"]
    if method.endswith("draws"):
        far = "further" if given.ties == "strict" else "at least as far"
        what = f"Of {method}, the share **{p_text(verdict)}** went {far}"
        if verdict["p_low"] == 0:
            what = f"Not one of {method} went further: the true p is small, but not 0"
    else:
        large = "a larger S" if given.ties == "strict" else "an S as large or larger"
        how = {
            "bracket": "certainly between these two numbers",
            "enumeration": "all were counted",
            "meet in the middle": "counted exactly, without writing all down",
        }[method]
        what = (
            f"Of {splits:,} ways to deal the words into {sizes[0]} and {sizes[1]}, the share "
            f"**{p_text(verdict)}** has {large} ({how})"
        )
    side = " in either direction" if given.alternative == "two-sided" else ""
    text = f"**p**: {what}{side}."
    if verdict["p_low"] > 1 - LEVEL and found.lab["opposite"][1] < LEVEL:
        low = number(found.lab["opposite"][1])
        return text + f" The groups lean the other way: asked in that direction, p is {low}."
    if verdict["below"] is None:
        return text + " The bracket holds .05: which side it is on cannot be said."
    if verdict["below"]:
        return text + " That is rare, if it did not matter which list a word is in: below .05."
    if 1 / splits >= LEVEL:
        return text + (
            f" With so few words there are {splits} ways, so p can never fall below "
            f"{number(1 / splits)}: this test cannot tell."
        )
    return text + " So chance alone could well do it: not below .05."


def meaning(found: Found, verdict: Verdict) -> list[str]:
    """Return three sentences: what S, d and p say, and what they do not."""
    return [about_s(found), about_d(found, verdict), about_p(found, verdict)]
