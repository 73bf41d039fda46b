"""The code behind the experiment, as a notebook would have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.lineup import Entry
from lab.lesson.translation.catalogue import CATALOGUE

_OWN = 'read_pairs(open("my-pairs.tsv", "rb").read(), "my pairs", unit={unit!r})'


def snippet(
    source: str,
    count: int,
    unit: str,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    seed: int,
    sentence: str,
) -> str:
    """Return Python that trains the same models on the same pairs and budget.

    Args:
        source: key of one of the lab's tasks, or "" for own pairs.
        count: training pairs of a task.
        unit: "word" or "character", of own pairs.
        entries: the models.
        budget: one of steps or seconds.
        seed: of all of them.
        sentence: whose alignment is printed.
    """
    pairs = f"load({source!r}, {count})" if source else _OWN.format(unit=unit)
    name = "load" if source else "read_pairs"
    ((kind, amount),) = budget.items()
    models = ",\n".join(
        f"    {label!r}: { ({'model': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    return f"""from lab.seq2seq import {name}, train

pairs = {pairs}
models = {{
{models},
}}
for name, changes in models.items():
    for event in train(
        pairs=pairs, {kind}={int(amount)}, seed={seed}, prompt={sentence!r}, **changes
    ):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    shown = event.sample.shown
    print(shown.source, "->", shown.target)
    for token, row in zip(shown.target, shown.weights or []):
        print(f"{{token:>12}}", " ".join(f"{{w:.2f}}" for w in row))
"""
