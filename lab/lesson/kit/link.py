"""The state of a lesson in its link, written once: a table of keys, each with codec and default.

A key is declared where the lesson declares itself, and drawn where its control belongs:

    SCENES = Number("scenes", "Training scenes", 60, 12_000, 6_000, step=500)
    LINK = Link(SCENES, ...)
    count = SCENES.draw()

`Link.check` runs before anything is drawn. What cannot be read is left out of the link and named
once; a value outside its range, or not finite, never reaches a control.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lab.lesson.components.viewport import is_narrow
from lab.lesson.kit.text import Text, plain

T = TypeVar("T")
KIT = Text.beside(__file__)
LONGEST = 20_000  # characters of one value; browsers and proxies take hardly more in a link
# Parts that every lesson has, and a link may hide.
PARTS = ("controls", "presets", "question", "notice", "exercises", "course")
# In the session: what was left out, the width of the window when that was last said, and whether
# the page is drawn anew by itself.
_LEFT_OUT, _SAID_AT, _BY_ITSELF = "link-left-out", "link-said-at", "link-by-itself"


@dataclass(frozen=True)
class Key(Generic[T]):
    """One name in the link, without a control: `get` and `set` read and write it.

    Args:
        name: in the link, and key of the control in the session.
        default: what stands for no value; it is never written into the link.
        decode: text -> value; raises ValueError for what it cannot be.
        encode: value -> text.
        refused: text -> the parts of it that `decode` leaves out, where it reads a part of a text.
    """

    name: str
    default: T
    decode: Callable[[str], T]
    encode: Callable[[T], str] = str
    refused: Callable[[str], Sequence[str]] | None = None

    def read(self, texts: Sequence[str]) -> T:
        """Return the value of what the link holds, its last text if several.

        Raises:
            ValueError: it cannot be read.
        """
        return self.decode(texts[-1]) if texts and texts[-1] else self.default

    def get(self) -> T:
        """Return the value in the link; the default where there is none that can be read."""
        try:
            return self.read(st.query_params.get_all(self.name))
        except (ValueError, TypeError, LookupError, OverflowError):
            return self.default

    def set(self, value: T) -> None:
        """Put a value into the link, or take the key out where it is the default."""
        text = "" if value == self.default else self.encode(value)
        if text and st.query_params.get(self.name) != text:
            st.query_params[self.name] = text
        elif not text:
            st.query_params.pop(self.name, None)


@dataclass(frozen=True)
class Several(Key[list[str]]):
    """A name that stands in the link once for each of several texts, without a control.

    Args:
        name, default: as for `Key`.
        decode: the texts -> the values; raises ValueError for what they cannot be.
    """

    decode: Callable[[Any], list[str]] = list

    def read(self, texts: Sequence[str]) -> list[str]:
        """Return the values of what the link holds, each once; errors as for `Key.read`."""
        return self.decode(list(dict.fromkeys(text for text in texts if text)))

    def set(self, value: Sequence[str]) -> None:
        """Put the values into the link."""
        if list(value) != st.query_params.get_all(self.name):
            st.query_params[self.name] = list(value)


class Control(Generic[T]):
    """A key whose value a control holds: Streamlit keeps the two in step."""

    name: str
    default: T

    def read(self, texts: Sequence[str]) -> T:
        """Return the value of what the link holds; raise ValueError if it cannot be read."""
        raise NotImplementedError

    @property
    def value(self) -> T:
        """The value in the session, also where the control is not drawn; else the default."""
        held = st.session_state.get(self.name)
        if held is None and self.name in st.query_params:
            try:
                return self.read(st.query_params.get_all(self.name))
            except (ValueError, TypeError, LookupError, OverflowError):
                return self.default
        return self.default if held is None else held

    def take(self, value: T) -> None:
        """Set the control from a callback, as a preset does."""
        st.session_state[self.name] = value

    def _bound(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"key": self.name, "bind": "query-params", **more}


@dataclass(frozen=True)
class Number(Control[float]):
    """A number in a range, as a field or a slider; whole where its default is.

    Args:
        name: in the link.
        label: of the control.
        low, high, default, step: the range, what stands first, and the step of the arrows.
        help: a sentence or two.
        slider: whether it is drawn as a slider.
        form: how it is written, such as "%.2g".
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    step: float = 1
    help: str | None = None
    slider: bool = False
    form: str | None = None

    def read(self, texts: Sequence[str]) -> float:
        """Return the number; ValueError where it is none, not finite, or outside the range."""
        value = float(texts[-1])
        if not (math.isfinite(value) and self.low <= value <= self.high):
            raise ValueError(texts[-1])
        if isinstance(self.default, int):
            if value != int(value):
                raise ValueError(texts[-1])
            return int(value)
        return value

    def draw(self, **more: Any) -> Any:
        """Draw the control and return its value.

        Args:
            more: other arguments of `st.number_input` or `st.slider`; `label`, `low`, `high` and
                `default` replace those of the declaration where data narrow them.
        """
        label, low, high, first = (
            more.pop(name, getattr(self, name)) for name in ("label", "low", "high", "default")
        )
        draw = st.slider if self.slider else st.number_input
        given = self._bound({"step": self.step, "help": self.help, "format": self.form, **more})
        return draw(label, low, high, first, **given)


