"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.frame import Exercise
from lab.lesson.pronouns.findings import Found, percent, right
from lab.seq2seq.generators.pronouns import HE

Outcome = tuple[bool, str] | None
_MARGIN = 0.10  # with exact probabilities 0.125 is the most, at shares of 25 or 75 %


def exercises(rows: Sequence[Found] | None) -> tuple[Exercise, ...]:
    """Return the exercises over the run that is shown."""
    by_name = {row.profession: row for row in rows or []}
    return (
        Exercise(
            "Make the model translate “hän on sairaanhoitaja” (nurse) with “he”.",
            lambda: nurse(by_name.get("nurse")),
        ),
        Exercise(
            "Set the shares so that p(she) of doctor lies between 45 and 55 %. What does greedy "
            "decoding write then, and with how much reason?",
            lambda: doctor(by_name.get("doctor")),
        ),
        Exercise(
            "Why decode greedily at all? Find shares with which greedy translations have the "
            "pronoun of the data at least 10 points more often than sampled ones, on average over "
            "the professions.",
            lambda: more_often(rows),
        ),
    )


def nurse(row: Found | None) -> Outcome:
    """Say whether nurse is translated with "he"."""
    if row is None:
        return None
    return row.word == HE, f"Now: {row.word}, with p(she) = {percent(row.she)}."


def doctor(row: Found | None) -> Outcome:
    """Say whether doctor is undecided."""
    if row is None:
        return None
    said = f"p(she) = {percent(row.she)}; greedy decoding writes {row.word}, always."
    return 0.45 <= row.she <= 0.55, said


def more_often(rows: Sequence[Found] | None) -> Outcome:
    """Say whether greedy decoding meets the data more often than sampling does."""
    if not rows:
        return None
    greedy, sampled = right(rows)
    said = f"Now: greedy in {100 * greedy:.1f} %, sampled in {100 * sampled:.1f} % of the cases."
    return greedy - sampled >= _MARGIN, said


def snippet(shares: Mapping[str, float], pairs: int, steps: int, seed: int) -> str:
    """Return Python that trains the same translator and prints the same probabilities."""
    return f"""from lab.seq2seq import questions, train
from lab.seq2seq.generators import pronouns

shares = {dict(shares)!r}
corpus = pronouns.make(shares, {pairs}, seed={seed})
for event in train("gru", corpus, steps={steps}, seed={seed}):
    pass
sources = [pronouns.prompt_for(name).split() for name in shares]
chances = questions.chances(event.checkpoint(), corpus, sources, ["she", "he"])
for (name, share), (she, he) in zip(shares.items(), chances):
    print(f"{{name:>12}}  data {{share:.2f}}  p(she) {{she:.3f}}  p(he) {{he:.3f}}")
"""
