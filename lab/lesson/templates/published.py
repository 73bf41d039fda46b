"""Kurita's table: what the paper prints, what recomputing gives, what other models say, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from lab.bias import kurita, stimuli
from lab.bias.stimuli import kurita_test
from lab.lesson.kit.text import plain
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.source import Source
from lab.lesson.templates import TEXT
from lab.lesson.templates.models import QUESTION, Answer
from lab.lesson.templates.presets import MORE

PAPER, ROWS, RAW, WORDS = "paper", "rows", "rows, no prior", "words"


def record() -> dict[str, dict[str, float | None]]:
    """Return key -> the effect sizes that the record of bert-base gives, by column.

    Runs in the web process: sums of 344 numbers, no p-value.
    """
    found = {}
    for key in stimuli.kurita_tests():
        rows, raw = (kurita.effect_sizes(key, prior) for prior in ("paper", "none"))
        found[key] = {ROWS: rows["rows"], RAW: raw["rows"], WORDS: rows["words"]}
    return found


def table(own: dict[str, dict[str, float | None]]) -> pd.DataFrame:
    """Return a row for each published test.

    Args:
        own: name of a column -> key of a test -> effect size, None where it cannot be read.
    """
    recorded = record()
    rows = []
    for key, (title, *_) in MORE.items():
        given = stimuli.published(key)
        rows.append(
            {"test": title, PAPER: given["paper"]["log_prob"]}
            | recorded[key]
            | {name: values.get(key) for name, values in own.items()}
        )
    return pd.DataFrame(rows)


def draw(sources: Sequence[Source], prior: str) -> None:
    """Draw the table and the reasons."""
    own = [source for source in sources if not isinstance(source, Recorded)]
    whole = table(_columns(own, prior))
    columns = [name for name in whole.columns if name != "test"]
    st.dataframe(
        whole,
        hide_index=True,
        key="templates-published",
        column_config={"test": st.column_config.TextColumn(width=150)}
        | {name: st.column_config.NumberColumn(format="%+.4f", width=112) for name in columns},
    )
    st.caption(TEXT("table", prior=_PRIORS[prior]))
    st.markdown("**Why the columns differ**")
    reasons = [f"*{title}.* {_why(key)}" for key, (title, *_) in MORE.items()]
    st.markdown("\n".join(f"- {reason}" for reason in [*reasons, *TEXT.points("why")]))
    st.caption(f"Source: {plain(stimuli.published('career_family')['source'])}")


_PRIORS = {"masked": "at its mask", "none": "none", "paper": "the paper's way"}


def _columns(sources: Sequence[Source], prior: str) -> dict[str, dict[str, float | None]]:
    """Ask the models the five tests, all at once; return their columns as far as they are there."""
    questions = {key: _question(key, prior) for key in stimuli.kurita_tests()}
    for source in sources:
        for given in questions.values():
            source.begin(QUESTION, **given, **source.called)
    columns: dict[str, dict[str, float | None]] = {}
    for source in sources:
        answers = _answers(source, questions)
        name = "own model" if source.own else _short(source.name, columns)
        for unit in ("rows", "words"):
            columns[f"{name}: {unit}"] = {key: _d(answers.get(key), unit) for key in questions}
        for key, answer in answers.items():
            if "reason" in answer:
                st.caption(f":material/block: {MORE[key][0]}: {plain(answer['reason'])}")
    return columns


def _question(key: str, prior: str) -> dict[str, Any]:
    # Some tests of the five may be beyond a model: that is said, and no error.
    test = kurita_test(key)
    return {
        "templates": [asdict(template) for template in test.templates],
        "attributes": [list(test.A.words), list(test.B.words)],
        "prior": prior,
        "or_reason": True,
    }


def _answers(source: Source, questions: Mapping[str, dict[str, Any]]) -> dict[str, Answer]:
    found = {}
    for key, given in questions.items():
        answer = source.ask(QUESTION, **given, **source.called)
        if answer is None:
            break  # the page says once why, and comes back
        found[key] = answer
    return found


def _short(name: str, taken: Collection[str]) -> str:
    short, number = name[:14], 2
    while any(column.startswith(f"{short}: ") for column in taken):
        short, number = f"{name[:12]} {number}", number + 1
    return short


def _why(key: str) -> str:
    return stimuli.published(key).get("why", "")


def _d(answer: Answer | None, unit: str) -> float | None:
    if answer is None or "reason" in answer:
        return None
    return next(one["d"] for one in answer["units"] if one["unit"] == unit)
