"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.bias.weat import CLEAR
from lab.lesson.association.found import LEVEL, Found
from lab.lesson.association.seen import Seen
from lab.lesson.frame import Exercise
from lab.lesson.lineup import plain

Outcome = tuple[bool, str] | None


def exercises(found: Found | None, seen: Sequence[Seen]) -> tuple[Exercise, ...]:
    """Return the exercises.

    Args:
        found: what is on the page.
        seen: the outcomes of this session.
    """
    return (
        Exercise(
            "Find two tests of which one has the larger d and yet the larger p. What does p know "
            "that d does not?",
            lambda: larger_but_less_sure(seen),
        ),
        Exercise(
            "Math and arts, word2vec: leave out **one** word, so that the verdict at .05 changes.",
            lambda: hangs_on_one(found),
        ),
        Exercise(
            "Leave out words until two conventions disagree at .05 about the same cosines.",
            lambda: disagree(found),
        ),
        Exercise(
            "Turn the sign: read one model in two ways, so that d is above 0.2 once and below "
            "−0.2 once, with the same lists.",
            lambda: turned(seen),
        ),
    )


def larger_but_less_sure(seen: Sequence[Seen]) -> Outcome:
    """Say whether one of two outcomes on the same vectors has the larger d and the larger p."""
    if not seen:
        return None
    for one in seen:
        for other in seen:
            same = (one.source, one.reading) == (other.source, other.reading)
            if same and one.digest != other.digest and one.d > other.d > 0 and one.p > other.p:
                return True, (
                    f"{plain(one.title)}: d {one.d:.2f}, p {one.p:.2g}. {plain(other.title)}: d "
                    f"{other.d:.2f}, p {other.p:.2g}. p also counts the words."
                )
    return False, f"Tests seen so far: {len({one.digest for one in seen})}."


def hangs_on_one(found: Found | None) -> Outcome:
    """Say whether leaving out one word has changed the lab's verdict."""
    if found is None or found.test.key != "weat7" or found.origin.model is not None:
        return None
    if len(found.gone) != 1:
        return False, f"{len(found.gone)} words are left out: choose one under “Leave out words”."
    moved = found.lab["p_low"] >= LEVEL
    word = plain(found.gone[0])
    return moved, f"Without “{word}” p is {found.lab['p_low']:.3f}."


def disagree(found: Found | None) -> Outcome:
    """Say whether two conventions differ at .05, where words are left out."""
    if found is None or not found.gone:
        return None
    told = {v["below"] for v in found.verdicts if v["p_low"] is not None} - {None}
    number = len(found.gone)
    if len(told) == 2:
        return True, f"They disagree, with {number} left out. Which one would you have reported?"
    return False, f"With {number} left out they agree. Look at “Conventions” for their p."


def turned(seen: Sequence[Seen]) -> Outcome:
    """Say whether one model has given both signs on the same lists."""
    read = [one for one in seen if one.reading]
    if not read:
        return None
    for one in read:
        for other in read:
            same = (one.source, one.digest) == (other.source, other.digest)
            if same and one.d > CLEAR and other.d < -CLEAR:
                return True, (
                    f"{plain(one.title)}: {one.d:+.2f} ({plain(one.reading)}), {other.d:+.2f} "
                    f"({plain(other.reading)})."
                )
    return False, "So far no model has given both. “Side by side” reads one in many ways."
