"""Two sentences: which words are more probable in the one, and which in the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.contrast import contrast_points, contrast_scatter
from lab.lesson import pictures
from lab.lesson.fill import TEXT
from lab.lesson.fill.models import Answer, Answers, ask_in_columns
from lab.lesson.fill.presets import PAIRS, draw_presets
from lab.lesson.kit.keys import Words
from lab.lesson.kit.page import Page
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source
from lab.masked.slots import SlotError, check_blank

_FIRST = next(iter(PAIRS.values()))
A, B = (Words(key, f"Sentence {key.upper()}", text) for key, text in zip("ab", _FIRST, strict=True))
WIDE = 700  # pixels of one picture alone


def controls(page: Page) -> list[str]:
    """Draw presets and the two sentences."""
    draw_presets(page, "pair", {name: {"a": a, "b": b} for name, (a, b) in PAIRS.items()})
    pair = []
    for column, sentence in zip(st.columns(2, gap="medium"), (A, B), strict=True):
        with column:
            pair.append(" ".join(sentence.draw().split()))
    return pair


def differ(a: str, b: str) -> tuple[str, str]:
    """Return the words in which two sentences differ, to call them by."""
    one, other = a.split(), b.split()
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    strip = ".,;:!?"
    return " ".join(one).strip(strip) or "A", " ".join(other).strip(strip) or "B"


def checked(pair: Sequence[str]) -> bool:
    """Return whether both have one blank; if not, write what to do."""
    for side, sentence in zip("AB", pair, strict=True):
        try:
            check_blank(sentence)
        except SlotError as error:
            st.warning(f"Sentence {side}: {plain(str(error))}", icon=":material/edit_off:")
            return False
    return True


def draw(sources: Sequence[Source], pair: list[str]) -> Answers:
    """Draw a scatter and a table for each model; return the answers."""
    if not checked(pair) or not sources:
        return []
    found = ask_in_columns(sources, "contrast", sentences=pair)
    points = [contrast_points(answer["rows"]) for *_, answer in found]
    reach = max([abs(point["ratio"]) for one in points for point in one], default=0.0)
    size = {1: WIDE, 2: 470}.get(len(sources), 310)
    size = pictures.PHONE if pictures.on_phone() else size
    for (column, source, answer), one in zip(found, points, strict=True):
        with column:
            chart = contrast_scatter(one, differ(*pair), size, reach)
            pictures.show(chart, f"fill-contrast-{source.key}")
            _table(source.key, answer, one, differ(*pair))
    return [(source, answer) for _, source, answer in found]


def _table(key: str, answer: Answer, points: list[dict[str, Any]], names: tuple[str, str]) -> None:
    a, b = (f"{share:.0%}" for share in answer["covered"])
    st.caption(TEXT("contrast", count=len(points), a=a, b=b))
    st.dataframe(
        table(points, names),
        hide_index=True,
        key=f"fill-table-{key}",
        height=250,
        column_config={
            "log-ratio": st.column_config.NumberColumn(format="%+.2f", help="nats, A over B"),
            "p in A": st.column_config.NumberColumn(format="%.5f", help=names[0]),
            "p in B": st.column_config.NumberColumn(format="%.5f", help=names[1]),
        },
    )


def table(points: list[dict[str, Any]], names: tuple[str, str]) -> pd.DataFrame:
    """Return the points with the largest difference of probabilities first."""
    rows = pd.DataFrame(points, columns=["token", "a", "b", "ratio", "side"])
    rows = rows.assign(apart=(rows.a - rows.b).abs()).sort_values("apart", ascending=False)
    sides = {"A": names[0], "B": names[1], "both": "both alike"}
    return pd.DataFrame(
        {
            "token": rows.token,
            "p in A": rows.a,
            "p in B": rows.b,
            "log-ratio": rows.ratio,
            "more in": rows.side.map(sides),
        }
    )
