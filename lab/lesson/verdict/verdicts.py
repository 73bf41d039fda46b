"""The trained classifiers at work: a sentence of your own, word by word, and their mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.decoding import matrix
from lab.charts.heatmap import Quantity
from lab.charts.verdict import verdict_bars
from lab.lesson import pictures
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Words
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.verdict import TEXT
from lab.lesson.verdict.measures import WORDS, class_names, most_probable
from lab.runs import View

MOST_MISTAKES = 20
LONG = 24  # words from which the table of them gets a row of its own
SENTENCE = Words(
    "sentence",
    "A sentence of yours",
    TEXT("sentence"),
    500,  # characters; `lab.classify.questions` checks again
    help=TEXT("sentence-help"),
)


def try_sentence(page: Experiment) -> None:
    """Let the student type a sentence; draw what each run says, and which words it said it for."""
    shown = _trained(page)
    sentence = SENTENCE.draw()
    if not shown:
        st.caption(TEXT("train-first"))
        return
    shown = _of_one_kind(shown)
    labels = names(shown)
    found = ask.several(
        [
            (*ask.asking(view, "explain", sentence=sentence), name)
            for view, name in zip(shown, labels, strict=True)
        ]
    )
    answers = {name: one for name, one in zip(labels, found, strict=True) if one is not None}
    if answers:
        page.more["verdicts"] = {
            name: most_probable(one["probabilities"]) for name, one in answers.items()
        }
        _draw(answers, _counted(shown, answers))


def _trained(page: Experiment) -> list[View]:
    return [view for view in page.shown if view.run.checkpoint]


def _of_one_kind(shown: Sequence[View]) -> list[View]:
    """Return the runs with the classes of the first one; say so if others are left out."""
    classes = class_names(shown[0])
    same = [view for view in shown if class_names(view) == classes]
    if len(same) < len(shown):
        st.caption(TEXT("other-classes"))
    return same


def _counted(shown: Sequence[View], answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    # A bag of words belongs to its texts: runs of several experiments have none in common.
    keys = ("examples", "seed")
    apart = {(view.run.corpus, *(view.run.settings[key] for key in keys)) for view in shown}
    return next(iter(answers.values()))["counted"] if len(apart) == 1 else None


def _draw(answers: Mapping[str, Any], counted: Mapping[str, Any] | None) -> None:
    first = next(iter(answers.values()))
    rows = {**answers, **({WORDS: counted} if counted else {})}
    long = len(first["words"]) > LONG
    left, right = (st.container(), st.container()) if long else st.columns([1, 1], gap="medium")
    with left:
        probabilities = [row["probabilities"] for row in rows.values()]
        bars = verdict_bars(list(rows), first["classes"], probabilities, pictures.half())
        pictures.show(bars, "verdict-bars")
    with right:
        _words(rows, first, long)
    cut = f"{TEXT('cut')} " if first["cut"] else ""
    st.caption(TEXT("words-left-out", cut=cut))


def _words(rows: Mapping[str, Mapping[str, Any]], first: Mapping[str, Any], long: bool) -> None:
    """Draw what each word adds to a class, for each classifier."""
    classes = first["classes"]
    what = st.segmented_control(
        "What speaks for",
        range(len(classes)),
        format_func=lambda k: classes[k],
        default=len(classes) - 1,
        key=f"speaks-for-{len(classes)}",
        required=True,
    )
    table = [
        [row["probabilities"][what] - without[what] for without in row["without"]]
        for row in rows.values()
    ]
    width = None if long and not pictures.on_phone() else pictures.half() + 60
    drawn = matrix(
        table,
        list(rows),
        first["words"],
        f"What each word adds to p({classes[what]})",
        titles=("", "word left out"),
        width=width,
        quantity=Quantity("change of probability").reaching(table),
    )
    pictures.show(drawn, "verdict-words")


def mistakes(page: Experiment) -> None:
    """List the held-out texts that a run is most wrong about."""
    shown = _trained(page)
    if not shown:
        st.caption(TEXT("train-for-mistakes"))
        return
    labels = names(shown)
    chosen = st.selectbox(
        "Mistakes of", range(len(shown)), format_func=lambda n: labels[n], key="mistakes-of"
    )
    view = shown[min(chosen, len(shown) - 1)]
    found = ask.of_run(view, "mistakes", count=MOST_MISTAKES)
    if found is None:
        return
    if not found:
        st.caption(TEXT("no-mistakes"))
        return
    st.dataframe(
        pd.DataFrame(
            {
                "text": [row["text"] for row in found],
                "right": [row["right"] for row in found],
                "said": [row["said"] for row in found],
                "p(right)": [row["probability"] for row in found],
                "new word": [row["new"] for row in found],
            }
        ),
        hide_index=True,
        width="stretch",
        key=f"mistakes-{view.run.id}",
        column_config={
            "text": st.column_config.TextColumn(width="large"),
            "p(right)": st.column_config.NumberColumn(
                format="%.3f", help="Probability of the right class"
            ),
            "new word": st.column_config.CheckboxColumn(help=TEXT("new-help")),
        },
    )
    st.caption(TEXT("mistakes", count=len(found), run=plain(view.run.name)))
