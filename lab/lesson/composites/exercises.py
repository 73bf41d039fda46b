"""The self-checking exercises."""

from __future__ import annotations

from typing import Any

from lab.lesson.composites import judged
from lab.lesson.composites.controls import Chosen
from lab.lesson.composites.looks import parts, rows_of, signed
from lab.lesson.frame import Exercise

Outcome = tuple[bool, str] | None
_SAME, _SHALLOW = 0.4, 1.25  # dB
_MOST = 6  # acquisitions


def exercises(
    found: dict[str, Any] | None, rows: list[dict[str, Any]], chosen: Chosen
) -> tuple[Exercise, ...]:
    """Return the exercises over what is on the page."""
    return (
        Exercise(
            "With two different numbers of acquisitions, make all fields of a class look the same: "
            f"no period apart by more than {_SAME} dB.",
            lambda: alike(found, chosen),
        ),
        Exercise(
            f"Find a class whose minimum of {_MOST} acquisitions lies less than {_SHALLOW} dB "
            "below the truth, in VH and with the paper's operators. What holds it up?",
            lambda: held_up(found, chosen),
        ),
        Exercise(
            "Find a map that more acquisitions make worse, and that a mean in every period makes "
            "better. Why is that so? Compare what is found with what is right.",
            lambda: turned(rows, chosen),
        ),
    )


def alike(found: dict[str, Any] | None, chosen: Chosen) -> Outcome:
    """Say how far the two looks at all fields of the class are apart."""
    if found is None:
        return None
    if chosen.passes[0] == chosen.passes[1]:
        return False, "Twice the same number: choose two different ones."
    data = rows_of(found, "class", chosen.way)
    one, other = (data[data["count"] == count].value.to_numpy() for count in chosen.passes)
    most = float(abs(one - other).max())
    return most <= _SAME, f"The furthest apart now: {most:.2f} dB."


def held_up(found: dict[str, Any] | None, chosen: Chosen) -> Outcome:
    """Say how far the minimum lies below the truth, and where the noise floor stops it."""
    if found is None:
        return None
    if chosen.way != "paper" or chosen.passes[1] != _MOST or chosen.band != "VH":
        return False, f"Set: VH, a second look of {_MOST} acquisitions, not all by mean."
    now = parts(rows_of(found, "class", "paper"), _MOST, "min")["all"]
    done = now > -_SHALLOW
    why = " The radar's own noise, at −22 dB, fills what speckle takes." if done else ""
    return done, f"{chosen.grown}: {signed(now, 2)} dB.{why}"


def turned(rows: list[dict[str, Any]], chosen: Chosen) -> Outcome:
    """Say whether more acquisitions harm the map, and a mean helps."""
    if not rows:
        return None
    paper, mean = (judged.of_way(rows, way) for way in judged.WAYS)
    worse, better = paper[-1] - paper[0], mean[-1] - mean[0]
    return worse < -judged.SMALL and better > judged.SMALL, (
        f"{chosen.place.name}, from 1 to 6 acquisitions: {signed(worse, 2)} with the paper's "
        f"operators, {signed(better, 2)} with means."
    )
