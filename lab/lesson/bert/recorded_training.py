"""How the project's own model came to its he and she: figures of its training, as recorded."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.pretraining import RATIO, journey_curve
from lab.lesson import pictures
from lab.lesson.bert import TEXT
from lab.lesson.kit import keep
from lab.lesson.kit.keys import Choices
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.text import plain
from lab.masked.settings import PROJECT

MOST = 6  # occupations in one chart
OCCUPATIONS = Choices(
    "journey", "Occupations", default=("nurse", "engineer", "manager", "librarian"), look="select"
)
_LINES = {"text": "with its text's shares", "men": "with US shares of men"}


@st.cache_data(show_spinner=False)
def points() -> list[dict[str, Any]]:
    """Return the recorded points in the order of the tokens read; [] where there are none."""
    try:
        found = json.loads((PROJECT / "journey.json").read_text(encoding="utf-8"))
        return sorted(found, key=lambda point: point["tokens_read"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def table(found: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the points as rows: tokens_read, loss, men, text, and a column for each occupation."""
    rows = [
        {k: point.get(k) for k in ("tokens_read", "loss", "men", "text")} | point["ratios"]
        for point in found
    ]
    return pd.DataFrame(rows)


def recorded_tab(page: Experiment) -> None:
    """Draw the recorded training, and the question that an exercise checks."""
    found = points()
    if len(found) < 2:
        st.info(TEXT("no-record"), icon=":material/folder_off:")
    else:
        _charts(found)
        chosen = _ratios_of_occupations(found)
        _files(found, chosen)
    _first_apart_picker(found)


def _charts(found: list[dict[str, Any]]) -> None:
    last = found[-1]
    millions, occupations = f"{last['tokens_read'] / 1e6:.0f}", len(last["ratios"])
    st.markdown(TEXT("record", count=len(found), millions=millions, occupations=occupations))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**It learns to guess** …")
        pictures.show(_loss(found), "journey-loss")
    with right:
        st.markdown("… **and who is he and who is she**")
        pictures.show(_correlations(found), "journey-correlations")
    st.caption(TEXT("record-charts"))


def _ratios_of_occupations(found: list[dict[str, Any]]) -> list[str]:
    """Draw the choice of occupations and their curves; return the choice."""
    ratios = found[-1]["ratios"]
    first = [word for word in OCCUPATIONS.default if word in ratios]
    chosen = OCCUPATIONS.draw(sorted(ratios), default=first, max_selections=MOST)
    if chosen:
        pictures.show(_ratios(found, chosen), "journey-ratios")
        st.caption(TEXT("record-ratios", ratio=RATIO))
    return chosen


def _wide() -> int:
    return pictures.PHONE if pictures.on_phone() else 2 * pictures.HALF


def _loss(found: list[dict[str, Any]]) -> Any:
    rows = [{"tokens": p["tokens_read"], "name": "loss", "value": p["loss"]} for p in found]
    return journey_curve(pd.DataFrame(rows), ["loss"], "loss (nats)", pictures.half())


def _correlations(found: list[dict[str, Any]]) -> Any:
    rows = [
        {"tokens": p["tokens_read"], "name": name, "value": p[key]}
        for p in found
        for key, name in _LINES.items()
        if p.get(key) is not None
    ]
    return journey_curve(
        pd.DataFrame(rows), list(_LINES.values()), "rank correlation", pictures.half()
    )


def _ratios(found: list[dict[str, Any]], chosen: list[str]) -> Any:
    rows = [
        {"tokens": p["tokens_read"], "name": word, "value": p["ratios"][word]}
        for p in found
        for word in chosen
        if word in p["ratios"]
    ]
    return journey_curve(pd.DataFrame(rows), chosen, f"{RATIO}, minus that of person", _wide(), 230)


def _files(found: list[dict[str, Any]], chosen: list[str]) -> None:
    kept: list[keep.Table | keep.Picture] = [
        keep.Table("Figures (CSV)", lambda: table(found), "journey.csv")
    ]
    if chosen:
        drawn = _ratios(found, chosen)  # as wide as the window is now: a file is made outside it
        kept.append(keep.Picture("Occupations", lambda: drawn, "journey", 900, ("png",)))
    keep.show(*kept, prefix="journey")


def first_apart(found: list[dict[str, Any]], one: str, other: str, nats: float) -> int | None:
    """Return the tokens read at the first point at which two occupations are so far apart."""
    for point in found:
        ratios = point["ratios"]
        if one in ratios and other in ratios and abs(ratios[one] - ratios[other]) > nats:
            return point["tokens_read"]
    return None


def _first_apart_picker(found: list[dict[str, Any]]) -> None:
    st.selectbox(
        TEXT("apart"),
        [point["tokens_read"] for point in found],
        index=None,
        format_func=lambda tokens: plain(f"{tokens / 1e6:.1f} million tokens"),
        key="apart",
        placeholder="Read it from the chart",
    )