@dataclass(frozen=True)
class Span(Control[tuple[float, float]]):
    """Two numbers in a range, the lower first, as a slider with two handles.

    Args:
        name, label, low, high, step, help: as for `Number`.
        default: both numbers; where they are whole, all are.
    """

    name: str
    label: str
    low: float
    high: float
    default: tuple[float, float]
    step: float = 1
    help: str | None = None

    def read(self, texts: Sequence[str]) -> tuple[float, float]:
        """Return the numbers; ValueError where they are not two, in order and in the range."""
        one = Number(self.name, self.label, self.low, self.high, self.default[0])
        first, last = (one.read([text]) for text in texts)
        if first > last:
            raise ValueError(", ".join(texts))
        return first, last

    def draw(self, **more: Any) -> tuple[Any, Any]:
        """Draw the control and return both numbers; `more` goes to Streamlit's control."""
        given = self._bound({"step": self.step, "help": self.help, **more})
        return st.slider(self.label, self.low, self.high, self.default, **given)


@dataclass(frozen=True)
class Choice(Control[Any]):
    """One of several options.

    Args:
        name: in the link.
        label: of the control.
        options: value -> its name on the page, or the values alone. None where they depend on the
            data: `draw(options=...)` gives them, and Streamlit checks the link against these.
        default: the value that stands first; the first option if None.
        look: "segmented", "select", "radio", "pills" or "slider".
        help: a sentence or two.
        former: names that earlier versions of the lab gave an option in links -> its value.
    """

    name: str
    label: str
    options: Mapping[Any, str] | Sequence[Any] | None = None
    default: Any = None
    look: str = "segmented"
    help: str | None = None
    former: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.default is None and self.options:
            object.__setattr__(self, "default", next(iter(self.options)))

    def read(self, texts: Sequence[str]) -> Any:
        """Return the option; ValueError where it is none of them. Names count as values."""
        text = _bounded(texts[-1])
        if self.options is None:
            return text
        if text in self.former:
            return self.former[text]
        for value in self.options:
            if text in (str(value), _name(self.options, value)):
                return value
        raise ValueError(text)

    def draw(self, options: Any = None, **more: Any) -> Any:
        """Draw the control and return its value; `more` goes to Streamlit's control."""
        options = self.options if options is None else options
        label, first = more.pop("label", self.label), more.pop("default", self.default)
        values = list(options)
        given = self._bound({"help": self.help, **more})
        if isinstance(options, Mapping):
            given.setdefault("format_func", lambda value: options.get(value, str(value)))
        if self.look == "slider":
            return st.select_slider(label, values, first, **given)
        if self.look in ("select", "radio"):
            index = values.index(first) if first in values else 0
            draw: Any = st.selectbox if self.look == "select" else st.radio
            return draw(label, values, index=index, **given)
        if self.look == "slider":
            return st.select_slider(label, values, first if first in values else values[0], **given)
        draw = st.segmented_control if self.look == "segmented" else st.pills
        given.setdefault("required", True)
        found = draw(label, values, default=first if first in values else None, **given)
        return first if found is None and given["required"] else found


