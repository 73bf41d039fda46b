"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.bias.weat import CLEAR
from lab.lesson.association import TEXT
from lab.lesson.association.earlier_results import EarlierResult
from lab.lesson.association.result import LEVEL, Result
from lab.lesson.kit.page import Exercise, Outcome
from lab.lesson.kit.text import plain


def exercises(result: Result | None, earlier: Sequence[EarlierResult]) -> tuple[Exercise, ...]:
    """Return the exercises.

    Args:
        result: what is on the page.
        earlier: the results of this session.
    """
    return (
        Exercise(TEXT("exercise-larger"), lambda: larger_but_less_sure(earlier)),
        Exercise(TEXT("exercise-hangs"), lambda: hangs_on_one(result)),
        Exercise(TEXT("exercise-disagree"), lambda: disagree(result)),
        Exercise(TEXT("exercise-turned"), lambda: turned(earlier)),
    )


def larger_but_less_sure(earlier: Sequence[EarlierResult]) -> Outcome | None:
    """Say whether one of two results on the same vectors has the larger d and the larger p."""
    if not earlier:
        return None
    for one in earlier:
        for other in earlier:
            same = (one.source, one.reading) == (other.source, other.reading)
            if same and one.digest != other.digest and one.d > other.d > 0 and one.p > other.p:
                first = {"one": plain(one.title), "d": f"{one.d:.2f}", "p": f"{one.p:.2g}"}
                second = {"other_d": f"{other.d:.2f}", "other_p": f"{other.p:.2g}"}
                said = TEXT("larger-done", other=plain(other.title), **first, **second)
                return Outcome(True, said)
    return Outcome(False, TEXT("larger-not", count=len({one.digest for one in earlier})))


def hangs_on_one(result: Result | None) -> Outcome | None:
    """Say whether leaving out one word has changed the lab's verdict."""
    if result is None or result.test.key != "weat7" or result.vectors.reading is not None:
        return None
    if len(result.gone) != 1:
        return Outcome(False, TEXT("hangs-count", count=len(result.gone)))
    p, word = result.lab["p_low"], plain(result.gone[0])
    return Outcome(p >= LEVEL, TEXT("hangs-done", word=word, p=f"{p:.3f}"))


def disagree(result: Result | None) -> Outcome | None:
    """Say whether two conventions differ at .05, where words are left out."""
    if result is None or not result.gone:
        return None
    below = {v["below"] for v in result.verdicts if v["p_low"] is not None} - {None}
    name = "disagree-done" if len(below) == 2 else "disagree-not"
    return Outcome(len(below) == 2, TEXT(name, count=len(result.gone)))


def turned(earlier: Sequence[EarlierResult]) -> Outcome | None:
    """Say whether one model has given both signs on the same lists."""
    read = [one for one in earlier if one.reading]
    if not read:
        return None
    for one in read:
        for other in read:
            same = (one.source, one.digest) == (other.source, other.digest)
            if same and one.d > CLEAR and other.d < -CLEAR:
                signs = {"above": f"{one.d:+.2f}", "below": f"{other.d:+.2f}"}
                readings = {"reading": plain(one.reading), "other": plain(other.reading)}
                said = TEXT("turned-done", title=plain(one.title), **signs, **readings)
                return Outcome(True, said)
    return Outcome(False, TEXT("turned-not"))
