"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.pronouns import TEXT
from lab.lesson.pronouns.findings import Found, percent, right
from lab.seq2seq.generators.pronouns import HE

_MARGIN = 0.10  # with exact probabilities 0.125 is the most, at shares of 25 or 75 %


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the run that is shown."""
    rows: Sequence[Found] = page.found or ()
    by_name = {row.profession: row for row in rows}
    return (
        Exercise(TEXT("exercise-nurse"), lambda: nurse(by_name.get("nurse"))),
        Exercise(TEXT("exercise-doctor"), lambda: doctor(by_name.get("doctor"))),
        Exercise(TEXT("exercise-greedy"), lambda: more_often(rows)),
    )


def nurse(row: Found | None) -> Outcome | None:
    """Say whether nurse is translated with "he"."""
    if row is None:
        return None
    return Outcome(row.word == HE, TEXT("nurse", word=row.shown_word, she=percent(row.she)))


def doctor(row: Found | None) -> Outcome | None:
    """Say whether doctor is undecided."""
    if row is None:
        return None
    said = TEXT("doctor", word=row.shown_word, she=percent(row.she))
    return Outcome(0.45 <= row.she <= 0.55, said)


def more_often(rows: Sequence[Found]) -> Outcome | None:
    """Say whether greedy decoding meets the data more often than sampling does."""
    if not rows:
        return None
    greedy, sampled = right(rows)
    said = TEXT("met", greedy=f"{100 * greedy:.1f} %", sampled=f"{100 * sampled:.1f} %")
    return Outcome(greedy - sampled >= _MARGIN, said)
