"""The chart of a lesson that measures more than a loss: one of several measures against steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts.image import to_image
from lab.charts.metric import metric_chart, metric_rows
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.runs import names
from lab.runs import View


@dataclass(frozen=True)
class Measure:
    """Something that a chart can show.

    Args:
        metric: its name in the events of a run, "" for the validation loss.
        title: of the axis.
        share: whether it lies between 0 and 1.
        help: what it is, below the chart.
    """

    metric: str
    title: str
    share: bool
    help: str


def metric(view: View, name: str) -> float | None:
    """Return the latest value of a metric, None while there is none."""
    found = values(view, name)
    return found[-1]["value"] if found else None


def values(view: View, name: str) -> list[dict[str, float]]:
    """Return step, seconds and value wherever a metric (the loss for "") was measured."""
    found = []
    for point in view.history.points:
        metrics = point.get("metrics") or {}
        value = metrics.get(name) if name else point.get("validation_loss")
        if value is not None:
            found.append({"step": point["step"], "seconds": point["seconds"], "value": value})
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], title: str, share: bool) -> dict[str, Any]:
    spec = metric_chart(labels, title, share).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def key(measures: Mapping[str, Measure]) -> Choice:
    """Return the key of the choice in the link."""
    return Choice("measure", "Measure", list(measures))


def choose(measures: Mapping[str, Measure]) -> Measure:
    """Draw the choice of a measure, the first one at first, and return it."""
    return measures[key(measures).draw(label_visibility="collapsed")]


def chart(shown: Sequence[View], measures: Mapping[str, Measure]) -> None:
    """Draw the measure that the student chose."""
    labels, chosen = names(shown), choose(measures)
    spec = _spec(tuple(labels), chosen.title, chosen.share)
    plot(_rows(shown, labels, chosen), spec, labels, chosen)


def plot(
    rows: Any, spec: dict[str, Any], labels: Sequence[str], chosen: Measure, more: str = ""
) -> None:
    """Draw a measure through training, and what it is; `more` is said besides."""
    st.vega_lite_chart(
        rows,
        spec,
        key=f"measure-{chosen.metric or 'loss'}",
        width="stretch",
        alt=f"{chosen.title} against training steps for " + ", ".join(labels),
    )
    st.caption(chosen.help + more)


def _rows(shown: Sequence[View], labels: Sequence[str], measure: Measure, most: int = 300) -> Any:
    found = {label: values(v, measure.metric) for v, label in zip(shown, labels, strict=True)}
    return metric_rows(found, most)


def drawing(
    measures: Mapping[str, Measure],
) -> Callable[[Sequence[View], Sequence[str]], Callable[[str], bytes]]:
    """Return what `lab.lesson.kit.keep` asks for: a drawing of the chosen measure."""

    def draw(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
        chosen = measures[key(measures).value]
        rows = _rows(shown, labels, chosen, 2_000)
        picture = metric_chart(labels, chosen.title, chosen.share, rows)
        return lambda form: to_image(picture, form)

    return draw
