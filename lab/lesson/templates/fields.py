"""The test of the page: its sentences and words, what is subtracted, and lists from a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lab.bias.own_lists import from_json, read_csv
from lab.bias.stimuli import Stimuli, StimuliError
from lab.lesson.kit.keys import Choice, Words
from lab.lesson.kit.page import Page
from lab.lesson.kit.text import plain
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import MOST, A, BiasTest, T, read_test, ready_tests

_READY = ready_tests()[0].fields
SENTENCES = Words(
    "sentences",
    f"Sentences, one a line: {T} is the target, {A} the attribute",
    _READY["sentences"],
    most=4_000,
    help=TEXT("sentences-help", most=MOST, target=T, attribute=A),
    area=True,
)
FIRST, SECOND = (
    Words(key, label, _READY[key], most=200, help=TEXT("targets-help"))
    for key, label in (("first", "First targets"), ("second", "Second targets"))
)
LIST_A, LIST_B = (
    Words(key, f"List {key.upper()} of attributes", _READY[key], most=2_000, area=True)
    for key in ("a", "b")
)
PRIOR = Choice(
    "prior",
    "Prior to subtract",
    {"masked": "at its mask", "none": "none (raw)", "paper": "the paper's way"},
    help=TEXT("prior-help"),
)


def choose(page: Page) -> BiasTest | None:
    """Draw the sentences and the words; None with the reason on the page."""
    if not page.lesson.hides("controls"):
        _own_lists()
    left, right = st.columns([5, 4], gap="medium")
    with left:
        typed = {"sentences": SENTENCES.draw(height=190)}
        for column, words in zip(st.columns(2, gap="small"), (FIRST, SECOND), strict=True):
            with column:
                typed[words.name] = words.draw()
    with right:
        for words in (LIST_A, LIST_B):
            typed[words.name] = words.draw(height=94)
        prior = PRIOR.draw()
    try:
        return read_test(typed, prior)
    except StimuliError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None


def _own_lists() -> None:
    with st.popover("Lists from a file", icon=":material/upload:"):
        file = st.file_uploader(
            TEXT("file"), type=["csv", "json"], key="lists-file", max_upload_size=1
        )
        st.button(
            "Take these lists",
            key="lists-take",
            disabled=file is None,
            on_click=_take_file,
            args=(file,),
            help=TEXT("take-help"),
        )
        fault = st.session_state.pop("lists-fault", "")
        if fault:
            st.warning(plain(fault), icon=":material/edit_off:")


def _take_file(file: Any) -> None:
    try:
        lists = _read(file.name, file.getvalue())
    except UnicodeDecodeError:
        st.session_state["lists-fault"] = TEXT("no-text")
        return
    except StimuliError as error:
        st.session_state["lists-fault"] = str(error)
        return
    for words, role in zip((FIRST, SECOND, LIST_A, LIST_B), "XYAB", strict=True):
        words.take(", ".join(lists.sets[role].words))


def _read(name: str, data: bytes) -> Stimuli:
    text = data.decode("utf-8-sig")
    return from_json(text) if name.lower().endswith(".json") else read_csv(text)
