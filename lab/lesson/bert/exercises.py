"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.bert import TEXT
from lab.lesson.bert.measures import ratios
from lab.lesson.bert.pretraining_tasks import TokenisedText
from lab.lesson.bert.recorded_training import first_apart, points
from lab.lesson.kit.measures import values
from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.runs import View

FORGOTTEN = 1.2  # nats that the loss on everyday sentences may rise


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the page's text and runs."""
    text, shown = page.more.get("text"), page.shown
    return (
        Exercise(TEXT("exercise-kept"), lambda: kept(text)),
        Exercise(TEXT("exercise-head-start"), lambda: head_start(shown)),
        Exercise(TEXT("exercise-turned", nats=f"{FORGOTTEN:g}"), lambda: turned(shown)),
        Exercise(TEXT("exercise-apart"), lambda: apart(st.session_state.get("apart"))),
    )


def kept(text: TokenisedText | None) -> Outcome | None:
    """Say whether a token was kept."""
    found = [place.token for place in text.places if place.fate == "kept"] if text else []
    return Outcome(True, TEXT("kept")) if found else None


def head_start(shown: Sequence[View]) -> Outcome | None:
    """Compare two runs that differ in their head start alone."""
    ended = [v for v in shown if not v.run.status.alive and v.run.validation_loss is not None]
    for one in (v for v in ended if v.run.settings["head_start"]):
        for other in (v for v in ended if not v.run.settings["head_start"]):
            changed = {
                key for key, value in one.run.settings.items() if other.run.settings[key] != value
            }
            if one.run.corpus == other.run.corpus and changed == {"head_start"}:
                losses = [f"{view.run.validation_loss:.2f}" for view in (one, other)]
                worth = TEXT("head-start-worth", with_it=losses[0], without=losses[1])
                return Outcome(True, worth)
    return None


def turned(shown: Sequence[View]) -> Outcome | None:
    """Say whether a run has turned the project's model round."""
    best: Outcome | None = None
    for view in shown:
        found, everyday = ratios(view), values(view, "everyday")
        if not found or not everyday or not {"nurse", "engineer"} <= set(found[-1][1]):
            continue
        nurse, engineer = found[-1][1]["nurse"], found[-1][1]["engineer"]
        rise = everyday[-1]["value"] - everyday[0]["value"]
        done = nurse > 0 > engineer and rise < FORGOTTEN
        figures = {"nurse": nurse, "engineer": engineer, "rise": rise}
        written = {name: f"{value:+.2f}" for name, value in figures.items()}
        if best is None or done:
            best = Outcome(done, TEXT("turned", **written))
    return best


def apart(tokens: int | None) -> Outcome | None:
    """Check the answer about the project's training."""
    right = first_apart(points(), "nurse", "engineer", 1.0)
    if tokens is None or right is None:
        return None
    if tokens != right:
        return Outcome(False, TEXT("apart-wrong"))
    return Outcome(True, TEXT("apart-right", millions=f"{right / 1e6:.1f}"))
