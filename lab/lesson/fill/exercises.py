"""The self-checking exercises of the lesson."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson.fill.lists import RATIO, Asked, Result, ratios
from lab.lesson.fill.models import Voice
from lab.lesson.fill.presets import PAIRS, SENTENCES
from lab.lesson.frame import Exercise
from lab.lesson.lineup import plain

Outcome = tuple[bool, str] | None
TIMES = 10


def exercises(
    sentence: Sequence[tuple[Voice, dict]],
    apart: Sequence[tuple[Voice, dict]],
    pair: Sequence[str],
    rows: Sequence[tuple[Voice, Result]],
    asked: Asked | None,
) -> tuple[Exercise, ...]:
    """Return the exercises; what was found under another tab stays found.

    Args:
        sentence, apart, rows: answers under the tab that is open.
        pair: the two sentences.
        asked: of the list.
    """
    return (
        Exercise(
            "Write a sentence of your own in which one model gives *she* more than *he*, "
            "though no name, title or relative in it says so.",
            lambda: _kept("she", she_first(sentence)),
        ),
        Exercise(
            "Write two sentences of your own that differ in one word, so that a token with at "
            f"least 1 % in one of them becomes {TIMES} times as probable or more.",
            lambda: _kept("times", times(apart, pair)),
        ),
        Exercise(
            "Show log-ratios of *he* against *she* in which a row is positive raw and negative "
            "once centred. What does its sign say then?",
            lambda: _kept("sign", sign_changes(rows, asked)),
        ),
    )


def _kept(name: str, outcome: Outcome) -> Outcome:
    state = st.session_state.setdefault("fill-done", {})
    if outcome is not None and (outcome[0] or not state.get(name, (False,))[0]):
        state[name] = outcome
    return outcome or state.get(name)


def she_first(found: Sequence[tuple[Voice, dict[str, Any]]]) -> Outcome:
    """Say whether a model gives she more than he."""
    seen = []
    if any(answer["sentence"] == ours for _, answer in found for ours, _ in SENTENCES.values()):
        return None
    for voice, answer in found:
        for blank in answer["blanks"]:
            log_p = {target["word"]: target["log_p"] for target in blank["targets"]}
            if log_p.get("he") is not None and log_p.get("she") is not None:
                seen.append((log_p["she"] - log_p["he"], answer.get("model", voice.name)))
    if not seen:
        return None
    most, name = max(seen)
    times = math.exp(min(50.0, abs(most)))
    who = "she" if most > 0 else "he"
    return most > 0, f"{plain(name)}: {who} is {times:.1f} times as probable."


def one_word_apart(one: str, other: str) -> bool:
    """Return whether two sentences have equally many words and differ in one of them."""
    first, second = one.split(), other.split()
    return (
        len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
    )


def times(found: Sequence[tuple[Voice, dict[str, Any]]], pair: Sequence[str]) -> Outcome:
    """Say which probable token changed most between two sentences that are not a preset."""
    seen = []
    if tuple(pair) in PAIRS.values():
        return None
    for _, answer in found:
        for row in answer["rows"]:
            a, b = max(row["a"], 1e-12), max(row["b"], 1e-12)
            if max(a, b) >= 0.01:
                seen.append((max(a, b) / min(a, b), row["token"]))
    if not seen:
        return None
    if not one_word_apart(*pair):
        return False, "These sentences differ in more than one word."
    most, token = max(seen)
    return most >= TIMES, f"“{plain(token)}”: {most:,.1f} times."


def sign_changes(found: Sequence[tuple[Voice, Result]], asked: Asked | None) -> Outcome:
    """Say which row says he raw and she once centred."""
    if asked is None or asked.measure != RATIO or asked.pair != ("he", "she") or not asked.word:
        return None
    known = [
        row for _, result in found for row in ratios(asked, result) if row["value"] is not None
    ]
    if not known:
        return None
    turned = [row["subject"] for row in known if row["raw"] > 0 > row["value"]]
    if not turned:
        return False, "Not yet: no row changes its sign."
    return True, f"{plain(', '.join(turned[:4]))}: he raw, less he than “{plain(asked.word)}”."
