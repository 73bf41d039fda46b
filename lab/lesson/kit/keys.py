"""The keys of a link: each has a name, a codec, a range and a default, and may have a control.

    SCENES = Number("scenes", "Training scenes", 60, 12_000, 6_000, step=500)
    count = SCENES.draw()

A lesson declares its keys and names them in its `Link` (`lab.lesson.kit.link`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")
LONGEST = 20_000  # characters of one value; browsers and proxies take hardly more in a link


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

    def draw(self, **more: Any) -> Any:
        """Draw the control and return its value; `more` goes to Streamlit's control."""
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
