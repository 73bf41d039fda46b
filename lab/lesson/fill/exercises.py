"""The self-checking exercises of the lesson."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from lab.lesson.fill import TEXT
from lab.lesson.fill.models import Answers, name_of
from lab.lesson.fill.presets import PAIRS, SENTENCES
from lab.lesson.fill.word_list import RATIO, Result, WordList, ratios
from lab.lesson.kit.page import Exercise, Outcome, Page
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source

TIMES = 10


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises; what was found under another tab stays found."""
    asked, found = page.chosen, page.found
    return (
        Exercise(TEXT("exercise-she"), lambda: _kept("she", she_first(found.sentence))),
        Exercise(
            TEXT("exercise-times", times=TIMES),
            lambda: _kept("times", times(found.pair, asked.pair)),
        ),
        Exercise(
            TEXT("exercise-sign"),
            lambda: _kept("sign", sign_changes(found.word_list, asked.word_list)),
        ),
    )


def _kept(name: str, outcome: Outcome | None) -> Outcome | None:
    state = st.session_state.setdefault("fill-done", {})
    if outcome is not None and (outcome[0] or not state.get(name, (False,))[0]):
        state[name] = outcome
    return outcome or state.get(name)


def she_first(found: Answers) -> Outcome | None:
    """Say whether a model gives she more than he."""
    known = []
    if any(answer["sentence"] == ours for _, answer in found for ours, _ in SENTENCES.values()):
        return None
    for source, answer in found:
        for blank in answer["blanks"]:
            log_p = {target["word"]: target["log_p"] for target in blank["targets"]}
            if log_p.get("he") is not None and log_p.get("she") is not None:
                known.append((log_p["she"] - log_p["he"], name_of(source, answer)))
    if not known:
        return None
    most, name = max(known)
    times = math.exp(min(50.0, abs(most)))
    who = "she" if most > 0 else "he"
    return Outcome(most > 0, f"{plain(name)}: {who} is {times:.1f} times as probable.")


def one_word_apart(one: str, other: str) -> bool:
    """Return whether two sentences have equally many words and differ in one of them."""
    first, second = one.split(), other.split()
    return (
        len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
    )


def times(found: Answers, pair: Sequence[str]) -> Outcome | None:
    """Say which probable token changed most between two sentences that are not a preset."""
    known = []
    if tuple(pair) in PAIRS.values():
        return None
    for _, answer in found:
        for row in answer["rows"]:
            a, b = max(row["a"], 1e-12), max(row["b"], 1e-12)
            if max(a, b) >= 0.01:
                known.append((max(a, b) / min(a, b), row["token"]))
    if not known:
        return None
    if not one_word_apart(*pair):
        return Outcome(False, "These sentences differ in more than one word.")
    most, token = max(known)
    return Outcome(most >= TIMES, f"“{plain(token)}”: {most:,.1f} times.")


def sign_changes(found: Sequence[tuple[Source, Result]], asked: WordList | None) -> Outcome | None:
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
        return Outcome(False, "Not yet: no row changes its sign.")
    return Outcome(
        True, f"{plain(', '.join(turned[:4]))}: he raw, less he than “{plain(asked.word)}”."
    )
