"""The self-checking exercises of the lesson."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lab.bias.kurita import spread
from lab.lesson.kit.page import Exercise, Outcome, Page
from lab.lesson.kit.text import plain
from lab.lesson.sources.recorded import Recorded
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest
from lab.lesson.templates.models import Answer, Answers

FACTOR = 1.3  # between the effect sizes of two units
MOVED = 0.1  # standard deviations, by the place of the prior


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises; what was found with another test stays found."""
    answers: Answers = page.found or []
    if page.chosen is not None:
        _remember(answers, page.chosen.test)
    return (
        Exercise(TEXT("exercise-turns"), lambda: _kept("turns", turned(answers))),
        Exercise(
            TEXT("exercise-units", factor=FACTOR),
            lambda: _kept("units", units(answers)),
        ),
        Exercise(
            TEXT("exercise-prior", moved=MOVED),
            lambda: _kept("prior", prior_moves(st.session_state.get("templates-seen", {}))),
        ),
    )


def _kept(name: str, outcome: Outcome | None) -> Outcome | None:
    state = st.session_state.setdefault("templates-done", {})
    if outcome is not None and (outcome[0] or not state.get(name, (False,))[0]):
        state[name] = outcome
    return outcome if outcome and outcome[0] else state.get(name)


def _remember(answers: Answers, test: BiasTest) -> None:
    seen: dict[tuple, dict[str, float]] = st.session_state.setdefault("templates-seen", {})
    for source, answer in answers:
        if isinstance(source, Recorded):
            continue  # the record has one prior only
        asked = source.name, str(test.templates), test.a, test.b
        d = _d(answer, "rows")
        if d is not None:
            seen.setdefault(asked, {})[answer["prior"]] = d


def _d(answer: Answer, unit: str) -> float | None:
    return next(one["d"] for one in answer["units"] if one["unit"] == unit)


def turned(answers: Answers) -> Outcome | None:
    """Say whether a model's sign turns among four sentences or more."""
    known = []
    for source, answer in answers:
        whole = spread([one["effect_size"] for one in answer["templates"]])
        if whole is not None and len(answer["kept"]) >= 4:
            ends = f"{plain(source.name)}: d from {whole['low']:+.2f} to {whole['high']:+.2f}."
            known.append(Outcome(whole["turns"], ends))
    return max(known, default=None)


def units(answers: Answers) -> Outcome | None:
    """Say how many times larger a model's effect size is over words than over rows."""
    known = []
    for source, answer in answers:
        rows, words = _d(answer, "rows"), _d(answer, "words")
        if rows and words is not None:
            known.append((abs(words / rows), rows, words, plain(source.name)))
    if not known:
        return None
    times, rows, words, name = max(known)
    given = {"words": f"{words:+.2f}", "rows": f"{rows:+.2f}", "times": f"{times:.2f}"}
    return Outcome(times >= FACTOR, TEXT("units-done", model=name, **given))


def prior_moves(seen: dict[Any, dict[str, float]]) -> Outcome | None:
    """Say how far the place of the prior moved d over rows.

    Args:
        seen: of each test and model, prior -> d over rows.
    """
    both = [one for one in seen.values() if {"masked", "paper"} <= set(one)]
    if not both:
        return None
    most = max(both, key=lambda one: abs(one["masked"] - one["paper"]))
    moved = abs(most["masked"] - most["paper"])
    masked, paper = f"{most['masked']:+.3f}", f"{most['paper']:+.3f}"
    given = {"masked": masked, "paper": paper, "moved": f"{moved:.3f}"}
    return Outcome(moved >= MOVED, TEXT("prior-done", **given))
