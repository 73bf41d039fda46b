"""The state of a lesson in its link: a table of its keys, and what cannot be read left out of it.

`Link.check` runs before anything is drawn. What cannot be read is left out of the link and named
once; a value outside its range, or not finite, never reaches a control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lab.lesson.components.viewport import is_narrow
from lab.lesson.kit.keys import (
    AnyKey,
    Choice,
    Choices,
    Key,
    Number,
    Several,
    Span,
    Switch,
    Words,
    _name,
)
from lab.lesson.kit.text import Text, plain

__all__ = ["Choice", "Choices", "Key", "Link", "Number", "Several", "Span", "Switch", "Words"]
KIT = Text.beside(__file__)
# Parts that every lesson has, and a link may hide.
PARTS = ("controls", "presets", "question", "notice", "exercises", "course")
# In the session: what was left out, the width of the window when that was last said, and whether
# the page is drawn anew by itself.
_LEFT_OUT, _SAID_AT, _BY_ITSELF = "link-left-out", "link-said-at", "link-by-itself"


@dataclass(frozen=True)
class Link:
    """The table of a lesson's keys.

    Args:
        keys: what stands in the link.
        parts: names of parts of this page that a link may hide, besides `PARTS`.
        families: beginnings of names, such as "share_": a name of a link that begins so and is
            none of the keys is left out as well.
    """

    keys: tuple[AnyKey, ...] = ()
    parts: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    _names: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __init__(
        self, *keys: AnyKey, parts: Sequence[str] = (), families: Sequence[str] = ()
    ) -> None:
        names = {key.name: key for key in keys}
        if len(names) != len(keys):
            raise ValueError("Two keys of a link have one name.")
        object.__setattr__(self, "keys", tuple(keys))
        object.__setattr__(self, "parts", tuple(parts))
        object.__setattr__(self, "families", tuple(families))
        object.__setattr__(self, "_names", names)

    def __getitem__(self, name: str) -> AnyKey:
        return self._names[name]

    def and_keys(self, *keys: AnyKey) -> Link:
        """Return a table with more keys, those of the frame; one that is there already stays."""
        more = [key for key in keys if key.name not in self._names]
        return Link(*self.keys, *more, parts=self.parts, families=self.families)

    def check(self) -> None:
        """Leave out of the link what cannot be read, and name it until the student does something.

        A link that was mended is opened again: Streamlit has seeded no control from it yet.
        """
        names = list(st.query_params)
        renamed = [name for name in names if self._renamed(name)]
        named = [part for name in names for part in self._mended(name)]
        if named:
            st.session_state[_LEFT_OUT] = named
            st.session_state.pop(_SAID_AT, None)
        if named or renamed:
            st.rerun()
        told = _still_said()
        with st.container():  # stays when the warning goes: nothing below it changes its place
            if told:
                parts = ", ".join(plain(part) for part in told)
                st.warning(KIT("left-out", parts=parts), icon=":material/link_off:")

    def _renamed(self, name: str) -> bool:
        """Write the present name of an option over one that an earlier version gave it."""
        key, text = self._names.get(name), st.query_params.get(name, "")
        if not isinstance(key, Choice) or text not in key.former or not _take_out(name):
            return False
        value = key.former[text]
        if value != key.default:
            st.query_params[name] = str(_name(key.options or (), value))
        return True

    def _mended(self, name: str) -> list[str]:
        """Take out of one key what cannot be read, and return that."""
        key, texts = self._names.get(name), st.query_params.get_all(name)
        if key is None and name.startswith(self.families):
            return [f"{name}={texts[-1][:40]}"] if _take_out(name) else []
        if key is None or all(text == "" for text in texts):  # an emptied control
            return []
        try:
            value = key.read(texts)
        except (ValueError, TypeError, LookupError, OverflowError):
            return [f"{name}={texts[-1][:40]}"] if _take_out(name) else []
        if not isinstance(key, Key) or key.refused is None:
            return []
        refused = [part[:40] for part in key.refused(texts[-1])]
        if refused:
            key.set(value)
        return refused

    def hides(self, part: str) -> bool:
        """Return whether the link hides a part of the page, as in `?hide=controls`.

        Raises:
            LookupError: there is no such part to hide; a fault of ours.
        """
        if part not in (*PARTS, *self.parts):
            raise LookupError(f"{part!r} is no part that a link can hide")
        return part in st.query_params.get("hide", "").split(",")


def redraw() -> NoReturn:
    """Draw the page anew although the student did nothing, as when an answer has come."""
    st.session_state[_BY_ITSELF] = True
    st.rerun()
    raise AssertionError("a rerun does not return")


def _still_said() -> list[str]:
    """Return what was left out; nothing once the student has seen it and done something else.

    A page draws itself anew when an answer has come, and when the browser says how wide it is.
    """
    state, narrow = st.session_state, is_narrow()
    by_itself = state.pop(_BY_ITSELF, False)
    if not by_itself and state.get(_SAID_AT) is narrow:
        state.pop(_LEFT_OUT, None)
    state[_SAID_AT] = narrow
    return state.get(_LEFT_OUT, [])


def _take_out(name: str) -> bool:
    try:
        del st.query_params[name]
    except (StreamlitAPIException, KeyError):
        return False  # a control holds it by now, and has refused the value itself
    return True
