"""The self-checking exercises of the lesson."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lab.bias.kurita import spread
from lab.lesson.frame import Exercise
from lab.lesson.lineup import plain
from lab.lesson.templates.lists import Asked
from lab.lesson.templates.models import Found

Outcome = tuple[bool, str] | None
FACTOR = 1.3  # between the effect sizes of two units
MOVED = 0.1  # standard deviations, by the place of the prior


def exercises(found: Found, asked: Asked | None) -> tuple[Exercise, ...]:
    """Return the exercises; what was found with another test stays found.

    Args:
        found: the models with their answers.
        asked: what they answer, None where nothing could be asked.
    """
    if asked is not None:
        _remember(found, asked)
    return (
        Exercise(
            "Take a test and write four sentences or more for it, so that the sign turns in one of "
            "them. What is the mean worth then?",
            lambda: _kept("turns", turned(found)),
        ),
        Exercise(
            f"Find a test whose effect size over *words* is at least {FACTOR} times that over "
            "*rows*. Has the model changed?",
            lambda: _kept("units", units(found)),
        ),
        Exercise(
            "Read one test with the prior at its mask, and again the paper's way, so that d over "
            f"*rows* moves by {MOVED} or more. Which figures stay, and why?",
            lambda: _kept("prior", prior_moves(st.session_state.get("templates-seen", {}))),
        ),
    )


def _kept(name: str, outcome: Outcome) -> Outcome:
    state = st.session_state.setdefault("templates-done", {})
    if outcome is not None and (outcome[0] or not state.get(name, (False,))[0]):
        state[name] = outcome
    return outcome if outcome and outcome[0] else state.get(name)


def _remember(found: Found, asked: Asked) -> None:
    seen: dict[tuple, dict[str, float]] = st.session_state.setdefault("templates-seen", {})
    for voice, answer in found:
        if voice.source is None:
            continue  # the record has one prior only
        test = voice.name, str(asked.templates), asked.a, asked.b
        d = _d(answer, "rows")
        if d is not None:
            seen.setdefault(test, {})[answer["prior"]] = d


def _d(answer: dict[str, Any], unit: str) -> float | None:
    return next(one["d"] for one in answer["units"] if one["unit"] == unit)


def turned(found: Found) -> Outcome:
    """Say whether a model's sign turns among four sentences or more."""
    said = []
    for voice, answer in found:
        whole = spread([one["effect_size"] for one in answer["templates"]])
        if whole is not None and len(answer["kept"]) >= 4:
            ends = f"{plain(voice.name)}: d from {whole['low']:+.2f} to {whole['high']:+.2f}."
            said.append((whole["turns"], ends))
    if not said:
        return None
    return max(said)


def units(found: Found) -> Outcome:
    """Say how many times larger a model's effect size is over words than over rows."""
    said = []
    for voice, answer in found:
        rows, words = _d(answer, "rows"), _d(answer, "words")
        if rows and words is not None:
            said.append((abs(words / rows), rows, words, plain(voice.name)))
    if not said:
        return None
    times, rows, words, name = max(said)
    return times >= FACTOR, (
        f"{name}: {words:+.2f} over words, {rows:+.2f} over rows, {times:.2f} times. The scores "
        "are the same."
    )


def prior_moves(seen: dict[Any, dict[str, float]]) -> Outcome:
    """Say how far the place of the prior moved d over rows.

    Args:
        seen: of each test and model, prior -> d over rows.
    """
    both = [one for one in seen.values() if {"masked", "paper"} <= set(one)]
    if not both:
        return None
    most = max(both, key=lambda one: abs(one["masked"] - one["paper"]))
    moved = abs(most["masked"] - most["paper"])
    return moved >= MOVED, (
        f"d over rows: {most['masked']:+.3f} at its mask, {most['paper']:+.3f} the paper's way, "
        f"{moved:.3f} apart."
    )
