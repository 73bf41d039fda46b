"""The third tab: one map maker, one scene, 1 to 6 acquisitions: does the IoU stay?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import iou_by_count
from lab.crops.scenes.regions import REGIONS
from lab.lesson.composites import TEXT
from lab.lesson.composites.scene_picker import Scene
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import Question, compare

Rows = Sequence[Mapping[str, Any]]  # way, count, iou, low, high, recall, precision

RISES, FALLS, STAYS, TURNS = GUESSES = (
    "Rises",
    "Falls",
    "Stays within 0.03",
    "Rises, then falls",
)
_VERBS = {RISES: "rose", FALLS: "fell", STAYS: "stayed within 0.03", TURNS: "rose, then fell"}
SMALL = 0.03  # of IoU: a change that is none
WAYS = {"paper": "as in the paper", "mean": "all by mean"}

NETWORK, TUNED, RULE = "Korean network", "Spanish network", "Physics rule"
_MAKERS = {NETWORK: "korea", TUNED: "spain", RULE: "rule"}
MODEL = Choice("model", "Who makes the map", list(_MAKERS), help=TEXT("model-help"))
QUESTION = Question(name="iou_guess", widget="iou_guess_pills", lesson="composites")
_DRAWN = "composites-iou"  # in the session: the rows that were last drawn, and of which scene


def maker() -> str:
    """Return who makes the map: "korea", "spain" or "rule"."""
    return _MAKERS[MODEL.value]


def drawn_rows(scene: Scene) -> Rows:
    """Return the rows that were last drawn for this scene, or none."""
    of, rows = st.session_state.get(_DRAWN, (None, []))
    return rows if of == (scene.place.key, scene.seed) else []


def iou_tab(page: Page) -> None:
    """Ask what the IoU does, and draw it against the number of acquisitions."""
    scene: Scene = page.chosen
    MODEL.draw()
    guess = _ask(page, scene)
    if guess is None:
        page.unanswered = True  # what to notice says this too
        st.caption(TEXT("guess-first"))
        return
    with st.spinner(TEXT("making-maps")):
        judged = ask.compute(
            "lab.crops.scenes.passes",
            "judged",
            model=maker(),
            region_=scene.place.key,
            seed=scene.seed,
            size=scene.arguments["size"],
        )
    if judged is None:
        return
    rows = judged["rows"]
    st.session_state[_DRAWN] = (scene.place.key, scene.seed), rows
    st.altair_chart(picture(rows, scene), key="iou-chart", width="stretch")
    came = outcome(of_way(rows, "paper"))
    compare(guess, guess == came, TEXT("iou-outcome", did=_VERBS[came]))
    _in_words(rows, judged["pixels"], scene)


def _ask(page: Page, scene: Scene) -> str | None:
    hidden = page.lesson.hides("controls") or page.lesson.hides("question")
    if not hidden and maker() in ("korea", "spain") and scene.place.target != "rice":
        st.caption(TEXT("other-crop"))
    about = f"{maker()}-{scene.place.key}"
    return QUESTION.ask(TEXT("predict-iou", region=scene.place.name), GUESSES, about, hidden)


def picture(rows: Rows, scene: Scene, height: int = 320) -> alt.LayerChart:
    """Return the chart; both ways with the switch on, else the paper's alone."""
    ways = list(WAYS) if scene.way == "mean" else ["paper"]
    data = pd.DataFrame(rows)
    data = data[data.way.isin(ways)]
    data = data.assign(name=[WAYS[way] for way in data.way])
    return iou_by_count(data, [WAYS[way] for way in ways], height, scene.passes)


def of_way(rows: Rows, way: str) -> list[float]:
    """Return the IoU at 1 to 6 acquisitions."""
    return [row["iou"] for row in rows if row["way"] == way]


def outcome(values: Sequence[float]) -> str:
    """Return the option that IoU at 1 to 6 acquisitions is."""
    first, last, top = values[0], values[-1], max(values)
    if top - max(first, last) > SMALL:
        return TURNS
    if abs(last - first) <= SMALL:
        return STAYS
    return RISES if last > first else FALLS


def _in_words(rows: Rows, pixels: Mapping[str, int], scene: Scene) -> None:
    paper = [row for row in rows if row["way"] == "paper"]
    first, last = paper[0], paper[-1]
    figures = {
        "first": f"{first['iou']:.2f}",
        "best": f"{max(row['iou'] for row in paper):.2f}",
        "last": f"{last['iou']:.2f}",
        "target": scene.place.target,
        "found_first": f"{first['recall']:.0%}",
        "found_last": f"{last['recall']:.0%}",
        "right_first": f"{first['precision']:.0%}",
        "right_last": f"{last['precision']:.0%}",
    }
    st.markdown(TEXT("as-in-paper", **figures))
    if scene.way == "mean":
        means = [f"{value:.2f}" for value in of_way(rows, "mean")]
        st.markdown(TEXT("all-by-mean", first=means[0], last=means[-1]))
    else:
        st.markdown(TEXT("switch-mean"))
    st.caption(
        TEXT(
            "iou",
            target=scene.place.target,
            crop=f"{pixels['crop']:,}",
            all=f"{pixels['all']:,}",
            tuned=REGIONS["spain"].acquisitions,
        )
    )
