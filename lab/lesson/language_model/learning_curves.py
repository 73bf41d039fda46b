"""The chart of the lesson: learning curves of the runs, with n-gram counts as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lab.charts.image import to_image
from lab.charts.loss import X_AXES, Curve, loss_chart, loss_rows
from lab.lesson.kit.keys import Choice, Choices, Switch
from lab.lesson.kit.runs import names
from lab.lesson.language_model import TEXT, ngram_counts
from lab.lesson.language_model.run_figures import corpus_facts
from lab.runs import View
from lab.text.corpora import CORPORA

ACROSS = Choice("x", "Across", {axis: axis.capitalize() for axis in X_AXES}, "step")
LOG_LOSS = Switch("log", "Logarithmic loss")
LOG_ACROSS = Switch("log_x", "Logarithmic across")
LINES = Choices(
    "orders", "N-gram counts", {order: f"{order}-gram" for order in ngram_counts.ORDERS}, (2, 3, 5)
)
KEYS = (ACROSS, LOG_LOSS, LOG_ACROSS, LINES, ngram_counts.SMOOTHING)


def curves(shown: Sequence[View]) -> list[Curve]:
    """Return the curves of the runs for `lab.charts`."""
    return [
        Curve(
            name,
            [point for point in view.history.points if not point.get("interim")]
            + [point for point in view.history.points[-1:] if point.get("interim")],
        )
        for view, name in zip(shown, names(shown), strict=True)
    ]


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], x: str, log: bool, log_x: bool, unit: str) -> dict[str, Any]:
    spec = loss_chart(labels, x, log, log_x, unit=unit).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def unit(shown: Sequence[View]) -> str:
    """Return the unit of the losses: a token is a character or a word."""
    kinds = {corpus_facts(view.run.corpus)["kind"] for view in shown}
    return f"nats per {kinds.pop()}" if len(kinds) == 1 else "nats per token"


def chart(shown: Sequence[View]) -> None:
    """Draw the learning curves with the axes that the student chose."""
    place = st.container()
    _axes()
    ngram_counts.count(shown)
    with place:
        _draw(shown)


def _draw(shown: Sequence[View]) -> None:
    x, given = ACROSS.value, names(shown)
    st.vega_lite_chart(
        loss_rows(curves(shown), chosen_lines(shown) | floor(shown), x),
        _spec(tuple(given), x, LOG_LOSS.value, LOG_ACROSS.value, unit(shown)),
        key="losses",
        width="stretch",
        alt="Loss against training for " + ", ".join(given) + "; the same numbers stand below.",
    )
    waits = ", being counted …" if ngram_counts.being_counted(shown) else ""
    st.caption(TEXT("chart", smoothing=ngram_counts.SMOOTHING.value, waits=waits))


def _axes() -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        ACROSS.draw()
        with st.popover("Chart options", icon=":material/tune:"):
            LOG_LOSS.draw()
            LOG_ACROSS.draw()
            LINES.draw()
            ngram_counts.SMOOTHING.draw()


def floor(shown: Sequence[View]) -> dict[str, float]:
    """Return the floor under the loss of a generated text, where the runs learn from all of one.

    A reader who knew every rule of the generator would still be surprised by its dice, this much.
    """
    texts = {corpus_facts(view.run.corpus)["name"] for view in shown}
    floors = {card.title: card.floor for card in CORPORA.values()}
    if len(texts) != 1 or unit(shown) != "nats per character":
        return {}
    known = floors.get(texts.pop())
    return {"floor: the generator's own dice": known} if known else {}


def chosen_lines(shown: Sequence[View]) -> dict[str, float]:
    """Return the counts that the student wants on the chart, as far as they are counted."""
    wanted = {ngram_counts.label(order) for order in LINES.value}
    return {name: loss for name, loss in ngram_counts.losses(shown).items() if name in wanted}


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what draws the chart as "png" or "svg", for a download."""
    x = ACROSS.value
    rows = loss_rows(curves(shown), chosen_lines(shown) | floor(shown), x, points=2_000)
    picture = loss_chart(labels, x, LOG_LOSS.value, LOG_ACROSS.value, rows, unit(shown))
    return lambda form: to_image(picture, form)
