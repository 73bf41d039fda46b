"""The self-checking exercises of the lesson."""

from __future__ import annotations

from lab.attention.senses import UNSAID, neighbours
from lab.lesson.frame import Exercise
from lab.lesson.lineup import plain
from lab.lesson.senses.found import Found, best

Outcome = tuple[bool, str] | None


def exercises(found: Found | None, layer: int) -> tuple[Exercise, ...]:
    """Return the exercises over the vectors on the page.

    Args:
        found: the vectors, None before a guess.
        layer: that is shown.
    """
    return (
        Exercise(
            "Move to the layer at which the most nearest neighbours have the sense.",
            lambda: at_best(found, layer),
        ),
        Exercise(
            "Write one sentence of your own for each of two senses (`sense | sentence`), so that "
            "the nearest neighbour of each has its sense at the last layer.",
            lambda: told_apart(found),
        ),
        Exercise(
            "Fool the model: write a sentence whose nearest neighbour at the last layer has "
            "another sense. Which of its words misled it?",
            lambda: fooled(found),
        ),
    )


def at_best(found: Found | None, layer: int) -> Outcome:
    """Say whether the layer that is shown is the best one."""
    places = best(found.rows) if found else []
    if not places:
        return None
    return layer in places, f"Layer {layer}: {found.rows[layer]['same_sense']:.0%}."


def _own(found: Found | None) -> list[tuple[str, str, str]]:
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


def told_apart(found: Found | None) -> Outcome:
    """Say whether own sentences in two senses each lie beside their sense."""
    own = _own(found)
    if not own:
        return None
    right = sorted({sense for _, sense, near in own if near == sense})
    return len(right) >= 2, f"Right so far: {', '.join(map(plain, right)) or 'none'}."


def fooled(found: Found | None) -> Outcome:
    """Say whether an own sentence lies beside another sense."""
    own = _own(found)
    if not own:
        return None
    wrong = [row for row in own if row[1] != row[2]]
    if not wrong:
        return False, "Every one of your sentences has a neighbour of its sense."
    text, sense, near = wrong[0]
    return True, f"“{plain(text)}” ({plain(sense)}) lies beside a sentence about {plain(near)}."
