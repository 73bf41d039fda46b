"""Each word in each sentence: a heatmap, and how far sentences scatter for one word."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lab.charts.templates_words import score_heatmap, word_spread
from lab.lesson import pictures
from lab.lesson.kit.text import plain
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest
from lab.lesson.templates.models import Answer, Answers


def rows_of(answer: Answer, test: BiasTest) -> list[dict[str, Any]]:
    """Return {"word", "group", "mean", "values", "cells"} of each attribute, scores in nats."""
    names = dict(zip("AB", test.names, strict=True))
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


def directions(test: BiasTest) -> tuple[str, str]:
    """Return what a negative and a positive score mean."""
    return f"more {test.sides[1]}", f"more {test.sides[0]}"


def draw(answers: Answers, test: BiasTest) -> None:
    """Draw a heatmap and the spread of every word, for each model."""
    for source, answer in answers:
        rows = rows_of(answer, test)
        st.markdown(f"**{plain(source.name)}**")
        left, right = st.columns(2, gap="medium")
        chart = score_heatmap(rows, len(test.templates), directions(test), pictures.half())
        with left:
            pictures.show(chart, f"templates-heatmap-{source.key}")
        with right:
            chart = word_spread(rows, directions(test), pictures.half())
            pictures.show(chart, f"templates-spread-{source.key}")
        st.caption(summary(rows))
    if answers:
        with st.expander("The sentences by number"):
            st.markdown("\n".join(f"{n}. {plain(text)}" for n, text in enumerate(test.shown, 1)))


def summary(rows: list[dict[str, Any]]) -> str:
    """Return in words how far the sentences move single words."""
    several = [row for row in rows if len(row["values"]) > 1]
    if not several:
        return TEXT("one-sentence")
    turning = [row for row in several if min(row["values"]) < 0 < max(row["values"])]
    widest = max(several, key=lambda row: max(row["values"]) - min(row["values"]))
    wide = max(widest["values"]) - min(widest["values"])
    inside = float(np.mean([np.std(row["values"], ddof=1) for row in several]))
    between = float(np.std([row["mean"] for row in rows], ddof=1)) if len(rows) > 1 else 0.0
    given = {
        "turning": len(turning),
        "several": len(several),
        "widest": plain(widest["word"]),
        "wide": f"{wide:.2f}",
        "inside": f"{inside:.2f}",
        "between": f"{between:.2f}",
    }
    return TEXT("spread", **given)
