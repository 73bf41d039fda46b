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
    rows = [
        {
            "n": row["order"],
            "Validation loss": row["validation_loss"],
            "Train loss": row["train_loss"],
            "Counts stored": row["parameters"],
            **{key.replace("_", " ").capitalize(): value for key, value in row["sparsity"].items()},
        }
        for row in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="sparsity")
    st.markdown(
        "An n-gram model predicts the next token from the n - 1 before it, by how often it has "
        "seen them together. With n grows what it could know, and shrinks what it has seen."
    )
    order = st.select_slider(
        "Let the counts write, n =", [row["order"] for row in found], key="write-order"
    )
    sample = next(row["sample"] for row in found if row["order"] == order)
    st.code(sample if isinstance(sample, str) else sample["text"], language=None, wrap_lines=True)
