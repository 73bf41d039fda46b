"""Score functions compared over several seeds at once: the spread, and no ranking on one seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.comparison import seed_spread
from lab.lesson import service
from lab.lesson.kit import runs
from lab.lesson.kit.cards import steer
from lab.lesson.kit.keys import Key
from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.link import redraw
from lab.lesson.kit.measures import metric, values
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.text import plain
from lab.lesson.translation import TEXT
from lab.lesson.translation.models import settings_on
from lab.runs import Status, View
from lab.seq2seq.settings import SCORES
from lab.training import SettingsError

MOST = 24  # runs at once, as many as one browser may have
_SCORES = [score for score in SCORES if score != "none"]
# What is compared -> its title, and the name of its axis.
MEASURES = {
    "exact match": ("Exact match at the end", "exact match"),
    "alignment accuracy": ("Alignment accuracy at the end", "alignment accuracy"),
    "seconds": ("Training seconds until 98 % exact match", "training seconds"),
}
TARGET = 0.98


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, text.split(","))))[:MOST]


SPREAD: Key[list[str]] = Key("spread", [], _ids, ",".join)


def several_seeds(page: Experiment) -> None:
    """Draw the controls of the comparison, and what its runs have reached."""
    st.markdown(TEXT("seeds"))
    if page.chosen is not None and page.budget:
        _controls(page)
    ids = SPREAD.get()
    compared = runs.of_link(page.lesson.belongs, ids)
    runs.tell(compared)
    if compared.own:
        own = [view.run.id for view in compared.own]
        polling = any(view.run.status.alive for view in compared.own)
        st.fragment(_live, run_every=1.0 if polling else None)(own, polling)


def _controls(page: Experiment) -> None:
    left, middle, right = st.columns([4, 2, 2], vertical_alignment="bottom")
    with left:
        scores = st.pills(
            "Score functions",
            _SCORES,
            selection_mode="multi",
            default=_SCORES,
            key="spread_scores",
        )
    with middle:
        seeds = st.number_input("Seeds for each", 2, 8, 3, key="spread_seeds")
    count = len(scores) * seeds
    with right:
        pressed = st.button(
            f"Train {count} runs",
            key="spread-train",
            icon=":material/play_arrow:",
            disabled=not 0 < count <= MOST or not page.chosen.corpus.train,
        )
    if count > MOST:
        st.warning(TEXT("too-many", count=count, most=MOST))
    if pressed:
        _start(page, scores, seeds)


def _start(page: Experiment, scores: Sequence[str], seeds: int) -> None:
    entries = [Entry("gru", {"score": score}) for score in scores]
    try:
        settings = settings_on(page.chosen, entries, page.budget)
    except SettingsError as error:
        st.error(str(error), icon=":material/tune:")
        return
    # Seed by seed: after a third of the time every score function has one run.
    first = page.seed
    seeded = [replace(one, seed=seed) for seed in range(first, first + seeds) for one in settings]
    labels = [f"{one.score}, seed {one.seed}" for one in seeded]
    live = {"prompt": page.chosen.sentence}
    ids, limit = runs.enqueue(labels, seeded, page.chosen.corpus, live)
    if ids:
        SPREAD.set(ids)
        runs.begin((), limit)
        st.rerun()
    runs.begin((), limit)


def _live(ids: Sequence[str], polling: bool) -> None:
    shown = runs.views_of(ids)
    alive = [view for view in shown if view.run.status.alive]
    if polling and not alive:
        redraw()
    if not shown:
        return
    if alive:
        _progress(shown, alive)
    columns = st.columns(len(MEASURES))
    for column, (measure, (title, axis)) in zip(columns, MEASURES.items(), strict=True):
        rows = _rows(shown, measure)
        if rows:
            with column:
                picture = seed_spread(rows, axis, title, share=measure != "seconds")
                st.altair_chart(picture, key=f"spread-{measure}", width="stretch")
    st.markdown(verdict(_rows(shown, "alignment accuracy"), "alignment accuracy"))
    _table(shown)


def _progress(shown: Sequence[View], alive: Sequence[View]) -> None:
    done = len(shown) - len(alive)
    st.progress(done / len(shown), f"{done} of {len(shown)} runs have ended")
    own = [view.run.id for view in alive if view.run.session == service.session()]
    if own:
        st.button(
            "Stop them",
            key="spread-stop",
            icon=":material/stop:",
            on_click=steer,
            args=("stop", own),
        )


def _rows(shown: Sequence[View], measure: str) -> list[dict[str, Any]]:
    rows = []
    for view in shown:
        value = _seconds_to_target(view) if measure == "seconds" else metric(view, measure)
        if value is not None:
            settings = view.run.settings
            rows.append({"name": settings["score"], "seed": settings["seed"], "value": value})
    return rows


def _seconds_to_target(view: View) -> float | None:
    exact = values(view, "exact match")
    return next((point["seconds"] for point in exact if point["value"] >= TARGET), None)


def verdict(rows: Sequence[Mapping[str, Any]], what: str) -> str:
    """Say whether some score function is apart from another on every seed tried.

    Args:
        rows: name, seed, value.
        what: the measure.
    """
    ranges: dict[str, list[float]] = {}
    for row in rows:
        ranges.setdefault(row["name"], []).append(row["value"])
    several = {name: found for name, found in ranges.items() if len(found) > 1}
    if len(several) < 2:
        return TEXT("one-seed")
    apart = [
        f"{plain(one)} above {plain(other)}"
        for one, above in several.items()
        for other, below in several.items()
        if min(above) > max(below)
    ]
    if not apart:
        return TEXT("overlap", what=what)
    fewest = min(map(len, several.values()))
    return TEXT("apart", what=what, apart="; ".join(apart), fewest=fewest)


def _table(shown: Sequence[View]) -> None:
    table = []
    for score in dict.fromkeys(view.run.settings["score"] for view in shown):
        some = [view for view in shown if view.run.settings["score"] == score]
        row: dict[str, Any] = {"Score function": score, "Seeds": len(some)}
        for measure, (title, _) in MEASURES.items():
            found = [one["value"] for one in _rows(some, measure)]
            row[title] = _range(found, measure, len(some))
        row["Broke down"] = sum(view.run.status is Status.FAILED for view in some)
        table.append(row)
    st.dataframe(pd.DataFrame(table), hide_index=True, key="spread-table", height="content")
    st.caption(TEXT("spread-table"))


def _range(found: Sequence[float], measure: str, count: int) -> str:
    if not found:
        return "–"
    mean, low, high = sum(found) / len(found), min(found), max(found)
    if measure == "seconds":
        missing = f", {count - len(found)} never" if len(found) < count else ""
        return f"{mean:.1f} ({low:.1f} to {high:.1f}{missing})"
    return f"{mean:.1%} ({low:.1%} to {high:.1%})"
