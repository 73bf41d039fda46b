"""The trained classifiers at work: a sentence of one's own, word by word, and their mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.decoding import matrix
from lab.charts.heatmap import Quantity
from lab.charts.verdict import verdict_bars
from lab.lesson import pictures
from lab.lesson.asking import ask
from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.lesson.verdict.catalogue import SENTENCE, WORDS
from lab.lesson.verdict.panel import class_names
from lab.runs import View

_MOST = 20  # mistakes
_LONGEST = 500  # characters of a sentence; `lab.classify.questions` checks again
_LONG = 24  # words from which the table of them gets a row of its own
_TOLD = "verdict-told"  # in the session: what the runs said of the last sentence


def try_sentence(shown: Sequence[View]) -> None:
    """Let the student type a sentence; draw what each run says, and which words it said it for."""
    shown = [view for view in shown if view.run.checkpoint]
    sentence = st.text_input(
        "A sentence of yours",
        SENTENCE,
        key="sentence",
        bind="query-params",
        max_chars=_LONGEST,
        help="Also the first of the sentences that the next experiment is watched by.",
    )
    if not shown:
        st.caption("Train classifiers first: then they judge any sentence here.")
        return
    shown = _of_one_kind(shown)
    answers = {
        name: answer
        for view, name in zip(shown, names(shown), strict=True)
        if (answer := ask(view, "explain", sentence=sentence)) is not None
    }
    if not answers:
        return
    st.session_state[_TOLD] = {n: _said(a["probabilities"]) for n, a in answers.items()}
    _draw(answers, _counted(shown, answers))


def _of_one_kind(shown: Sequence[View]) -> list[View]:
    """Return the runs with the classes of the first one; say so if others are left out."""
    classes = class_names(shown[0])
    same = [view for view in shown if class_names(view) == classes]
    if len(same) < len(shown):
        st.caption("Runs with other classes are left out here.")
    return same


def _counted(shown: Sequence[View], answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    # A bag of words belongs to its texts: runs of several experiments have none in common.
    keys = ("examples", "seed")
    apart = {(view.run.corpus, *(view.run.settings[key] for key in keys)) for view in shown}
    return next(iter(answers.values()))["counted"] if len(apart) == 1 else None


def _said(probabilities: Sequence[float]) -> int:
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def _draw(answers: Mapping[str, Any], counted: Mapping[str, Any] | None) -> None:
    first = next(iter(answers.values()))
    rows = {**answers, **({WORDS: counted} if counted else {})}
    labels, classes, words = list(rows), first["classes"], first["words"]
    long = len(words) > _LONG
    left, right = (st.container(), st.container()) if long else st.columns([1, 1], gap="medium")
    with left:
        pictures.show(
            verdict_bars(
                labels, classes, [row["probabilities"] for row in rows.values()], pictures.half()
            ),
            "verdict-bars",
        )
    with right:
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
        title = f"What each word adds to p({classes[what]})"
        pictures.show(
            matrix(
                table,
                labels,
                words,
                title,
                titles=("", "word left out"),
                width=width,
                quantity=Quantity("change of probability").reaching(table),
            ),
            "verdict-words",
        )
    st.caption(
        "Each word is left out in turn, and the rest is judged again. Orange: with the word this "
        "class is more probable; blue: less. In points of probability, so 0.5 is from 30 to 80 %. "
        + ("The end of this sentence was not read: it is too long. " if first["cut"] else "")
        + "Words work together: what two of them do is not the sum of what each does."
    )


def disagree() -> list[str] | None:
    """Return what the runs said of the last sentence, if two of them said different things.

    Returns:
        None while fewer than two have said anything; else the names of two that differ, or none.
    """
    told: dict[str, int] = st.session_state.get(_TOLD, {})
    if len(told) < 2:
        return None
    first, *others = told
    other = next((name for name in others if told[name] != told[first]), None)
    return [] if other is None else [first, other]


def mistakes(shown: Sequence[View]) -> None:
    """List the held-out texts that a run is most wrong about."""
    shown = [view for view in shown if view.run.checkpoint]
    if not shown:
        st.caption("Train classifiers first: then their mistakes are listed here.")
        return
    labels = names(shown)
    chosen = st.selectbox(
        "Mistakes of", range(len(shown)), format_func=lambda n: labels[n], key="mistakes-of"
    )
    view = shown[min(chosen, len(shown) - 1)]
    found = ask(view, "mistakes", count=_MOST)
    if found is None:
        return
    if not found:
        st.caption("No held-out text is told wrong.")
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
            "new word": st.column_config.CheckboxColumn(
                help="It has a word that no text to learn from has."
            ),
        },
    )
    st.caption(
        f"The {len(found)} held-out texts to whose right class {plain(view.run.name)} gives the "
        "least probability, of those told wrong."
    )
