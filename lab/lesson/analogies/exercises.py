"""The self-checking exercises of the lesson."""

from __future__ import annotations

from lab.bias.solving import Solved
from lab.bias.stays import OCCUPATIONS
from lab.lesson.analogies.question import PRESETS, Asked
from lab.lesson.analogies.removal import Outcome
from lab.lesson.frame import Exercise
from lab.lesson.lineup import plain

Result = tuple[bool, str] | None
_AUDIBLE, _HALF, _ONE_DIRECTION = 0.3, 0.5, 0.35
_CLEAR = 0.03  # a cosine to the direction that is no accident of rounding


def of_answers(asked: Asked | None, solved: Solved | None) -> tuple[Exercise, ...]:
    """Return the exercises about analogies; arguments are None where there are none."""
    return (
        Exercise(
            "Let the given words be answers (switch the exclusion off), and find a question that "
            "then answers itself: with a word that you gave.",
            lambda: returned(asked, solved),
        ),
        Exercise(
            "Write a question that is not among the buttons, whose answer needs **no** arithmetic: "
            "it is the nearest word to b or to c anyway.",
            lambda: needless(asked, solved),
        ),
        Exercise(
            "Now one where the arithmetic does it: the right answer, by your own knowledge, is "
            "neither the nearest word to b nor to c, with the given words left out.",
            lambda: needed(asked, solved),
        ),
    )


def of_removal(found: Outcome | None) -> tuple[Exercise, ...]:
    """Return the exercises about the direction; None before a guess."""
    return (
        Exercise(
            "Find a test that the removal does **not** make quiet: d is above 0.3 before, and "
            "keeps more than half of its size. What do its lists have that the pairs have not?",
            lambda: loud(found),
        ),
        Exercise(
            "One direction? Write five pairs or more that do not agree: the first component has "
            "less than 35 % of the variance. What did you mix?",
            lambda: mixed(found),
        ),
        Exercise(
            "Add a word of your own to look at whose neighbours are not what its lean makes you "
            "expect: it leaned to one end, and more of its neighbours than usual (dashed line) to "
            "the other.",
            lambda: unexpected(found),
        ),
    )


def returned(asked: Asked | None, solved: Solved | None) -> Result:
    """Say whether the answer is a given word."""
    if asked is None or solved is None:
        return None
    if asked.exclude:
        return False, "The given words are left out now."
    return solved.best.given, f"The answer is “{plain(solved.best.word)}”."


def _own(solved: Solved | None) -> bool:
    return solved is not None and solved.question not in PRESETS and len(set(solved.question)) == 3


def needless(asked: Asked | None, solved: Solved | None) -> Result:
    """Say whether the nearest word to b or c answers an own question."""
    if not _own(solved):
        return None
    near = (solved.near_b, solved.near_c)
    best = solved.best.word
    return (
        best in near,
        f"Answer {plain(best)}; nearest to b {plain(near[0])}, to c {plain(near[1])}.",
    )


def needed(asked: Asked | None, solved: Solved | None) -> Result:
    """Say whether arithmetic changed the answer of an own question."""
    if asked is None or not _own(solved):
        return None
    best = solved.best
    done = asked.exclude and best.word not in (solved.near_b, solved.near_c)
    said = f"Answer {plain(best.word)}. " + ("Is it right? That is yours to say." if done else "")
    return done, said.strip()


def loud(found: Outcome | None) -> Result:
    """Say whether the test still finds what it found."""
    if found is None or found.test is None:
        return None
    before, after = found.test.before.effect_size, found.test.after.effect_size
    done = before > _AUDIBLE and after > _HALF * before
    return done, f"d from {before:.2f} to {after:.2f}."


def mixed(found: Outcome | None) -> Result:
    """Say whether the pairs have no common direction."""
    if found is None:
        return None
    count, share = len(found.removed.pairs), float(found.removed.found.shares[0])
    return count >= 5 and share < _ONE_DIRECTION, f"{count} pairs, first component {share:.0%}."


def unexpected(found: Outcome | None) -> Result:
    """Say whether a word of one's own has neighbours of the other side."""
    if found is None:
        return None
    rows = [row for row in found.rows if row["word"] not in OCCUPATIONS]
    if not rows:
        return None
    # Beyond what all words do: where most lean to one end, most neighbours do as well.
    rows = [r for r in rows if (r["lean"] > 0) != (r["before"] > found.everyone)]
    row = max(rows, key=lambda r: abs(r["lean"]), default=None)
    if row is None or abs(row["lean"]) < _CLEAR:
        return False, f"None of your words so far, with a cosine of {_CLEAR} or more."
    end = found.ends[0] if row["lean"] > 0 else found.ends[1]
    return True, (
        f"“{plain(row['word'])}” leans to {plain(end)} by {abs(row['lean']):.3f}; of its "
        f"neighbours {row['before']:.0%} lean to {plain(found.ends[0])}, of all words "
        f"{found.everyone:.0%}."
    )
