"""Taking it home: every figure as CSV, the pictures, the code behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.contrast import contrast_points, contrast_scatter
from lab.lesson import downloads
from lab.lesson.downloads import button
from lab.lesson.fill import contrast, lists, sentence
from lab.lesson.fill.code import snippet
from lab.lesson.fill.models import Voice
from lab.lesson.fill.words import Words
from lab.lesson.lineup import plain
from lab.masked.shares import long_rows
from lab.masked.slots import BLANK

_COLUMNS = ["model", "sentence", "target", "pieces", "p_raw", "p_conditional", "log_p"]
Figures = Sequence[tuple[str, Sequence[str], lists.Result]]


def table(found: Figures) -> bytes:
    """Return a CSV: a row for each model, sentence and word.

    Args:
        found: name of the model, sentences, what it said.
    """
    rows = [
        row
        for name, sentences, said in found
        for text, log_p in zip(sentences, said.log_p, strict=True)
        for row in long_rows(name, text, said.words, log_p)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS).to_csv(index=False).encode()


def guesses(found: Sequence[tuple[str, dict[str, Any]]]) -> bytes:
    """Return a CSV of one sentence: the most probable tokens of each blank, for each model."""
    rows = [
        {"model": name, "sentence": answer["sentence"], "blank": number, **row}
        for name, answer in found
        for number, blank in enumerate(answer["blanks"], 1)
        for row in blank["top"]
    ]
    columns = ["model", "sentence", "blank", "token", "id", "p"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False).encode()


def desk(
    voices: Sequence[Voice],
    asked: sentence.Asked,
    pair: list[str],
    rows: lists.Asked | None,
    words: Words,
) -> None:
    """Draw the downloads of everything on the page, and the code."""
    if not voices:
        return
    if BLANK in asked.sentence:
        st.markdown("**One sentence**")
        _sentence(voices, asked, words)
    if contrast.checked(pair):
        st.markdown("**Two sentences**")
        _pair(voices, pair)
    if rows and words.words:
        st.markdown("**The list**")
        _list(voices, rows, words)
    if rows:
        st.markdown("**The code behind**")
        st.code(snippet(voices[0], rows.template, words, pair))


def _sentence(voices: Sequence[Voice], asked: sentence.Asked, words: Words) -> None:
    found = []
    for voice in voices:
        answer = voice.ask("fill", **asked.given(words))
        if answer and answer[0]["blanks"][0]["top"]:
            found.append((answer[0].get("model", voice.name), answer[0]))
    with st.container(horizontal=True, gap="small"):
        if found:
            button("Tokens (CSV)", lambda: guesses(found), "sentence.csv", "fill-sentence-csv")
        for number, (name, answer) in enumerate(found):
            stem = f"sentence-{number}"
            _pictures(name, lambda a=answer: sentence.draw(a, asked, 0.0, 640), stem)


def _list(voices: Sequence[Voice], asked: lists.Asked, words: Words) -> None:
    sentences = [row.sentence for row in asked.rows]
    found = []
    for voice in voices:
        answer = voice.ask("grid", sentences=asked.sentences, **words.given)
        if answer:
            name = answer.get("model", voice.name)
            found.append((name, sentences, lists.result(answer, asked)))
    with st.container(horizontal=True, gap="small"):
        if found:
            button("All figures (CSV)", lambda: table(found), "list.csv", "fill-list-csv")
        for number, (name, _, said) in enumerate(found):
            stem = f"list-{number}"
            _pictures(name, lambda r=said: lists.draw(asked, r, 640), stem)


def _pair(voices: Sequence[Voice], pair: list[str]) -> None:
    names = contrast.differ(*pair)
    with st.container(horizontal=True, gap="small"):
        for number, voice in enumerate(voices):
            answer = voice.ask("contrast", sentences=pair)
            if answer:
                name, points = answer.get("model", voice.name), contrast_points(answer["rows"])
                rows = contrast.table(points, names)
                stem = f"pair-{number}"
                label = f"{plain(name)} (CSV)"
                downloads.table(label, lambda r=rows: r, f"{stem}.csv", f"fill-{stem}-csv")
                _pictures(name, lambda p=points: contrast_scatter(p, names, 700), stem)


def _pictures(name: str, make: Callable[[], Any], stem: str) -> None:
    downloads.pictures(plain(name), make, stem, f"fill-{stem}")
