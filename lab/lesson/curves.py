"""The chart of the lesson: learning curves of the runs, with n-gram counts as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from lab.charts.image import to_image
from lab.charts.loss import X_AXES, Curve, loss_chart, loss_rows
from lab.lesson import counters, service
from lab.lesson.shown import names
from lab.runs import View
from lab.text.corpora import CORPORA

SMOOTHINGS = ("add-k", "back-off")


def smoothing() -> str:
    """Return how the counts are smoothed, as chosen below the chart."""
    return st.session_state.get("smoothing") or SMOOTHINGS[0]


def baselines(shown: Sequence[View]) -> dict[str, float] | None:
    """Return label -> loss of the n-gram counts; None while they are counted.

    Only when all runs learn from one text: losses on different texts share no line.
    """
    digests = {view.run.corpus for view in shown}
    if len(digests) != 1:
        return {}
    found = service.counts(digests.pop(), smoothing())
    if found is None:
        return None
    return {f"{row['order']}-gram counts": row["validation_loss"] for row in found}


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
def _spec(names: tuple[str, ...], x: str, log: bool, log_x: bool, unit: str) -> dict:
    spec = loss_chart(names, x, log, log_x, unit=unit).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def unit(shown: Sequence[View]) -> str:
    """Return the unit of the losses: a token is a character or a word."""
    kinds = {counters.corpus_facts(view.run.corpus)["kind"] for view in shown}
    return f"nats per {kinds.pop()}" if len(kinds) == 1 else "nats per token"


def chart(shown: Sequence[View]) -> None:
    """Draw the learning curves with the axes that the student chose."""
    lines = baselines(shown)
    x = st.session_state.get("x") or "step"
    log, log_x = bool(st.session_state.get("log")), bool(st.session_state.get("log_x"))
    counted = shown_baselines(shown)
    rows = loss_rows(curves(shown), counted | floor(shown), x)
    given = names(shown)
    st.vega_lite_chart(
        rows,
        _spec(tuple(given), x, log, log_x, unit(shown)),
        key="losses",
        width="stretch",
        alt="Loss against training for " + ", ".join(given) + "; the same numbers stand below.",
    )
    st.caption(
        "Solid: **validation** (while training an estimate on a fixed sample of the held-out part, "
        f"at the end all of it). Dashed: **training**. Grey: **n-gram counts** ({smoothing()}"
        + (", being counted …)" if lines is None else ").")
    )
    _axes()


def _axes() -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Across",
            list(X_AXES),
            default="step",
            key="x",
            required=True,
            bind="query-params",
            format_func=str.capitalize,
        )
        with st.popover("Chart options", icon=":material/tune:"):
            st.toggle("Logarithmic loss", key="log", bind="query-params")
            st.toggle("Logarithmic across", key="log_x", bind="query-params")
            st.pills(
                "N-gram counts",
                [1, 2, 3, 4, 5],
                selection_mode="multi",
                default=[2, 3, 5],
                key="orders",
                bind="query-params",
                format_func=lambda n: f"{n}-gram",
            )
            st.segmented_control(
                "Smoothing of the counts",
                SMOOTHINGS,
                default=SMOOTHINGS[0],
                key="smoothing",
                required=True,
                bind="query-params",
                help="Add-k gives every n-gram a little that was never seen. Back-off "
                "(interpolated Kneser-Ney) asks shorter n-grams where the long one is rare, and "
                "is much better.",
            )


def floor(shown: Sequence[View]) -> dict[str, float]:
    """Return the floor under the loss of a generated text, where the runs learn from all of one.

    A reader who knew every rule of the generator would still be surprised by its dice, this much.
    """
    texts = {counters.corpus_facts(view.run.corpus)["name"] for view in shown}
    floors = {card.title: card.floor for card in CORPORA.values()}
    if len(texts) != 1 or unit(shown) != "nats per character":
        return {}
    known = floors.get(texts.pop())
    return {"floor: the generator's own dice": known} if known else {}


def shown_baselines(shown: Sequence[View]) -> dict[str, float]:
    """Return the baselines that the student wants on the chart, as far as they are counted."""
    orders = st.session_state.get("orders")
    wanted = {f"{order}-gram counts" for order in ([2, 3, 5] if orders is None else orders)}
    return {name: loss for name, loss in (baselines(shown) or {}).items() if name in wanted}


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what draws the chart as "png" or "svg", for a download."""
    x = st.session_state.get("x") or "step"
    log, log_x = bool(st.session_state.get("log")), bool(st.session_state.get("log_x"))
    rows = loss_rows(curves(shown), shown_baselines(shown) | floor(shown), x, points=2_000)
    chart = loss_chart(labels, x, log, log_x, rows, unit(shown))
    return lambda form: to_image(chart, form)
