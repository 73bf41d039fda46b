"""The four lists of a test: one of WEAT 1 to 10, or one's own from fields or from a file."""

from __future__ import annotations

import streamlit as st

from lab.bias import own_lists, stimuli
from lab.bias.stimuli import ROLES, Stimuli, StimuliError
from lab.lesson.lineup import plain

OWN = "My own lists"
TESTS = {
    key: f"WEAT {key.removeprefix('weat')}: {title}" for key, title in stimuli.weat_tests().items()
}
_KEYS = {title: key for key, title in TESTS.items()}
_PRESETS = {
    "Flowers and insects": TESTS["weat1"],
    "Math and arts": TESTS["weat7"],
    "Names, career and family": TESTS["weat6"],
    "Young and old names": TESTS["weat10"],
    "My own words": OWN,
}
_PUBLISHED = "as published"
_MOST = 1_200  # characters of a list that is typed: all four stand in the link
_LABELS = {
    "X": "X: targets",
    "Y": "Y: other targets",
    "A": "A: attributes",
    "B": "B: other attributes",
}
# Something to change: words whose cosines are recorded, so that it answers at once.
_BEGIN = {
    "X": ("Flowers", "rose, lily, daisy, tulip"),
    "Y": ("Insects", "ant, spider, moth, wasp"),
    "A": ("Kind", "love, peace, friend, gentle"),
    "B": ("Cruel", "abuse, murder, poison, hatred"),
}


def presets() -> None:
    """Draw a button for each test that is good to begin with."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for name, label in _PRESETS.items():
            st.button(name, key=f"preset-{name}", on_click=_take, args=(label,))


def _take(label: str) -> None:
    st.session_state["test"] = label


def choose() -> Stimuli | None:
    """Draw the choice of a test; return its lists, or None with the reason on the page."""
    label = st.selectbox(
        "Test",
        [*_KEYS, OWN],
        key="test",
        bind="query-params",
        help="WEAT 1 to 10 are those of Caliskan et al. 2017; their lists come from tests of "
        "people.",
    )
    try:
        if label == OWN:
            return _own()
        key = _KEYS[label]
        return stimuli.weat_test(key, _variant(key))
    except StimuliError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None


def _variant(key: str) -> str:
    names = stimuli.variants(key)
    if not names:
        return ""
    chosen = st.segmented_control(
        "Lists",
        [_PUBLISHED, *names],
        default=_PUBLISHED,
        key=f"variant_{key}",
        bind="query-params",
        required=True,
        help="Programs and papers do not use quite the same words for this test.",
    )
    if chosen in (None, _PUBLISHED):
        return ""
    st.caption(plain(stimuli.weat_test(key, chosen).note))
    return chosen


def _own() -> Stimuli | None:
    file = st.file_uploader(
        "Lists from a file: JSON that this lesson saved, or CSV with four columns",
        key="lists_file",
        type=["json", "csv", "txt"],
        max_upload_size=1,
        help="CSV: the names of the lists in the first line, then one word of each list a line. "
        "What is in a file is not in the link: send the file along.",
    )
    if file is not None:
        return _named_apart(_from_file(file.name, file.getvalue()))
    names, texts = [], []
    for pair in (ROLES[:2], ROLES[2:]):
        for role, column in zip(pair, st.columns(2, gap="small"), strict=True):
            with column:
                name, text = _field(role)
                names.append(name)
                texts.append(text)
    return _named_apart(own_lists.own(*texts, names=tuple(names)))


def _field(role: str) -> tuple[str, str]:
    name, words = _BEGIN[role]
    given = st.text_input(
        f"Name of {role}", name, key=f"name_{role}", max_chars=30, bind="query-params"
    )
    text = st.text_area(
        _LABELS[role],
        words,
        key=f"words_{role}",
        height=76,
        max_chars=_MOST,
        bind="query-params",
        help="Commas or lines between words. For longer lists take a file.",
    )
    return given, text


def _from_file(name: str, data: bytes) -> Stimuli:
    if len(data) > 4 * own_lists.LARGEST:
        raise StimuliError("The file is too long for four lists of words: shorten it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StimuliError("The file is not in UTF-8: save it as CSV in UTF-8.") from None
    if name.lower().endswith(".json"):
        return own_lists.from_json(text)
    return own_lists.read_csv(text)


def _named_apart(test: Stimuli) -> Stimuli:
    for one, other in (("X", "Y"), ("A", "B")):
        if test.sets[one].name == test.sets[other].name:
            raise StimuliError(f"{one} and {other} have the same name: give them two.")
    return test


def left_out(test: Stimuli) -> list[str]:
    """Draw the choice of words to leave out, kept in the link; return them."""
    asked = st.query_params.get("out", "").split(",")
    gone = st.multiselect(
        "Leave out words",
        test.words,
        default=[word for word in test.words if word in asked],
        key=f"out-{test.key}-{test.variant}" if test.key != "own" else f"out-{test.words}",
        placeholder="none",
        help="The whole test is done anew without them.",
    )
    if gone:
        st.query_params["out"] = ",".join(gone)
    elif "out" in st.query_params:
        del st.query_params["out"]
    return gone


def listed(test: Stimuli) -> str:
    """Return the four lists as Markdown."""
    return "\n\n".join(
        f"**{role} · {plain(one.name)}** ({len(one.words)}): {plain(', '.join(one.words))}"
        for role, one in test.sets.items()
    )
