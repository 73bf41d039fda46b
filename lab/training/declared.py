"""What a setting may be, declared once: `width: Annotated[int, about("Width", ge=1, le=512)] = 96`.

Everything else is read from there: the check of settings and of files that somebody uploads, the
form of a value in a link, and the control of it on a page. No torch here.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

T = TypeVar("T")
_WORDS = {"on": True, "off": False}  # a switch in a link


def about(
    title: str = "",
    short: str = "",
    help: str = "",
    *,
    choices: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    step: float | None = None,
    refusal: str = "",
    **bounds: Any,
) -> msgspec.Meta:
    """Return what `Annotated` says of a setting.

    Args:
        title: on a page.
        short: in labels.
        help: a sentence.
        choices: the values that a str may have.
        only: the models that it means something to; all if empty.
        step: of its control; None for a number whose scale is its own, such as a learning rate.
        refusal: a better sentence than the common one for a value out of bounds; "{value}" in it
            is the value.
        bounds: ge, gt, le, lt, multiple_of, max_length, pattern of `msgspec.Meta`.
    """
    extra = {"short": short, "choices": choices, "only": only, "step": step, "refusal": refusal}
    return msgspec.Meta(title=title, description=help, extra=extra, **bounds)


@dataclass(frozen=True)
class Setting:
    """A setting as it was declared.

    Args:
        name: of the field.
        type: int, float, str or bool.
        optional: whether it may be None.
        low, high: the range of a number; None where it has no end.
        open_low, open_high: whether the end itself is not in the range.
        bounded: the type with its bounds, for msgspec.
        title, short, help, choices, only, step, refusal: see `about`.
    """

    name: str
    type: type
    optional: bool = False
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    open_high: bool = False
    bounded: Any = None
    title: str = ""
    short: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    step: float | None = None
    refusal: str = ""

    def refused(self, value: Any) -> str | None:
        """Return one sentence that says why a value cannot be, or None if it can."""
        if value is None and self.optional:
            return None
        if not _is(value, self.type):
            words = getattr(self.type, "__name__", "dict") + (" or None" if self.optional else "")
            return f"{self.name} must be of type {words}, not {value!r:.60}."
        if _is(value, self.bounded) and (self.type is not float or math.isfinite(value)):
            return None
        if self.refusal:
            return self.refusal.replace("{value}", f"{value!r:.60}")
        return f"{self.name} must {self._bounds()}, not {value!r:.60}."

    def _bounds(self) -> str:
        if self.choices:
            return f"be one of {', '.join(self.choices)}"
        if self.low is not None and self.high is not None:
            if self.open_high and not self.open_low:
                return f"lie from {self.low:g} to below {self.high:g}"
            return f"lie between {_plain(self.low)} and {_plain(self.high)}"
        if self.low == 0:
            return "be a positive number" if self.open_low else "be zero or more"
        return f"be at least {self.low}" if self.low is not None else "be a finite number"

    def narrowed(
        self, low: float | None = None, high: float | None = None, step: float | None = None
    ) -> Self:
        """Return the setting with a narrower range, for a page that offers less.

        Raises:
            ValueError: the range is not inside the declared one, or not closed.
        """
        for end in (low, high):
            if end is not None and self.refused(self.type(end)) is not None:
                raise ValueError(f"{self.name} cannot be {end}: the page offers more than there is")
        changes: dict[str, Any] = {"step": step} if step is not None else {}
        if low is not None:
            changes |= {"low": low, "open_low": False}
        if high is not None:
            changes |= {"high": high, "open_high": False}
        return replace(self, **changes)

    def means_something_to(self, model: str) -> bool:
        """Tell whether a kind of model reads the setting."""
        return not self.only or model in self.only

    def read(self, text: str) -> Any:
        """Return the value that a link gives; raise ValueError if it cannot be."""
        if self.type is bool:
            if text not in _WORDS:
                raise ValueError(text)
            return _WORDS[text]
        value = self.type(text)
        if self.type is str:
            allowed = value in self.choices
        else:
            low, high = (
                end if end is not None else sign * math.inf
                for end, sign in ((self.low, -1), (self.high, 1))
            )
            allowed = math.isfinite(value) and low <= value <= high  # NaN is not either
        if not allowed:
            raise ValueError(text)
        return value

    def written(self, value: Any) -> str:
        """Return a value as a link holds it."""
        if self.type is bool:
            return "on" if value else "off"
        return f"{value:g}" if isinstance(value, float) else str(value)


def made(cls: type[T], values: Any, older: bool = False) -> T:
    """Make a dataclass of what a file holds: nothing may be missing, extra or out of its bounds.

    Args:
        cls: a dataclass whose fields are declared.
        values: read from JSON.
        older: fields with a default may be missing.

    Raises:
        ValueError: they may not be so; the first thing that is wrong, in one sentence.
        TypeError: with `older`, a field without a default is missing.
    """
    settings = settings_of(cls)
    if not isinstance(values, dict):
        raise ValueError(f"This is no {cls.__name__}.")
    odd = set(values) - set(settings) if older else set(values) ^ set(settings)
    if odd:
        raise ValueError(f"{min(odd, key=str)!r} is missing or too much.")
    for name, value in values.items():
        refused = settings[name].refused(value)
        if refused is not None:
            raise ValueError(refused)
    return cls(**values)


def settings_of(cls: type) -> Mapping[str, Setting]:
    """Return the settings that a dataclass declares, by name and in their order."""
    return _declared(cls)


@cache
def _declared(cls: type) -> Mapping[str, Setting]:
    hints = get_type_hints(cls, include_extras=True)
    return {
        name: _setting(name, hint)
        for name, hint in hints.items()
        if get_origin(hint) is not ClassVar
    }


def _setting(name: str, hint: Any) -> Setting:
    optional = get_origin(hint) in (Union, types.UnionType)
    if optional:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is not Annotated:
        return Setting(name, hint, optional, bounded=hint)
    kind, meta = get_args(hint)
    told = dict(meta.extra or {})
    # A number whose range is open is told apart from one whose end it may have.
    low, high = (
        next((end for end in ends if end is not None), None)
        for ends in ((meta.ge, meta.gt), (meta.le, meta.lt))
    )
    return Setting(
        name,
        kind,
        optional,
        low,
        high,
        open_low=meta.gt is not None,
        open_high=meta.lt is not None,
        bounded=Literal[told["choices"]] if told.get("choices") else hint,
        title=meta.title or "",
        help=meta.description or "",
        **told,
    )


def _is(value: Any, kind: Any) -> bool:
    # True layers are a mistake, and 1.0 layers too: nothing is made to fit.
    if isinstance(value, float):
        value = float(value)  # NumPy's float64 is one to Python and not to msgspec
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _plain(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"
