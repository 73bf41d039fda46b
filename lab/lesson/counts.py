"""N-gram counts of the text on the chart: their losses, and how little of a text they have seen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lab.lesson import curves, service
from lab.runs import View


def sparsity(shown: Sequence[View]) -> None:
    """Draw a row for each order n of the counts on the text of the runs."""
    digests = {view.run.corpus for view in shown}
    if len(digests) != 1:
        st.caption("Train something first: the counts of its text then stand here.")
        return
    found = service.counts(digests.pop(), curves.smoothing())
    if found is None:
        st.caption("Being counted …")
        return
    if not found:
        st.caption("The text of these runs could not be counted: it may not be on this server.")
        return
    st.dataframe(
        pd.DataFrame([_row(row) for row in found]),
        hide_index=True,
        key="sparsity",
        column_config={
            "Held-out n-grams never seen": st.column_config.NumberColumn(format="percent"),
            "Held-out contexts never seen": st.column_config.NumberColumn(format="percent"),
        },
    )
    st.markdown(
        "An n-gram model predicts the next token from the n - 1 before it, by how often it has "
        "seen them together. With n grows what it could know, and shrinks what it has seen."
    )
    order = st.select_slider(
        "Let the counts write, n =", [row["order"] for row in found], key="write-order"
    )
    sample = next(row["sample"] for row in found if row["order"] == order)
    st.code(sample if isinstance(sample, str) else sample["text"], language=None, wrap_lines=True)


def _row(row: dict) -> dict:
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
