"""How the project's own model came to its he and she: figures of its training, as recorded."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.pretraining import RATIO, journey_curve
from lab.lesson import downloads, pictures
from lab.lesson.lineup import plain
from lab.masked.settings import PROJECT

FIRST = ["nurse", "engineer", "manager", "librarian"]
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


def desk() -> None:
    """Draw the journey."""
    found = points()
    if len(found) < 2:
        st.info("The record of the training is not in assets/masked.", icon=":material/folder_off:")
        return
    last = found[-1]
    st.markdown(
        f"The lab's own model began at random. At {len(found)} points of its training, up to "
        f"**{last['tokens_read'] / 1e6:.0f} million** tokens, it was asked about "
        f"**{len(last['ratios'])} occupations**. Recorded figures, one training."
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**It learns to guess** …")
        pictures.show(_loss(found), "journey-loss")
    with right:
        st.markdown("… **and who is he and who is she**")
        pictures.show(_correlations(found), "journey-correlations")
    st.caption(
        "Left: loss on held-out text (nats per hidden token). Right: rank correlation (Spearman) "
        "of log p(he)/p(she) over occupations with the share of *he* beside each in the training "
        "text, and with the share of men in the United States (Winogender's table, Rudinger et "
        "al. 2018). 0: no relation; 1: the same order."
    )
    chosen = st.multiselect(
        "Occupations",
        sorted(last["ratios"]),
        [word for word in FIRST if word in last["ratios"]],
        key="journey",
        max_selections=6,
        bind="query-params",
    )
    if chosen:
        pictures.show(_ratios(found, chosen), "journey-ratios")
        st.caption(
            f"{RATIO}, minus that of *person*; the mean of five sentences. Above 0: more *he* "
            "than for a person."
        )
    _downloads(found, chosen)


def _wide() -> int:
    return pictures.PHONE if pictures.on_phone() else 2 * pictures.HALF


def _loss(found: list[dict]) -> Any:
    rows = [{"tokens": p["tokens_read"], "name": "loss", "value": p["loss"]} for p in found]
    return journey_curve(pd.DataFrame(rows), ["loss"], "loss (nats)", pictures.half())


def _correlations(found: list[dict]) -> Any:
    rows = [
        {"tokens": p["tokens_read"], "name": name, "value": p[key]}
        for p in found
        for key, name in _LINES.items()
        if p.get(key) is not None
    ]
    return journey_curve(
        pd.DataFrame(rows), list(_LINES.values()), "rank correlation", pictures.half()
    )


def _ratios(found: list[dict], chosen: list[str]) -> Any:
    rows = [
        {"tokens": p["tokens_read"], "name": word, "value": p["ratios"][word]}
        for p in found
        for word in chosen
        if word in p["ratios"]
    ]
    return journey_curve(pd.DataFrame(rows), chosen, f"{RATIO}, minus that of person", _wide(), 230)


def _downloads(found: list[dict], chosen: list[str]) -> None:
    with st.container(horizontal=True, gap="small"):
        downloads.table("Figures (CSV)", lambda: table(found), "journey.csv", "journey-csv")
        if chosen:
            drawn = _ratios(found, chosen)
            downloads.pictures(
                "Occupations", lambda: drawn, "journey", "journey", 900, forms=("png",)
            )


def first_apart(found: list[dict], one: str, other: str, nats: float) -> int | None:
    """Return the tokens read at the first point at which two occupations are so far apart."""
    for point in found:
        ratios = point["ratios"]
        if one in ratios and other in ratios and abs(ratios[one] - ratios[other]) > nats:
            return point["tokens_read"]
    return None


def apart_question() -> None:
    """Ask at which point nurse and engineer came apart; the exercise checks it."""
    found = points()
    st.selectbox(
        "Exercise 4: the first point with *nurse* and *engineer* more than one nat apart",
        [point["tokens_read"] for point in found],
        index=None,
        format_func=lambda tokens: plain(f"{tokens / 1e6:.1f} million tokens"),
        key="apart",
        placeholder="Read it from the chart",
    )
