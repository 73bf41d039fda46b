"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.frame import Exercise
from lab.lesson.lineup import Entry, plain
from lab.lesson.measures import metric
from lab.lesson.shown import names
from lab.lesson.verdict.catalogue import CATALOGUE, EXAMPLES, WORDS
from lab.lesson.verdict.desk import disagree
from lab.runs import View

Outcome = tuple[bool, str] | None
FEW, AHEAD = 100, 0.08


def exercises(shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    return (
        Exercise(
            f"Train all three on at most {FEW} sentences and one seed. What is a head start worth "
            "there?",
            lambda: few(shown),
        ),
        Exercise(
            f"Beat the bag of words by {100 * AHEAD:.0f} points on held-out sentences. What can "
            "your network do that counting cannot?",
            lambda: ahead(shown),
        ),
        Exercise(
            "Find a sentence of which two of your classifiers say different things. Which word "
            "makes them differ?",
            differ,
        ),
    )


def few(shown: Sequence[View]) -> Outcome:
    """Say how the three ways compare on few examples."""
    alike: dict[tuple, dict[str, float]] = {}
    for view in shown:
        run, accuracy = view.run, metric(view, "accuracy")
        if run.status.alive or accuracy is None or not 0 < run.settings["examples"] <= FEW:
            continue
        same = tuple(run.settings[name] for name in ("examples", "seed", "steps", "seconds"))
        alike.setdefault((run.corpus, *same), {})[run.settings["model"]] = accuracy
    for found in alike.values():
        if len(found) == len(CATALOGUE.kinds):
            told = ", ".join(
                f"{CATALOGUE.kinds[model].lower()} {found[model]:.1%}" for model in found
            )
            return True, f"Done: {told}. One seed is no ranking: try another."
    return None


def ahead(shown: Sequence[View]) -> Outcome:
    """Say how far the best classifier is ahead of the bag of words."""
    found = [
        (accuracy - words, name)
        for view, name in zip(shown, names(shown), strict=True)
        if not view.run.status.alive
        and (accuracy := metric(view, "accuracy")) is not None
        and (words := metric(view, "words")) is not None
    ]
    if not found:
        return None
    margin, name = max(found)
    return margin >= AHEAD, f"{plain(name)} is {100 * margin:+.1f} points from the {WORDS.lower()}."


def differ() -> Outcome:
    """Say whether two classifiers differ on the sentence that was tried."""
    found = disagree()
    if found is None:
        return None
    if not found:
        return False, "They all say the same of this one. Try *not*, *but*, or a rare word."
    return True, f"Found: {plain(found[0])} and {plain(found[1])} differ on your sentence."


def snippet(
    own: bool, examples: str, entries: Sequence[Entry], budget: Mapping[str, float], seed: int
) -> str:
    """Return Python that trains the same classifiers on the same texts and budget."""
    ((kind, amount),) = budget.items()
    models = ",\n".join(
        f"    {label!r}: { ({'model': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    source = (
        'from pathlib import Path\n\nfrom lab.classify.reading import read_labelled\n',
        'read_labelled(Path("table.csv").read_bytes())',
    ) if own else ("from lab.classify.opinions import opinions\n", "opinions()")  # fmt: skip
    return f"""{source[0]}from lab.classify import questions
from lab.classify.baseline import baseline
from lab.classify.task import train

data = {source[1]}
examples, seed = {EXAMPLES[examples]}, {seed}
models = {{
{models},
}}
print("Bag of words", baseline(data, examples, seed).shares(data))
for name, changes in models.items():
    run = train(data=data, examples=examples, {kind}={int(amount)}, seed=seed, **changes)
    for event in run:
        if event.validation_loss is not None:
            print(name, event.step, event.metrics["accuracy"])
    said = questions.explain(event.checkpoint(), data, {"The dinner was not splendid."!r})
    print(dict(zip(said["classes"], said["probabilities"])))
"""
