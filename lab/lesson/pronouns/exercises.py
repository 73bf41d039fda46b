"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.frame import Exercise
from lab.lesson.pronouns.results import Found, as_rows
from lab.seq2seq.generators.pronouns import HE

Outcome = tuple[bool, str] | None


def exercises(rows: Sequence[Found] | None) -> tuple[Exercise, ...]:
    """Return the exercises over the last run."""
    return (
        Exercise(
            "Make the model translate “hän on sairaanhoitaja” (nurse) with “he”.",
            lambda: nurse(rows),
        ),
        Exercise(
            "Set the shares so that p(she) of doctor lies between 45 and 55 %. What does greedy "
            "decoding write then, and with how much reason?",
            lambda: doctor(rows),
        ),
        Exercise(
            "Find data on which greedy decoding changes nothing: the greedy share of “she” equals "
            "the share in the data for every profession.",
            lambda: unchanged(rows),
        ),
    )


def nurse(rows: Sequence[Found] | None) -> Outcome:
    """Say whether nurse is translated with "he"."""
    row = as_rows(rows).get("nurse")
    if row is None:
        return None
    return row.greedy == HE, f"Now: {row.greedy}, with p(she) = {row.among_both:.0%}."


def doctor(rows: Sequence[Found] | None) -> Outcome:
    """Say whether doctor is undecided."""
    row = as_rows(rows).get("doctor")
    if row is None:
        return None
    said = f"p(she) = {row.among_both:.0%}; greedy decoding writes {row.greedy}, always."
    return 0.45 <= row.among_both <= 0.55, said


def unchanged(rows: Sequence[Found] | None) -> Outcome:
    """Say whether greedy decoding keeps the shares of the data."""
    if not rows:
        return None
    mixed = [row.profession for row in rows if row.amplified]
    if mixed:
        return False, f"Not yet: mixed data for {', '.join(mixed[:3])}."
    return True, "Done: only shares of 0 and 100 % are kept. The rule has no other answers."


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