@dataclass(frozen=True)
class Choices(Control[Sequence[Any]]):
    """Several of several options, as pills or a multiselect.

    Args:
        name: in the link.
        label: of the control.
        options: as for `Choice`.
        default: the values that stand first.
        look: "pills", "segmented" or "select".
        help: a sentence or two.
    """

    name: str
    label: str
    options: Mapping[Any, str] | Sequence[Any] | None = None
    default: Sequence[Any] = ()
    look: str = "pills"
    help: str | None = None

    def read(self, texts: Sequence[str]) -> list[Any]:
        """Return the options; ValueError where one is none of them."""
        one = Choice(self.name, self.label, self.options, "")
        return [one.read([text]) for text in texts if text]

    def draw(self, options: Any = None, **more: Any) -> list[Any]:
        """Draw the control and return its values; `more` goes to Streamlit's control."""
        options = self.options if options is None else options
        label, first = more.pop("label", self.label), more.pop("default", self.default)
        given = self._bound({"help": self.help, **more})
        if isinstance(options, Mapping):
            given.setdefault("format_func", lambda value: options.get(value, str(value)))
        if self.look == "select":
            return st.multiselect(label, list(options), default=list(first), **given)
        draw = st.segmented_control if self.look == "segmented" else st.pills
        return draw(label, list(options), selection_mode="multi", default=list(first), **given)


@dataclass(frozen=True)
class Switch(Control[bool]):
    """On or off: a toggle, or a checkbox with `look="checkbox"`."""

    name: str
    label: str
    default: bool = False
    help: str | None = None
    look: str = "toggle"

    def read(self, texts: Sequence[str]) -> bool:
        """Return the state; ValueError for anything but true and false."""
        return {"true": True, "false": False}[texts[-1].lower()]

    def draw(self, **more: Any) -> bool:
        """Draw the control and return its state; `more` goes to Streamlit's control."""
        label, first = more.pop("label", self.label), more.pop("default", self.default)
        draw = st.checkbox if self.look == "checkbox" else st.toggle
        return draw(label, first, **self._bound({"help": self.help, **more}))


@dataclass(frozen=True)
class Words(Control[str]):
    """Something to type: a line, or an area of several.

    Args:
        name: in the link.
        label: of the control.
        default: what stands first.
        most: characters.
        help: a sentence or two.
        area: whether it has several lines.
    """

    name: str
    label: str
    default: str = ""
    most: int = 1_000
    help: str | None = None
    area: bool = False

    def read(self, texts: Sequence[str]) -> str:
        """Return the text; ValueError where it is longer than can be typed."""
        if len(texts[-1]) > self.most:
            raise ValueError(texts[-1][:60])
        return texts[-1]

    def draw(self, **more: Any) -> str:
        """Draw the control and return its text; `more` goes to Streamlit's control."""
        label, first = more.pop("label", self.label), more.pop("default", self.default)
        draw = st.text_area if self.area else st.text_input
        given = self._bound({"max_chars": self.most, "help": self.help, **more})
        return draw(label, first, **given)


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(text[:60])
    return text


def _name(options: Mapping[Any, str] | Sequence[Any], value: Any) -> str:
    return options[value] if isinstance(options, Mapping) else str(value)


AnyKey = Key[Any] | Control[Any]  # of a link, with or without a control


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
