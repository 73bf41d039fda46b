"""N-gram counts of the text on the chart: their losses, and how little of a text they have seen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice
from lab.lesson.language_model import TEXT
from lab.runs import View

ORDERS = (1, 2, 3, 4, 5)
SMOOTHING = Choice(
    "smoothing",
    "Smoothing of the counts",
    ("add-k", "back-off"),
    help=TEXT("smoothing-help"),
)


def label(order: int) -> str:
    """Return the name of the counts of an order."""
    return f"{order}-gram counts"


def _counting(shown: Sequence[View]) -> tuple[Hashable, Callable[[], Future]] | None:
    """Return key and sender of the question; None where the runs do not share one text.

    Losses on different texts share no line.
    """
    digests = {view.run.corpus for view in shown}
    if len(digests) != 1:
        return None
    (digest,), smoothing, queue = digests, SMOOTHING.value, service.run_queue()

    def send() -> Future:
        return queue.ask_corpus(
            digest,
            "ngram_baselines",
            session=service.session(),
            orders=list(ORDERS),
            smoothing=smoothing,
        )

    return ("ngram_baselines", digest, smoothing), send


def count(shown: Sequence[View]) -> None:
    """Have the text of the runs counted; the wait, or why it cannot be, is said here.

    While a run is alive its panel looks again each second, and nothing waits here.
    """
    counting = _counting(shown)
    if counting is not None:
        alive = any(view.run.status.alive for view in shown)
        with st.container():  # stays when the wait goes: nothing below it changes its place
            ask.answer(*counting, patience=0.0 if alive else None)


def counts(shown: Sequence[View]) -> list[dict[str, Any]]:
    """Return what `lab.training.questions.ngram_baselines` says; empty while it is not known."""
    counting = _counting(shown)
    return (ask.known(counting[0]) or []) if counting else []


def being_counted(shown: Sequence[View]) -> bool:
    """Return whether a worker counts."""
    counting = _counting(shown)
    return counting is not None and ask.under_way(counting[0])


def losses(shown: Sequence[View]) -> dict[str, float]:
    """Return label -> validation loss in nats per token; empty while it is not known."""
    return {label(row["order"]): row["validation_loss"] for row in counts(shown)}


def sparsity(shown: Sequence[View]) -> None:
    """Draw a row for each order n of the counts on the text of the runs, and what they write."""
    if _counting(shown) is None:
        st.caption(TEXT("no-counts"))
        return
    rows = counts(shown)
    if not rows:
        st.caption("Being counted …" if being_counted(shown) else TEXT("not-counted"))
        return
    st.dataframe(
        pd.DataFrame([_row(row) for row in rows]),
        hide_index=True,
        key="sparsity",
        column_config={
            "Held-out n-grams never seen": st.column_config.NumberColumn(format="percent"),
            "Held-out contexts never seen": st.column_config.NumberColumn(format="percent"),
        },
    )
    st.markdown(TEXT("what-counts-know"))
    order = st.select_slider(
        "Let the counts write, n =", [row["order"] for row in rows], key="write-order"
    )
    sample = next(row["sample"] for row in rows if row["order"] == order)
    st.code(sample, language=None, wrap_lines=True)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    seen = row["sparsity"]
    return {
        "n": row["order"],
        "Validation loss": round(row["validation_loss"], 3),
        "Train loss": round(row["train_loss"], 3),
        "Possible n-grams": _large(seen["possible_ngrams"]),
        "Seen in training": _large(seen["seen_ngrams"]),
        "Seen only once": _large(seen["seen_only_once"]),
        "Held-out n-grams never seen": seen["share_of_validation_ngrams_never_seen"],
        "Held-out contexts never seen": seen["share_of_validation_contexts_never_seen"],
        "Numbers stored": _large(row["parameters"]),
    }


def _large(number: int) -> str:
    # A table's integers end at 2^63; five words out of 8,000 are more than that.
    return f"{number:,}" if number < 10**9 else f"{float(number):.1e}"
