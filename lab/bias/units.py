"""From log-odds to an effect size: what is counted as one observation.

A test of sentences has a number for every template and every attribute word. Taken as they are
(*rows*), the same word stands there once for each template, and templates add noise to the
standard deviation; averaged over templates first (*words*), a word is one observation, as it is in
WEAT; seen from the other side (*targets*), each target word is one. The three give different effect
sizes from the same numbers, and p-values of another number of observations.

Source of the score: Kurita et al. 2019, Measuring Bias in Contextualized Word Representations,
section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.bias.stimuli import kurita_recorded, kurita_test
from lab.bias.weat import WeatResult, effect_size, from_associations

UNITS = ("rows", "words", "targets")


@dataclass(frozen=True)
class Reading:
    """What a model says of one target in one sentence.

    Attributes:
        template: its number, from 0.
        attribute: the word of A or B.
        group: "A" or "B".
        target: the word that is hidden.
        side: "first" or "second", the group of the target.
        log_p: log-probability of the target, in nats.
        prior: the same with the attribute hidden too; None where none is subtracted.
    """

    template: int
    attribute: str
    group: str
    target: str
    side: str
    log_p: float
    prior: float | None

    @property
    def difference(self) -> float:
        """How much the attribute adds, in nats; the log-probability itself without a prior."""
        return self.log_p - (self.prior or 0.0)


@dataclass(frozen=True)
class Odds:
    """The two target groups against each other in one sentence.

    Attributes:
        template, attribute, group: as of `Reading`.
        odds: log of P(any target of the first group) over P(any of the second), in nats.
        prior: the same with the attribute hidden too, 0 where none is subtracted.
    """

    template: int
    attribute: str
    group: str
    odds: float
    prior: float

    @property
    def score(self) -> float:
        """The log-probability bias score, in nats."""
        return self.odds - self.prior


def odds_of(readings: Iterable[Reading]) -> list[Odds]:
    """Return a row for each template and attribute; several targets of a group are added up."""
    gathered: dict[tuple[int, str, str], dict[str, list[Reading]]] = {}
    for one in readings:
        key = one.template, one.attribute, one.group
        gathered.setdefault(key, {}).setdefault(one.side, []).append(one)
    found = []
    for key, sides in gathered.items():
        first, second = sides.get("first", []), sides.get("second", [])
        if not first or not second:
            raise ValueError("Each template needs a target word of both groups.")
        odds = _added(r.log_p for r in first) - _added(r.log_p for r in second)
        prior = _added(r.prior or 0.0 for r in first) - _added(r.prior or 0.0 for r in second)
        known = first[0].prior is not None
        found.append(Odds(*key, odds, prior if known else 0.0))
    return found


def _added(log_p: Iterable[float]) -> float:
    values = list(log_p)
    return float(np.logaddexp.reduce(values))


def recorded(key: str) -> list[Odds]:
    """Return the rows that Kurita et al. 2019 recorded of bert-base-uncased, for one test.

    Their prior was read beside the mask; see `lab.bias.log_probability`.
    """
    count = len(kurita_test(key).templates)
    found = []
    for group, rows in kurita_recorded(key).items():
        for place, (word, odds, prior) in enumerate(rows):
            found.append(Odds(place * count // len(rows), word, group, odds, prior))
    return found


def observations(
    unit: str, rows: Sequence[Odds], readings: Sequence[Reading] = ()
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Return the two groups of named values that a unit of analysis gives.

    Args:
        unit: "rows" and "words" compare attributes A and B; "targets" compares the two groups of
            targets, by how much more A than B adds to each.
        rows: from `odds_of` or `recorded`.
        readings: needed for "targets".

    Raises:
        ValueError: the unit is unknown, or a group has nothing.
    """
    if unit == "targets":
        return _targets(readings)
    if unit not in UNITS:
        raise ValueError(f"There is no unit {unit!r}: choose {', '.join(UNITS)}.")
    groups = []
    for group in "AB":
        own = [row for row in rows if row.group == group]
        if unit == "rows":
            groups.append([(row.attribute, row.score) for row in own])
        else:
            groups.append(_means((row.attribute, row.score) for row in own))
    if not all(groups):
        raise ValueError("Both groups of attributes need a word or more.")
    return groups[0], groups[1]


def _targets(
    readings: Sequence[Reading],
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    sides = []
    for side in ("first", "second"):
        own = [one for one in readings if one.side == side]
        a, b = (
            dict(_means((one.target, one.difference) for one in own if one.group == group))
            for group in "AB"
        )
        sides.append([(word, a[word] - b[word]) for word in a if word in b])
    if not all(sides):
        raise ValueError("The unit “targets” needs readings of both groups of targets.")
    return sides[0], sides[1]


def _means(named: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    gathered: dict[str, list[float]] = {}
    for name, value in named:
        gathered.setdefault(name, []).append(value)
    return [(name, float(np.mean(values))) for name, values in gathered.items()]


def judge(
    unit: str, rows: Sequence[Odds], readings: Sequence[Reading] = (), **options: Any
) -> WeatResult:
    """Return effect size and permutation p-value on a unit.

    The permutation takes observations for exchangeable. Rows of one word are not: on "rows" the
    p-value is smaller than the words alone support.

    Args:
        unit, rows, readings: see `observations`.
        **options: of `lab.bias.weat.from_associations`; ddof is 1 and the test two-sided, as Kurita
            et al. do, if nothing else is said.
    """
    first, second = observations(unit, rows, readings)
    given = {"alternative": "two-sided", "scale": None, **options}
    return from_associations([v for _, v in first], [v for _, v in second], **given)


def per_template(rows: Sequence[Odds], ddof: int = 1) -> list[dict[str, float]]:
    """Return for each template alone its effect size, and the means of A and B in nats.

    With one template the prior is a constant and cancels from the effect size.

    Returns:
        Dicts with template, effect_size (NaN where all scores are equal or fewer than two), mean_a,
        mean_b.
    """
    found = []
    for template in sorted({row.template for row in rows}):
        own = [row for row in rows if row.template == template]
        a, b = ([row.score for row in own if row.group == group] for group in "AB")
        if a and b:
            found.append(
                {
                    "template": template,
                    "effect_size": effect_size(a, b, ddof),
                    "mean_a": float(np.mean(a)),
                    "mean_b": float(np.mean(b)),
                }
            )
    return found
