"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson.bert.catalogue import CATALOGUE, OWN, PROBES, STORIES, STORY_B, UPLOAD
from lab.lesson.bert.journey import first_apart, points
from lab.lesson.bert.panel import ratios
from lab.lesson.bert.task import Read
from lab.lesson.frame import Exercise
from lab.lesson.lineup import Entry
from lab.lesson.measures import values
from lab.runs import View

Outcome = tuple[bool, str] | None
FORGOTTEN = 1.2  # nats that the loss on everyday sentences may rise


def exercises(text: Read | None, shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the page's text and runs."""
    return (
        Exercise(
            "*The task*: find a draw in which BERT must guess a token that it can see, because it "
            "was kept. Why would one do that?",
            lambda: kept(text),
        ),
        Exercise(
            "*Train it*: the same text, budget and seed with and without the head start. What is "
            "it worth?",
            lambda: head_start(shown),
        ),
        Exercise(
            "*Train it*: turn the project's model round, so that *he* is ahead for a nurse and "
            "*she* for an engineer, while its loss on everyday sentences rises by less than "
            f"{FORGOTTEN:g} nats.",
            lambda: turned(shown),
        ),
        Exercise(
            "*The project's own*: after how many tokens were *nurse* and *engineer* first more "
            "than one nat apart?",
            lambda: apart(st.session_state.get("apart")),
        ),
    )


def kept(text: Read | None) -> Outcome:
    """Say whether a token was kept."""
    found = [place.token for place in text.places if place.fate == "kept"] if text else []
    if not found:
        return None
    return True, (
        "Yes: no token can be trusted, so the network must form a guess for each, also for those "
        "that are not [MASK]; at use there are no masks at all."
    )


def head_start(shown: Sequence[View]) -> Outcome:
    """Compare two runs that differ in their head start alone."""
    ended = [v for v in shown if not v.run.status.alive and v.run.validation_loss is not None]
    for one in (v for v in ended if v.run.settings["head_start"]):
        for other in (v for v in ended if not v.run.settings["head_start"]):
            changed = {
                key for key, value in one.run.settings.items() if other.run.settings[key] != value
            }
            if one.run.corpus == other.run.corpus and changed == {"head_start"}:
                a, b = one.run.validation_loss, other.run.validation_loss
                return True, (
                    f"With it {a:.2f} nats, without {b:.2f}, one seed. What it brings, training "
                    "would have to find."
                )
    return None


def turned(shown: Sequence[View]) -> Outcome:
    """Say whether a run has turned the project's model round."""
    best: tuple[bool, str] | None = None
    for view in shown:
        found, everyday = ratios(view), values(view, "everyday")
        if not found or not everyday or not {"nurse", "engineer"} <= set(found[-1][1]):
            continue
        nurse, engineer = found[-1][1]["nurse"], found[-1][1]["engineer"]
        rise = everyday[-1]["value"] - everyday[0]["value"]
        done = nurse > 0 > engineer and rise < FORGOTTEN
        said = f"Nurse {nurse:+.2f}, engineer {engineer:+.2f}; everyday sentences {rise:+.2f} nats."
        if best is None or done:
            best = done, said
    return best


def apart(tokens: int | None) -> Outcome:
    """Check the answer about the project's training."""
    right = first_apart(points(), "nurse", "engineer", 1.0)
    if tokens is None or right is None:
        return None
    if tokens != right:
        return False, "Not there: look at the lowest chart, with both of them chosen."
    return True, f"After {right / 1e6:.1f} million tokens, of the points that were recorded."


def snippet(
    key: str, entries: Sequence[Entry], budget: Mapping[str, float], seed: int, size: int
) -> str:
    """Return Python that trains the same models on the same text and budget."""
    ((kind, amount),) = budget.items()
    probe = PROBES[key]
    models = ",\n".join(
        f"    {label!r}: { ({'start': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    if key.startswith(STORIES):
        which = int(key == STORY_B)
        imports, of = "story_rows", f"story_rows({which}, start, {size})  # 0: text A, 1: text B"
    else:
        imports = "rows_of_text"
        own = 'open("my-text.txt", encoding="utf-8").read()'
        text = own if key in (OWN, UPLOAD) else f"load({key!r})"
        of = f"rows_of_text({text}, start=start, size={size})"
    load = "from lab.text import load\n" if "load(" in of else ""
    asked = f"prompt={probe.sentence!r}, words={probe.words!r}, watch={probe.watch!r}"
    return f"""from lab.masked.live import {imports}
from lab.masked.task import train
{load}
models = {{
{models},
}}
for name, changes in models.items():
    start = changes.pop("start")
    rows = {of}
    for event in train(
        rows, start, {kind}={int(amount)}, seed={seed}, {asked}, **changes
    ):
        if event.validation_loss is not None:
            print(name, event.step, round(event.validation_loss, 2), event.sample.words)
            print(event.metrics)
"""
