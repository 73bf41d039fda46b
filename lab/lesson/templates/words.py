"""Each word in each sentence: a heatmap, and how far sentences scatter for one word."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lab.charts.templates_words import score_heatmap, word_spread
from lab.lesson import pictures
from lab.lesson.lineup import plain
from lab.lesson.templates.lists import Asked
from lab.lesson.templates.models import Found


def rows_of(answer: dict[str, Any], asked: Asked) -> list[dict[str, Any]]:
    """Return {"word", "group", "mean", "values", "cells"} of each attribute, scores in nats."""
    names = dict(zip("AB", asked.names, strict=True))
    gathered: dict[tuple[str, str], dict[int, float]] = {}
    for row in answer["rows"]:
        cells = gathered.setdefault((row["group"], row["attribute"]), {})
        cells[row["template"]] = row["score"]
    return [
        {
            "word": word,
            "group": names[group],
            "mean": float(np.mean(list(cells.values()))),
            "values": list(cells.values()),
            "cells": cells,
        }
        for (group, word), cells in gathered.items()
    ]


def directions(asked: Asked) -> tuple[str, str]:
    """Return what a negative and a positive score mean."""
    return f"more {asked.sides[1]}", f"more {asked.sides[0]}"


def desk(found: Found, asked: Asked) -> None:
    """Draw a heatmap and the spread of every word, for each model."""
    for voice, answer in found:
        rows = rows_of(answer, asked)
        st.markdown(f"**{plain(voice.name)}**")
        left, right = st.columns(2, gap="medium")
        chart = score_heatmap(rows, len(asked.templates), directions(asked), pictures.half())
        with left:
            pictures.show(chart, f"templates-heatmap-{voice.key}")
        with right:
            chart = word_spread(rows, directions(asked), pictures.half())
            pictures.show(chart, f"templates-spread-{voice.key}")
        st.caption(summary(rows))
    if found:
        with st.expander("The sentences by number"):
            lines = [f"{n}. {plain(text)}" for n, text in enumerate(asked.shown, 1)]
            st.markdown("\n".join(lines))


def summary(rows: list[dict[str, Any]]) -> str:
    """Return in words how far the sentences move single words."""
    several = [row for row in rows if len(row["values"]) > 1]
    if not several:
        return "One sentence: there is no spread."
    turning = [row for row in several if min(row["values"]) < 0 < max(row["values"])]
    widest = max(several, key=lambda row: max(row["values"]) - min(row["values"]))
    wide = max(widest["values"]) - min(widest["values"])
    inside = float(np.mean([np.std(row["values"], ddof=1) for row in several]))
    between = float(np.std([row["mean"] for row in rows], ddof=1)) if len(rows) > 1 else 0.0
    return (
        f"Ticks: one sentence each; the bar is their range, the dot their mean. {len(turning)} of "
        f"{len(several)} words have both signs. Widest: {plain(widest['word'])}, {wide:.2f} nats. "
        f"Standard deviation over the sentences of a word: {inside:.2f} nats on average; over the "
        f"means of the words: {between:.2f}."
    )
