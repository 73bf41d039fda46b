"""Kurita's table: what the paper prints, what recomputing gives, what other models say, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from lab.bias import kurita, stimuli
from lab.lesson.lineup import plain
from lab.lesson.templates.models import Voice
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


def desk(voices: list[Voice], prior: str) -> dict[str, dict[str, float | None]]:
    """Draw the table and the reasons; return the columns of the models that were asked."""
    own: dict[str, dict[str, float | None]] = {}
    for voice in voices:
        if voice.source is None:
            continue
        with st.spinner(f"Asking {voice.name} the five tests …"):
            answers, refused = _ask(voice, prior)
        name = "own model" if voice.source.own else _short(voice.name, own)
        for unit in ("rows", "words"):
            own[f"{name}: {unit}"] = {key: _d(answer, unit) for key, answer in answers.items()}
        for key, text in refused.items():
            st.caption(f":material/block: {MORE[key][0]}: {plain(text)}")
    whole = table(own)
    columns = [name for name in whole.columns if name != "test"]
    st.dataframe(
        whole,
        hide_index=True,
        key="templates-published",
        column_config={"test": st.column_config.TextColumn(width=150)}
        | {name: st.column_config.NumberColumn(format="%+.4f", width=112) for name in columns},
    )
    st.caption(
        "Effect sizes d, ddof 1. *paper*: the log-probability column of Table 3. *rows*, *words*: "
        "recomputed from the 344 log-odds that the authors' notebook recorded of "
        "bert-base-uncased, with their prior; rows are the unit of the notebook. *rows, no "
        "prior*: the same without subtracting one. Of other models, with the prior chosen above: "
        f"{_PRIORS[prior]}. Figures of other "
        "models are their own, and no second try of the paper's: one model, one set of weights."
    )
    st.markdown("**Why the columns differ**")
    reasons = [f"*{title}.* {_why(key)}" for key, (title, *_) in MORE.items()]
    st.markdown("\n".join(f"- {reason}" for reason in [*reasons, *_GENERAL]))
    st.caption(f"Source: {plain(stimuli.published('career_family')['source'])}")
    return own


_PRIORS = {"masked": "at its mask", "none": "none", "paper": "the paper's way"}


def _short(name: str, taken: dict) -> str:
    short, number = name[:14], 2
    while any(column.startswith(f"{short}: ") for column in taken):
        short, number = f"{name[:12]} {number}", number + 1
    return short


def _why(key: str) -> str:
    return stimuli.published(key).get("why", "")


_GENERAL = (
    "*Columns of the paper.* The log-probability column counts rows (words times sentences), the "
    "WEAT columns count targets: their effect sizes are not on one scale.",
    "*The prior.* It is read one place to the left of the mask, at a word that the model sees. It "
    "is a constant within a sentence, so it cancels over *words* and moves *rows* only.",
)


def _d(answer: dict[str, Any] | None, unit: str) -> float | None:
    if answer is None:
        return None
    return next(one["d"] for one in answer["units"] if one["unit"] == unit)


def _ask(voice: Voice, prior: str) -> tuple[dict[str, dict | None], dict[str, str]]:
    # Some tests of the five may be beyond a model: that is said, and no error.
    found, refused = {}, {}
    for key in stimuli.kurita_tests():
        test = stimuli.kurita_test(key)
        given = {
            "templates": [asdict(template) for template in test.templates],
            "attributes": [list(test.A.words), list(test.B.words)],
            "prior": prior,
        }
        found[key] = voice.ask_given(given | {"or_reason": True})
        if found[key] and "reason" in found[key]:
            refused[key] = found[key]["reason"]
            found[key] = None
    return found, refused
