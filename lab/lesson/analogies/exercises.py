"""The self-checking exercises of the lesson."""

from __future__ import annotations

from lab.bias.solving import Solved
from lab.bias.stays import OCCUPATIONS
from lab.lesson.analogies import TEXT
from lab.lesson.analogies.analogy import QUESTIONS, Analogy
from lab.lesson.analogies.removal import BeforeAfter
from lab.lesson.kit.page import Exercise, Outcome
from lab.lesson.kit.text import plain

_AUDIBLE, _HALF, _ONE_DIRECTION = 0.3, 0.5, 0.35
_CLEAR = 0.03  # a cosine to the direction that is no accident of rounding


def of_answers(analogy: Analogy | None, solved: Solved | None) -> tuple[Exercise, ...]:
    """Return the exercises about analogies; arguments are None where there are none."""
    return (
        Exercise(TEXT("exercise-returned"), lambda: returned(analogy, solved)),
        Exercise(TEXT("exercise-needless"), lambda: needless(solved)),
        Exercise(TEXT("exercise-needed"), lambda: needed(analogy, solved)),
    )


def of_removal(measured: BeforeAfter | None) -> tuple[Exercise, ...]:
    """Return the exercises about the direction; None before a guess."""
    return (
        Exercise(TEXT("exercise-loud"), lambda: loud(measured)),
        Exercise(TEXT("exercise-mixed"), lambda: mixed(measured)),
        Exercise(TEXT("exercise-unexpected"), lambda: unexpected(measured)),
    )


def returned(analogy: Analogy | None, solved: Solved | None) -> Outcome | None:
    """Say whether the answer is a given word."""
    if analogy is None or solved is None:
        return None
    if analogy.exclude:
        return Outcome(False, TEXT("returned-closed"))
    return Outcome(solved.best.given, TEXT("returned-done", answer=plain(solved.best.word)))


def _own(solved: Solved) -> bool:
    return solved.question not in QUESTIONS and len(set(solved.question)) == 3


def needless(solved: Solved | None) -> Outcome | None:
    """Say whether the nearest word to b or c answers an own question."""
    if solved is None or not _own(solved):
        return None
    answer, near_b, near_c = solved.best.word, solved.near_b, solved.near_c
    words = {"answer": plain(answer), "near_b": plain(near_b), "near_c": plain(near_c)}
    return Outcome(answer in (near_b, near_c), TEXT("needless-done", **words))


def needed(analogy: Analogy | None, solved: Solved | None) -> Outcome | None:
    """Say whether arithmetic changed the answer of an own question."""
    if analogy is None or solved is None or not _own(solved):
        return None
    answer = solved.best.word
    done = analogy.exclude and answer not in (solved.near_b, solved.near_c)
    judge = f" {TEXT('needed-judge')}" if done else ""
    return Outcome(done, TEXT("needed-done", answer=plain(answer), judge=judge))


def loud(measured: BeforeAfter | None) -> Outcome | None:
    """Say whether the test still finds what it found."""
    if measured is None or measured.test is None:
        return None
    before, after = measured.test.before.effect_size, measured.test.after.effect_size
    done = before > _AUDIBLE and after > _HALF * before
    return Outcome(done, TEXT("loud-done", before=f"{before:.2f}", after=f"{after:.2f}"))


def mixed(measured: BeforeAfter | None) -> Outcome | None:
    """Say whether the pairs have no common direction."""
    if measured is None:
        return None
    count, share = len(measured.removed.pairs), float(measured.removed.found.shares[0])
    done = count >= 5 and share < _ONE_DIRECTION
    return Outcome(done, TEXT("mixed-done", count=count, share=f"{share:.0%}"))


def unexpected(measured: BeforeAfter | None) -> Outcome | None:
    """Say whether a word of the student's own has neighbours of the other side."""
    if measured is None:
        return None
    rows = [row for row in measured.rows if row["word"] not in OCCUPATIONS]
    if not rows:
        return None
    # Beyond what all words do: where most lean to one end, most neighbours do as well.
    rows = [r for r in rows if (r["lean"] > 0) != (r["before"] > measured.everyone)]
    row = max(rows, key=lambda r: abs(r["lean"]), default=None)
    if row is None or abs(row["lean"]) < _CLEAR:
        return Outcome(False, TEXT("unexpected-none", clear=_CLEAR))
    end = measured.ends[0] if row["lean"] > 0 else measured.ends[1]
    return Outcome(
        True,
        TEXT(
            "unexpected-done",
            word=plain(row["word"]),
            end=plain(end),
            lean=f"{abs(row['lean']):.3f}",
            before=f"{row['before']:.0%}",
            first=plain(measured.ends[0]),
            everyone=f"{measured.everyone:.0%}",
        ),
    )
