"""The third tab: one map maker, one scene, 1 to 6 acquisitions: does the IoU stay?"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import iou_by_count
from lab.crops.scenes.regions import REGIONS
from lab.lesson.asking import compute
from lab.lesson.composites.controls import MODELS, NETWORK, RULE, SIZE, TUNED, Chosen
from lab.lesson.frame import SKIP, Lesson, hidden

RISES, FALLS, STAYS, TURNS = OPTIONS = (
    "Rises",
    "Falls",
    "Stays within 0.03",
    "Rises, then falls",
)
WAYS = {"paper": "as in the paper", "mean": "all by mean"}
MAKERS = {NETWORK: "korea", TUNED: "spain", RULE: "rule"}
SMALL = 0.03  # of IoU: a change that is none
_TOLD = "composites-iou"  # in the session: the last figures, and what they are of


def known(chosen: Chosen) -> list[dict[str, Any]]:
    """Return the rows that were last drawn for this scene, or none."""
    of, rows = st.session_state.get(_TOLD, (None, []))
    return rows if of == (chosen.place.key, chosen.seed) else []


def desk(lesson: Lesson, chosen: Chosen) -> None:
    """Draw the IoU against the number of acquisitions."""
    model = st.segmented_control(
        "Who makes the map",
        list(MODELS),
        default=NETWORK,
        key="model",
        bind="query-params",
        required=True,
        help="The Korean network is the lab's small recurrent U-Net, trained on synthetic Korean "
        "scenes; the Spanish one is the same, fine-tuned to Spain. The rule needs no training: "
        "rice where VH rises by more than 5 dB.",
    )
    maker = MAKERS[model or NETWORK]
    guess = _guess(lesson, chosen, maker)
    if guess is None:
        st.caption("Guess above, or say that you would rather not: then the answer stands here.")
        return
    with st.spinner("Making twelve maps: 1 to 6 acquisitions, two ways …"):
        found = compute(
            "lab.crops.scenes.passes",
            "judged",
            model=maker,
            region_=chosen.place.key,
            seed=chosen.seed,
            size=SIZE,
        )
    if found is None:
        return
    rows = found["rows"]
    st.session_state[_TOLD] = (chosen.place.key, chosen.seed), rows
    st.altair_chart(picture(rows, chosen), key="iou-chart", width="stretch")
    _say(rows, found["pixels"], chosen, guess)


def picture(rows: list[dict[str, Any]], chosen: Chosen, height: int = 320) -> alt.LayerChart:
    """Return the chart; both ways with the switch on, else the paper's alone."""
    ways = list(WAYS) if chosen.way == "mean" else ["paper"]
    data = pd.DataFrame(rows)
    data = data[data.way.isin(ways)]
    data = data.assign(name=[WAYS[way] for way in data.way])
    return iou_by_count(data, [WAYS[way] for way in ways], height, chosen.passes)


def of_way(rows: list[dict[str, Any]], way: str) -> list[float]:
    """Return the IoU at 1 to 6 acquisitions."""
    return [row["iou"] for row in rows if row["way"] == way]


def outcome(values: list[float]) -> str:
    """Return the option that IoU at 1 to 6 acquisitions is."""
    first, last, top = values[0], values[-1], max(values)
    if top - max(first, last) > SMALL:
        return TURNS
    if abs(last - first) <= SMALL:
        return STAYS
    return RISES if last > first else FALLS


def _guess(lesson: Lesson, chosen: Chosen, maker: str) -> str | None:
    """Ask for a guess about this maker and region; who would rather not is asked no more."""
    made: dict[str, str] = st.session_state.setdefault("composites-iou-guesses", {})
    key = f"{maker}-{chosen.place.key}"
    if hidden("controls") or SKIP in made.values() or st.query_params.get("iou_guess") == SKIP:
        return made.get(key, SKIP)
    linked = st.query_params.get("iou_guess", "")
    if linked.startswith(f"{key}:") and linked[len(key) + 1 :] in OPTIONS:
        made.setdefault(key, linked[len(key) + 1 :])
    if maker in ("korea", "spain") and chosen.place.target != "rice":
        st.caption("These networks look for rice, and are asked for barley here.")
    picked = lesson.predict(
        f"The same scene of {chosen.place.name}, composites of 1, 2 … 6 acquisitions, nothing "
        "trained anew. The IoU of this map:",
        OPTIONS,
        f"iou-{key}",
    )
    if picked:
        made[key] = picked
    if key in made:
        st.query_params["iou_guess"] = SKIP if made[key] == SKIP else f"{key}:{made[key]}"
    return made.get(key)


def _say(rows: list[dict[str, Any]], pixels: dict, chosen: Chosen, guess: str) -> None:
    values = of_way(rows, "paper")
    target = chosen.place.target
    if guess != SKIP:
        st.markdown(f"You said: **{guess.lower()}**. It {_verb(outcome(values))}.")
    first, last = (row for row in rows if row["way"] == "paper" and row["count"] in (1, 6))
    st.markdown(
        f"- **As in the paper**: IoU {values[0]:.2f} at 1 acquisition, {max(values):.2f} at best, "
        f"{values[-1]:.2f} at 6. Of the {target}, {first['recall']:.0%} is found at 1 and "
        f"{last['recall']:.0%} at 6; of what is called {target}, {first['precision']:.0%} and "
        f"{last['precision']:.0%} is."
    )
    if chosen.way == "mean":
        means = of_way(rows, "mean")
        st.markdown(f"- **All by mean**: IoU {means[0]:.2f} at 1, {means[-1]:.2f} at 6.")
    else:
        st.markdown("- Switch *All composites by mean* on to draw the other line.")
    st.caption(
        f"IoU of the {target} in one synthetic scene, {pixels['crop']:,} of {pixels['all']:,} "
        "pixels. Band: 95 % bootstrap over tiles of 32 x 32 pixels; the tiles are the same at "
        "each number, so a change is surer than bands that overlap suggest. One scene and one "
        "training: not a ranking. The Korean network learned from composites of 1 to 6 "
        f"acquisitions in turn, the Spanish one was fine-tuned at {REGIONS['spain'].acquisitions}; "
        "both with the paper's operators, so composites by mean are new to them."
    )


def _verb(said: str) -> str:
    return {
        RISES: "rose",
        FALLS: "fell",
        STAYS: "stayed within 0.03",
        TURNS: "rose, then fell",
    }[said]
