"""Two sentences: which words are more probable in the one, and which in the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.contrast import contrast_points, contrast_scatter
from lab.lesson import pictures
from lab.lesson.fill.models import Voice, ask_all, ask_with_heading
from lab.lesson.fill.presets import PAIRS
from lab.lesson.lineup import plain
from lab.masked.slots import SlotError, check_blank

Found = list[tuple[Voice, dict[str, Any]]]
_WIDE = 700  # pixels of one picture alone


def controls() -> list[str]:
    """Draw presets and the two sentences."""
    first = next(iter(PAIRS.values()))
    with st.container(horizontal=True, gap="small"):
        for name, pair in PAIRS.items():
            st.button(name, key=f"pair-{name}", on_click=_take, args=pair)
    columns = st.columns(2, gap="medium")
    return [
        " ".join(
            column.text_input(
                f"Sentence {side.upper()}", text, key=side, max_chars=1_000, bind="query-params"
            ).split()
        )
        for column, side, text in zip(columns, "ab", first, strict=True)
    ]


def _take(a: str, b: str) -> None:
    st.session_state["a"], st.session_state["b"] = a, b


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


def desk(voices: Sequence[Voice], pair: list[str]) -> Found:
    """Draw a scatter and a table for each model; return the answers."""
    if not checked(pair) or not voices:
        return []
    ask_all(voices, "contrast", sentences=pair)
    names, found = differ(*pair), []
    room = {1: _WIDE, 2: 470}.get(len(voices), 310)
    columns = st.columns(len(voices), gap="medium")
    for column, voice in zip(columns, voices, strict=True):
        with column:
            answer = ask_with_heading(voice, "contrast", sentences=pair)
        if answer:
            found.append((column, voice, answer, contrast_points(answer["rows"])))
    reach = max([abs(p["ratio"]) for *_, points in found for p in points], default=0.0)
    for column, voice, answer, points in found:
        with column:
            size = pictures.PHONE if pictures.on_phone() else room
            chart = contrast_scatter(points, names, size, reach)
            _one(voice, answer, points, names, chart)
    return [(voice, answer) for _, voice, answer, _ in found]


def _one(
    voice: Voice, answer: dict[str, Any], points: list[dict], names: tuple[str, str], chart: Any
) -> None:
    pictures.show(chart, f"fill-contrast-{voice.key}")
    a, b = answer["covered"]
    st.caption(
        f"The {len(points)} tokens with most probability in either sentence: {a:.0%} of A, {b:.0%} "
        "of B. Triangles: at least twice as probable on that side. Touch a point for its figures; "
        "few of them have a name."
    )
    st.dataframe(
        table(points, names),
        hide_index=True,
        key=f"fill-table-{voice.key}",
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
