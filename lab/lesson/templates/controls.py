"""The test, its sentences and words, what is subtracted, and the guess."""

from __future__ import annotations

import zlib

import streamlit as st

from lab.bias.own_lists import from_json, read_csv
from lab.bias.stimuli import Stimuli, StimuliError
from lab.lesson.frame import SKIP, Lesson, hidden
from lab.lesson.lineup import plain
from lab.lesson.templates.lists import MOST, A, Asked, T, Test, all_tests, asked_of

PRIORS = {
    "at its mask": "masked",
    "none (raw)": "none",
    "the paper's way": "paper",
}
SAME, TURNS = "Yes, in every sentence", "No, it turns in at least one"
_LABELS = {
    "first": "First targets",
    "second": "Second targets",
    "a": "List A",
    "b": "List B",
}


def choose() -> Asked | None:
    """Draw the tests, the sentences and the words; None with the reason on the page."""
    first = all_tests()[0]
    if not hidden("controls"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown("**Start with**", width="content")
            for test in all_tests():
                st.button(test.button, key=f"test-{test.key}", on_click=_take, args=(test,))
            _own_lists()
    fields, prior = _fields(first)
    try:
        return asked_of(fields, prior)
    except StimuliError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None


def _prior() -> str:
    chosen = st.segmented_control(
        "Prior to subtract",
        list(PRIORS),
        default=next(iter(PRIORS)),
        key="prior",
        required=True,
        bind="query-params",
        help="What the model expects of a target where the attribute is hidden too. None: the raw "
        "log-ratio. The paper's way: the authors' code reads it one place too far to the left, "
        "beside the mask.",
    )
    return PRIORS.get(chosen or "", "masked")


def _fields(first: Test) -> tuple[dict[str, str], str]:
    left, right = st.columns([5, 4], gap="medium")
    with left:
        found = {
            "sentences": st.text_area(
                f"Sentences, one a line: {T} is the target, {A} the attribute",
                first.lines,
                key="sentences",
                height=190,
                max_chars=4_000,
                bind="query-params",
                help=f"Up to {MOST}. A line may have targets of its own: "
                f"“{T} like {A}. | boys, men | girls, women”.",
            )
        }
        columns = st.columns(2, gap="small")
        for column, key in zip(columns, ("first", "second"), strict=True):
            found[key] = column.text_input(
                _LABELS[key],
                first.fields[key],
                key=key,
                max_chars=200,
                bind="query-params",
                help="Hidden behind [MASK] and scored. Several: their probabilities are added up.",
            )
    with right:
        for key in ("a", "b"):
            found[key] = st.text_area(
                f"{_LABELS[key]} of attributes",
                first.fields[key],
                key=key,
                height=94,
                max_chars=2_000,
                bind="query-params",
            )
        prior = _prior()
    return found, prior


def _take(test: Test) -> None:
    for key, text in test.fields.items():
        st.session_state[key] = text


def _own_lists() -> None:
    with st.popover("Lists from a file", icon=":material/upload:"):
        file = st.file_uploader(
            "CSV with four columns (targets X and Y, attributes A and B), or JSON of the lab",
            type=["csv", "json"],
            key="lists-file",
            max_upload_size=1,
        )
        st.button(
            "Take these lists",
            key="lists-take",
            disabled=file is None,
            on_click=_take_file,
            args=(file,),
            help="The sentences stay as they are.",
        )
        fault = st.session_state.pop("lists-fault", "")
        if fault:
            st.warning(plain(fault), icon=":material/edit_off:")


def _take_file(file) -> None:
    try:
        read = _read(file.name, file.getvalue())
    except (StimuliError, UnicodeDecodeError) as error:
        unreadable = isinstance(error, UnicodeDecodeError)
        said = "This is no text: save it as CSV in UTF-8." if unreadable else str(error)
        st.session_state["lists-fault"] = said
        return
    for key, role in (("first", "X"), ("second", "Y"), ("a", "A"), ("b", "B")):
        st.session_state[key] = ", ".join(read.sets[role].words)


def _read(name: str, data: bytes) -> Stimuli:
    text = data.decode("utf-8-sig")
    return from_json(text) if name.lower().endswith(".json") else read_csv(text)


def _is_ready() -> bool:
    # Whether the fields hold one of the ready tests.
    typed = st.session_state
    return any(all(typed.get(k) == v for k, v in t.fields.items()) for t in all_tests())


def guess(lesson: Lesson, asked: Asked) -> str | None:
    """Ask for a guess about this test; None while there is none."""
    made: dict[str, str] = st.session_state.setdefault("templates-guesses", {})
    words = f"{asked.shown} {asked.a} {asked.b} {asked.directions}"
    key = str(zlib.crc32(words.encode()))
    link = st.query_params.get("guess")
    if link and not made:
        made[key] = link
    if hidden("controls"):
        return made.get(key, SKIP)
    if made and key not in made and not _is_ready():
        made[key] = SKIP  # own changes are answered at once: a guess would come after the answer
    if made.get(key) == SKIP:
        st.query_params["guess"] = SKIP
        return SKIP
    picked = lesson.predict(
        f"Each of the {len(asked.templates)} sentences gives an effect size of its own. Will its "
        "sign be the same in all of them?",
        (SAME, TURNS),
        f"guess-{key}",
    )
    if picked:
        made[key] = picked
    if key not in made:
        return None
    st.query_params["guess"] = made[key]
    return made[key]
