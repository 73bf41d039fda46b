"""Attention judged as a word alignment, beside alignments that need no network."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.lesson.asking import WAIT, ask
from lab.lesson.shown import names
from lab.runs import View

_BASELINES = {"diagonal": "The diagonal", "ibm model 1": "IBM model 1 (counts, no network)"}


@st.cache_resource(max_entries=16, show_spinner=False)
def _baselines(digest: str):
    return service.run_queue().ask_corpus(
        digest, "alignment_baselines", task="translation", session=service.session()
    )


def table(shown: Sequence[View]) -> None:
    """Draw alignment accuracy and alignment error rate of every run and two baselines."""
    if not shown:
        st.caption("Train a model with attention first.")
        return
    if not st.button("Measure on all pairs with gold links", key="measure-alignment"):
        st.caption(_EXPLANATION)
        return
    rows = []
    with st.spinner("Aligning …"):
        for view, name in zip(shown, names(shown), strict=True):
            found = ask(view, "alignment")
            if found and "alignment error rate" in found:
                rows.append(_row(name, found))
        for digest in dict.fromkeys(view.run.corpus for view in shown):
            try:
                found = _baselines(digest).result(timeout=2 * WAIT)
            except Exception:  # the pairs are gone, or the workers busy: the runs stand alone
                continue
            rows += [_row(_BASELINES[key], figures) for key, figures in found.items()]
    if not rows:
        st.info(
            "No run here has both attention and gold links. The lab's own tasks have them; own "
            "pairs need a file of gold alignments.",
            icon=":material/info:",
        )
        return
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="alignments",
        height="content",
        column_config={
            "Accuracy": st.column_config.NumberColumn(format="percent"),
            "Error rate (AER)": st.column_config.NumberColumn(format="%.3f"),
        },
    )
    st.caption(_EXPLANATION)


def _row(name: str, figures: dict[str, float]) -> dict[str, object]:
    return {
        "Alignment": name,
        "Accuracy": figures["alignment accuracy"],
        "Error rate (AER)": figures["alignment error rate"],
        "Pairs": figures["pairs"],
    }


_EXPLANATION = (
    "Every target word is linked to its most attended source word. **Accuracy**: share of the "
    "linked target words whose link is gold; higher is better. **AER** (Och and Ney 2003): "
    "1 − (|A∩S| + |A∩P|) / (|A| + |S|) with sure links S and possible links P; lower is better. "
    "Where one target word has several gold source words, as the month in a date, one link for "
    "each cannot reach AER 0. Links are never trained on, so all pairs are judged. On a few "
    "hundred real sentences expect attention to do worse than the diagonal and than counting: a "
    "network needs far more to learn from."
)
