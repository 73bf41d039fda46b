"""What a test of word vectors gave, and what its numbers say in words."""

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
from lab.lesson.association import TEXT
from lab.lesson.association.vectors import WordVectors
from lab.lesson.kit.text import plain

LEVEL = 0.05
FIRST, SECOND, NEITHER = "x", "y", "none"
_LITTLE = 0.02  # a difference of mean cosines below this is small beside their range

Verdict = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """The outcome of a test.

    Args:
        test: the lists as they were chosen.
        cosines: without missing words, and without those that were left out.
        whole: the same before words were left out.
        verdicts: of `lab.bias.asked.verdicts`.
        vectors: that were tested.
        gone: words that were left out.
        chance: of `lab.bias.asked.chance`.
    """

    test: Stimuli
    cosines: Cosines
    whole: Cosines
    verdicts: Sequence[Verdict]
    vectors: WordVectors
    gone: Sequence[str] = ()
    chance: Mapping[str, Any] | None = None

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
        NEITHER: "neither: a random split often gives as much",
    }


def outcome(result: Result) -> tuple[str, str]:
    """Return the code of what came out, and a sentence about it."""
    names, came = result.names, direction(result.lab)
    pairs = {FIRST: ("X", "Y"), SECOND: ("Y", "X")}
    if came not in pairs:
        return came, TEXT("came-neither", p=p_text(result.lab))
    nearer, other = (plain(names[role]) for role in pairs[came])
    p = result.lab["p_high"] if came == FIRST else result.lab["opposite"][1]
    leans = {"nearer": nearer, "other": other, "a": plain(names["A"])}
    return came, TEXT("came-leans", p=number(p), **leans)


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


def about_s(result: Result) -> str:
    """Say what S is worth, in cosines."""
    first, second = result.cosines.scores()
    gap = float(first.mean() - second.mean())
    names = {role: plain(name) for role, name in result.names.items()}
    near, far = (names["X"], names["Y"]) if gap >= 0 else (names["Y"], names["X"])
    uneven = ""
    if first.size != second.size:
        uneven = f" {TEXT('s-uneven', first=first.size, second=second.size)}"
    return TEXT(
        "s",
        x=names["X"],
        y=names["Y"],
        a=names["A"],
        near=near,
        far=far,
        gap=f"{abs(gap):.3f}",
        little=TEXT("s-little") if abs(gap) < _LITTLE else "",
        uneven=uneven,
    )


def about_d(result: Result, verdict: Verdict) -> str:
    """Say what d is worth, beside the most that it can be."""
    d, ddof = verdict["effect_size"], convention(verdict["convention"]).ddof
    if d is None:
        return TEXT("d-none")
    first, second = result.cosines.scores()
    top = most((first.size, second.size), ddof)
    sentences = [TEXT("d", ddof=ddof, size=f"{abs(d):.2f}", top=f"{top:.2f}")]
    if abs(d) > 0.9 * top:
        sentences.append(TEXT("d-saturated"))
    elif abs(d) < CLEAR:
        sentences.append(TEXT("d-small"))
    if d < 0:
        sentences.append(TEXT("d-negative", y=plain(result.names["Y"])))
    return " ".join(sentences)


def about_p(result: Result, verdict: Verdict) -> str:
    """Say what p counts, and how."""
    if verdict["p_low"] is None:
        return TEXT("p-none", note=verdict["note"])
    return f"{_counted(result, verdict)} {_level(result, verdict)}"


def _counted(result: Result, verdict: Verdict) -> str:
    given, method = convention(verdict["convention"]), verdict["method"]
    strict = given.ties == "strict"
    side = " in either direction" if given.alternative == "two-sided" else ""
    if method.endswith("draws"):
        if verdict["p_low"] == 0:
            return TEXT("p-drawn-zero", method=method, side=side)
        far = "further" if strict else "at least as far"
        return TEXT("p-drawn", method=method, p=p_text(verdict), far=far, side=side)
    first, second = (part.size for part in result.cosines.scores())
    return TEXT(
        "p-counted",
        splits=f"{result.lab['partitions']:,}",
        first=first,
        second=second,
        p=p_text(verdict),
        large="a larger S" if strict else "an S as large or larger",
        how=TEXT(f"p-{method.replace(' ', '-')}"),
        side=side,
    )


def _level(result: Result, verdict: Verdict) -> str:
    splits, opposite = result.lab["partitions"], result.lab["opposite"][1]
    if verdict["p_low"] > 1 - LEVEL and opposite < LEVEL:
        return TEXT("p-other-way", p=number(result.lab["opposite"][1]))
    if verdict["below"] is None:
        return TEXT("p-open")
    if verdict["below"]:
        return TEXT("p-below")
    if 1 / splits >= LEVEL:
        return TEXT("p-never", splits=splits, least=number(1 / splits))
    return TEXT("p-above")


def meaning(result: Result, verdict: Verdict) -> list[str]:
    """Return three texts: what S, d and p say, and what they do not."""
    return [about_s(result), about_d(result, verdict), about_p(result, verdict)]
