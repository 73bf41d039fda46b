"""Attention judged as a word alignment, beside alignments that need no network."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.lesson.kit import ask
from lab.lesson.kit.runs import names
from lab.lesson.translation import TEXT
from lab.runs import View

_BASELINES = {"diagonal": "The diagonal", "ibm model 1": "IBM model 1 (counts, no network)"}
_MEASURED = "alignment-measured"  # ids of the runs that were asked about


def gold_links(shown: Sequence[View]) -> None:
    """Draw alignment accuracy and alignment error rate of every run and two baselines."""
    if not shown:
        st.caption(TEXT("train-to-align"))
        return
    ids = [view.run.id for view in shown]
    if st.button("Measure on all pairs with gold links", key="measure-alignment"):
        st.session_state[_MEASURED] = ids
    if st.session_state.get(_MEASURED) == ids:
        _measured(shown)
    st.caption(TEXT("gold-links"))


def _measured(shown: Sequence[View]) -> None:
    labels = names(shown)
    questions = [
        (*ask.asking(view, "alignment"), name) for view, name in zip(shown, labels, strict=True)
    ]
    digests = dict.fromkeys(view.run.corpus for view in shown)
    questions += [(*_baselines(digest), "") for digest in digests if _at_hand(digest)]
    answers = ask.several(questions)
    rows = [
        _row(name, found)
        for name, found in zip(labels, answers, strict=False)
        if found and "alignment error rate" in found
    ]
    for found in answers[len(shown) :]:
        rows += [_row(_BASELINES[key], figures) for key, figures in (found or {}).items()]
    if rows:
        _table(rows)
    elif None not in answers:
        st.info(TEXT("no-gold"), icon=":material/info:")


def _at_hand(digest: str) -> bool:
    # Without the pairs the runs stand alone: a loaded run may have been trained elsewhere.
    try:
        return service.run_queue().store.corpus_path(digest).exists()
    except KeyError:
        return False


def _baselines(digest: str) -> tuple[Hashable, Callable[[], Future]]:
    queue = service.run_queue()

    def send() -> Future:
        session = service.session()
        return queue.ask_corpus(digest, "alignment_baselines", task="translation", session=session)

    return ("alignment_baselines", digest), send


def _row(name: str, figures: Mapping[str, float]) -> dict[str, Any]:
    return {
        "Alignment": name,
        "Accuracy": figures["alignment accuracy"],
        "Error rate (AER)": figures["alignment error rate"],
        "Pairs": figures["pairs"],
    }


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
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
