"""The self-checking exercises of the lesson."""

from __future__ import annotations

from lab.attention.senses import UNSAID, neighbours
from lab.lesson.kit.page import Exercise, Outcome
from lab.lesson.kit.text import plain
from lab.lesson.senses import TEXT
from lab.lesson.senses.vectors import Vectors, best


def exercises(found: Vectors | None, layer: int) -> tuple[Exercise, ...]:
    """Return the exercises over the vectors on the page.

    Args:
        found: the vectors, None before a guess.
        layer: that is shown.
    """
    return (
        Exercise(TEXT("exercise-best"), lambda: at_best(found, layer)),
        Exercise(TEXT("exercise-apart"), lambda: told_apart(found)),
        Exercise(TEXT("exercise-fool"), lambda: fooled(found)),
    )


def at_best(found: Vectors | None, layer: int) -> Outcome | None:
    """Say whether the layer that is shown is the best one."""
    places = best(found.rows) if found else []
    if found is None or not places:
        return None
    share = f"{found.rows[layer]['same_sense']:.0%}"
    return Outcome(layer in places, TEXT("best-done", layer=layer, share=share))


def _own(found: Vectors | None) -> list[tuple[str, str, str]]:
    """Return sentence, sense, and its nearest neighbour's sense at the last layer, for own ones.

    Only those in a sense that another sentence has too.
    """
    if found is None:
        return []
    senses = found.senses
    nearest = neighbours(found.layers[-1], 1)[0][:, 0]
    return [
        (sentence.text, sentence.sense, senses[nearest[place]])
        for place, sentence in enumerate(found.sentences)
        if sentence.own and sentence.sense != UNSAID and senses.count(sentence.sense) > 1
    ]


def told_apart(found: Vectors | None) -> Outcome | None:
    """Say whether own sentences in two senses each lie beside their sense."""
    own = _own(found)
    if not own:
        return None
    right = sorted({sense for _, sense, near in own if near == sense})
    names = ", ".join(map(plain, right)) or "none"
    return Outcome(len(right) >= 2, TEXT("apart-done", right=names))


def fooled(found: Vectors | None) -> Outcome | None:
    """Say whether an own sentence lies beside another sense."""
    own = _own(found)
    if not own:
        return None
    wrong = [row for row in own if row[1] != row[2]]
    if not wrong:
        return Outcome(False, TEXT("fool-none"))
    text, sense, near = map(plain, wrong[0])
    return Outcome(True, TEXT("fool-done", text=text, sense=sense, near=near))
