"""The four lists of a test: one of WEAT 1 to 10, or the student's own from fields or a file."""

from __future__ import annotations

import zlib
from typing import Any

import streamlit as st

from lab.bias import own_lists, stimuli
from lab.bias.stimuli import ROLES, Stimuli, StimuliError
from lab.lesson.association import TEXT
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import Choice, Control, Key, Words
from lab.lesson.kit.text import plain

OWN = "own"
TESTS = {
    key: f"WEAT {key.removeprefix('weat')}: {title}" for key, title in stimuli.weat_tests().items()
}
TEST = Choice("test", "Test", TESTS | {OWN: "My own lists"}, look="select", help=TEXT("test-help"))
PRESETS = tuple(
    Preset(name, "", values={"test": key})
    for name, key in {
        "Flowers and insects": "weat1",
        "Math and arts": "weat7",
        "Names, career and family": "weat6",
        "Young and old names": "weat10",
        "My own words": OWN,
    }.items()
)
_PUBLISHED = "as published"
_VARIANTS = {
    key: Choice(
        f"variant_{key}",
        "Lists",
        [_PUBLISHED, *stimuli.variants(key)],
        help=TEXT("variant-help"),
    )
    for key in TESTS
    if stimuli.variants(key)
}
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
_NAMES = {
    role: Words(f"name_{role}", f"Name of {role}", name, 30) for role, (name, _) in _BEGIN.items()
}
_WORDS = {
    role: Words(f"words_{role}", _LABELS[role], words, _MOST, TEXT("words-help"), area=True)
    for role, (_, words) in _BEGIN.items()
}


def _parts(text: str) -> list[str]:
    if len(text) > 4 * _MOST:
        raise ValueError(text[:40])
    return [word for word in text.split(",") if word]


LEFT_OUT: Key[list[str]] = Key("out", [], _parts, ",".join)
KEYS: tuple[Key[Any] | Control[Any], ...] = (
    TEST,
    *_VARIANTS.values(),
    *_NAMES.values(),
    *_WORDS.values(),
    LEFT_OUT,
)


def choose() -> Stimuli | None:
    """Draw the choice of a test; return its lists, or None with the reason on the page."""
    key = TEST.draw()
    try:
        return _own() if key == OWN else stimuli.weat_test(key, _variant(key))
    except StimuliError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None


def _variant(key: str) -> str:
    if key not in _VARIANTS:
        return ""
    chosen = _VARIANTS[key].draw()
    if chosen == _PUBLISHED:
        return ""
    st.caption(plain(stimuli.weat_test(key, chosen).note))
    return chosen


def _own() -> Stimuli:
    file = st.file_uploader(
        TEXT("lists-file"),
        key="lists_file",
        type=["json", "csv", "txt"],
        max_upload_size=1,
        help=TEXT("lists-file-help"),
    )
    if file is not None:
        return _named_apart(_from_file(file.name, file.getvalue()))
    names, texts = [], []
    for pair in (ROLES[:2], ROLES[2:]):
        for role, column in zip(pair, st.columns(2, gap="small"), strict=True):
            with column:
                names.append(_NAMES[role].draw())
                texts.append(_WORDS[role].draw(height=76))
    x, y, a, b = texts
    return _named_apart(own_lists.own(x, y, a, b, names=tuple(names)))


def _from_file(name: str, data: bytes) -> Stimuli:
    if len(data) > 4 * own_lists.LARGEST:
        raise StimuliError(TEXT("file-too-long"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StimuliError(TEXT("file-not-utf")) from None
    if name.lower().endswith(".json"):
        return own_lists.from_json(text)
    return own_lists.read_csv(text)


def _named_apart(test: Stimuli) -> Stimuli:
    for one, other in (("X", "Y"), ("A", "B")):
        if test.sets[one].name == test.sets[other].name:
            raise StimuliError(TEXT("same-name", one=one, other=other))
    return test


def mark(test: Stimuli) -> str:
    """Return what a guess about these very lists is about, as it stands in links."""
    if test.key != OWN:  # the names of the project's tests are enough
        return test.key + (f"-{test.variant}" if test.variant else "")
    words = repr([(one.name, one.words) for one in test.sets.values()])
    return f"own-{zlib.crc32(words.encode()):x}"


def draw_left_out(test: Stimuli) -> list[str]:
    """Draw the choice of words to leave out, kept in the link; return them."""
    linked = LEFT_OUT.get()
    gone = st.multiselect(
        "Leave out words",
        test.words,
        default=[word for word in test.words if word in linked],
        key=f"out-{test.key}-{test.variant}" if test.key != OWN else f"out-{test.words}",
        placeholder="none",
        help=TEXT("out-help"),
    )
    LEFT_OUT.set(gone)
    return gone


def listed(test: Stimuli) -> str:
    """Return the four lists as Markdown."""
    return "\n\n".join(
        TEXT(
            "listed",
            role=role,
            name=plain(one.name),
            count=len(one.words),
            words=plain(", ".join(one.words)),
        )
        for role, one in test.sets.items()
    )
