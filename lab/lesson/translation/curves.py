"""The chart of the lesson: exact match, alignment accuracy or loss of the runs against steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lab.charts.image import to_image
from lab.charts.metric import metric_chart, metric_rows
from lab.lesson.shown import names
from lab.runs import View

# What the chart can show -> (name in the points, or "" for the loss; title; whether it is a share).
MEASURES = {
    "Exact match": ("exact match", "Held-out sentences translated exactly", True),
    "Alignment": ("alignment accuracy", "Words whose strongest attention is a gold link", True),
    "Loss": ("", "Validation loss (nats per token)", False),
}


def metric(view: View, name: str) -> float | None:
    """Return the latest value of a metric, None while there is none."""
    for point in reversed(view.history.points):
        value = (point.get("metrics") or {}).get(name)
        if value is not None:
            return value
    return None


def values(view: View, name: str) -> list[dict[str, float]]:
    """Return step, seconds and value wherever a metric (the loss for "") was measured."""
    found = []
    for point in view.history.points:
        value = point.get("metrics", {}).get(name) if name else point.get("validation_loss")
        if value is not None:
            found.append({"step": point["step"], "seconds": point["seconds"], "value": value})
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], title: str, share: bool) -> dict:
    spec = metric_chart(labels, title, share).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def chart(shown: Sequence[View]) -> None:
    """Draw the measure that the student chose."""
    labels = names(shown)
    which = st.segmented_control(
        "Across the steps",
        list(MEASURES),
        default="Exact match",
        key="measure",
        required=True,
        bind="query-params",
        label_visibility="collapsed",
    )
    name, title, share = MEASURES[which]
    rows = metric_rows({label: values(v, name) for v, label in zip(shown, labels, strict=True)})
    st.vega_lite_chart(
        rows,
        _spec(tuple(labels), title, share),
        key=f"measure-{name or 'loss'}",
        width="stretch",
        alt=f"{title} against training steps for " + ", ".join(labels),
    )
    st.caption(
        {
            "Exact match": "**Exact match**: every token of the greedy translation is right. While "
            "training on 200 held-out pairs, at the end on all of them.",
            "Alignment": "**Alignment accuracy**: of the target tokens that have a gold link (from "
            "the generator, or from your file), the share whose most attended source token is one. "
            "Not there without attention.",
            "Loss": "**Loss**: cross-entropy per target token on the held-out pairs, when the true "
            "tokens before it are given.",
        }[which]
    )


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what draws the chart as "png" or "svg", for a download."""
    name, title, share = MEASURES[st.session_state.get("measure") or "Exact match"]
    rows = metric_rows(
        {label: values(v, name) for v, label in zip(shown, labels, strict=True)}, most=2_000
    )
    picture = metric_chart(labels, title, share, rows)
    return lambda form: to_image(picture, form)
