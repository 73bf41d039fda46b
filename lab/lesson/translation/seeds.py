"""Score functions compared over several seeds at once: the spread, and no ranking on one seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lab.charts.comparison import seed_spread
from lab.lesson import service
from lab.lesson.lineup import Entry
from lab.lesson.measures import metric, values
from lab.lesson.shown import views_of
from lab.lesson.submit import enqueue
from lab.lesson.translation.pairs import ChosenPairs
from lab.lesson.translation.start import prepared
from lab.runs import Status, View
from lab.seq2seq.settings import SCORES
from lab.training import SettingsError

MOST = 24  # runs at once, as many as one browser may have
MEASURES = {
    "exact match": "Exact match at the end",
    "alignment accuracy": "Alignment accuracy at the end",
    "seconds": "Training seconds until 98 % exact match",
}
AXES = {
    "exact match": "exact match",
    "alignment accuracy": "alignment accuracy",
    "seconds": "training seconds",
}
TARGET = 0.98


def compare(chosen: ChosenPairs | None, budget: Mapping[str, float] | None) -> None:
    """Draw the controls of the comparison, and what its runs have reached.

    Args:
        chosen: the pairs of the set-up, None where it is hidden or not ready.
        budget: of the set-up.
    """
    st.markdown(
        "Does the score function matter, or the seed? Train each with several seeds, on the pairs "
        "and the budget of the set-up above."
    )
    if chosen is not None and budget is not None:
        _controls(chosen, budget)
    ids = [part for part in st.query_params.get("spread", "").split(",") if part][:MOST]
    shown = views_of(ids)
    if not shown:
        return
    polling = any(view.run.status.alive for view in shown)
    st.fragment(_live, run_every=1.0 if polling else None)(ids, polling)


def _controls(chosen: ChosenPairs, budget: Mapping[str, float]) -> None:
    left, middle, right = st.columns([4, 2, 2], vertical_alignment="bottom")
    with left:
        scores = st.pills(
            "Score functions",
            [score for score in SCORES if score != "none"],
            selection_mode="multi",
            default=[score for score in SCORES if score != "none"],
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
            disabled=not 0 < count <= MOST or not chosen.corpus.train,
        )
    if count > MOST:
        st.warning(f"{count} runs are more than {MOST}: fewer seeds, or fewer score functions.")
    if pressed:
        _start(chosen, budget, scores, seeds)


def _start(
    chosen: ChosenPairs, budget: Mapping[str, float], scores: Sequence[str], seeds: int
) -> None:
    first, names, settings = int(st.session_state.get("seed") or 0), [], []
    try:
        # Seed by seed: after a third of the time every score function has one run.
        for seed in range(first, first + seeds):
            for score in scores:
                settings += prepared([Entry("gru", {"score": score})], budget, chosen, seed)
                names.append(f"{score}, seed {seed}")
    except SettingsError as error:
        st.error(str(error), icon=":material/tune:")
        return
    ids = enqueue(names, settings, chosen.corpus, {"prompt": chosen.sentence})
    if ids:
        st.query_params["spread"] = ",".join(ids)
        st.rerun()


def _live(ids: Sequence[str], polling: bool) -> None:
    shown = views_of(ids)
    alive = [view for view in shown if view.run.status.alive]
    if polling and not alive:
        st.rerun()
    if alive:
        done = len(shown) - len(alive)
        st.progress(done / len(shown), f"{done} of {len(shown)} runs have ended")
        mine = [v.run.id for v in alive if v.run.session == service.session()]
        if mine and st.button("Stop them", key="spread-stop", icon=":material/stop:"):
            for run_id in mine:
                service.run_queue().stop(run_id, service.session())
    columns = st.columns(len(MEASURES))
    for column, (measure, title) in zip(columns, MEASURES.items(), strict=True):
        rows = _rows(shown, measure)
        with column:
            if rows:
                picture = seed_spread(rows, AXES[measure], title, share=measure != "seconds")
                st.altair_chart(picture, key=f"spread-{measure}", width="stretch")
    st.markdown(verdict(_rows(shown, "alignment accuracy"), "alignment accuracy"))
    _table(shown)


def _rows(shown: Sequence[View], measure: str) -> list[dict[str, object]]:
    rows = []
    for view in shown:
        value = _seconds_to_target(view) if measure == "seconds" else metric(view, measure)
        if value is not None:
            settings = view.run.settings
            rows.append({"name": settings["score"], "seed": settings["seed"], "value": value})
    return rows


def _seconds_to_target(view: View) -> float | None:
    for point in values(view, "exact match"):
        if point["value"] >= TARGET:
            return point["seconds"]
    return None


def verdict(rows: Sequence[Mapping[str, object]], what: str) -> str:
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
        return "One seed is no comparison: the sentence about it comes with the second seed."
    apart = [
        f"{one} above {other}"
        for one, above in several.items()
        for other, below in several.items()
        if min(above) > max(below)
    ]
    fewest = min(map(len, several.values()))
    if not apart:
        return (
            f"**On these seeds no score function is apart from another in {what}**: all ranges "
            "overlap. A ranking from one of these seeds would have been an accident."
        )
    return (
        f"In {what}, on all seeds: {'; '.join(apart)}. With {fewest} seeds each that is a hint, "
        "not a law; the other pairs overlap."
    )


def _table(shown: Sequence[View]) -> None:
    table = []
    for score in dict.fromkeys(view.run.settings["score"] for view in shown):
        some = [view for view in shown if view.run.settings["score"] == score]
        row: dict[str, object] = {"Score function": score, "Seeds": len(some)}
        for measure, title in MEASURES.items():
            found = [row["value"] for row in _rows(some, measure)]
            row[title] = _range(found, measure, len(some))
        failed = sum(view.run.status is Status.FAILED for view in some)
        row["Broke down"] = failed
        table.append(row)
    st.dataframe(pd.DataFrame(table), hide_index=True, key="spread-table", height="content")
    st.caption(
        "Mean, and in brackets lowest to highest over the seeds. Seconds are of the processor, "
        "evaluations left out, and coarse: exact match is measured every 32 steps."
    )


def _range(found: Sequence[float], measure: str, runs: int) -> str:
    if not found:
        return "–"
    mean, low, high = sum(found) / len(found), min(found), max(found)
    if measure == "seconds":
        missing = f", {runs - len(found)} never" if len(found) < runs else ""
        return f"{mean:.1f} ({low:.1f} to {high:.1f}{missing})"
    return f"{mean:.1%} ({low:.1%} to {high:.1%})"
