"""What a setting may be: read from its declaration, checked, narrowed, and written in links."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import pytest

from lab.training.declared import about, made, settings_of


@dataclass(frozen=True)
class Oven:
    kind: ClassVar[str] = "oven"

    rooms: Annotated[
        int, about("Rooms", "rooms", "How many.", ge=1, le=8, step=1, only=("gas",))
    ] = 2
    heat: Annotated[float, about("Heat", "heat", "Kelvin.", gt=0)] = 300.0
    share: Annotated[float, about(ge=0, lt=1)] = 0.5
    fan: Annotated[bool, about("Fan", "fan", "Turns.")] = False
    fuel: Annotated[str, about("Fuel", "fuel", "Burns.", choices=("gas", "wood"))] = "gas"
    dough: Annotated[int, about(ge=2, multiple_of=2, refusal="{value} is odd.")] | None = None
    note: str = ""


SETTINGS = settings_of(Oven)


def test_a_declaration_is_read_whole():
    assert list(SETTINGS) == ["rooms", "heat", "share", "fan", "fuel", "dough", "note"]
    rooms = SETTINGS["rooms"]
    assert (rooms.type, rooms.low, rooms.high, rooms.step) == (int, 1, 8, 1)
    assert (rooms.title, rooms.short, rooms.help) == ("Rooms", "rooms", "How many.")
    assert rooms.means_something_to("gas")
    assert not rooms.means_something_to("wood")
    assert (SETTINGS["dough"].type, SETTINGS["dough"].optional) == (int, True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("rooms", 8, None),
        ("rooms", 9, "rooms must lie between 1 and 8, not 9."),
        ("rooms", True, "rooms must be of type int, not True."),
        ("rooms", 2.0, "rooms must be of type int, not 2.0."),
        ("rooms", "2", "rooms must be of type int, not '2'."),
        ("rooms", None, "rooms must be of type int, not None."),
        ("heat", 1, None),  # an int is a float
        ("heat", np.float64(2.5), None),
        ("heat", 0.0, "heat must be a positive number, not 0.0."),
        ("heat", math.nan, "heat must be a positive number, not nan."),
        ("heat", math.inf, "heat must be a positive number, not inf."),
        ("share", 0, None),
        ("share", 1.0, "share must lie from 0 to below 1, not 1.0."),
        ("fan", 1, "fan must be of type bool, not 1."),
        ("fuel", "coal", "fuel must be one of gas, wood, not 'coal'."),
        ("dough", None, None),
        ("dough", 4, None),
        ("dough", 3, "3 is odd."),
        ("dough", "3", "dough must be of type int or None, not '3'."),
        ("note", 3, "note must be of type str, not 3."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(name, value, sentence):
    assert SETTINGS[name].refused(value) == sentence


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("rooms", "3", 3), ("heat", "0.001", 0.001), ("fan", "on", True), ("fuel", "wood", "wood")],
)
def test_a_value_goes_into_a_link_and_comes_back(name, text, value):
    assert SETTINGS[name].read(text) == value
    assert SETTINGS[name].written(value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rooms", "0"),
        ("rooms", "9"),
        ("rooms", "1.5"),
        ("heat", "nan"),
        ("heat", "inf"),
        ("heat", "-1"),
        ("fan", "true"),
        ("fuel", "coal"),
        ("fuel", ""),
    ],
)
def test_what_a_link_cannot_give_is_an_error(name, text):
    with pytest.raises(ValueError, match=r"^"):
        SETTINGS[name].read(text)


def test_a_page_may_offer_less_and_never_more():
    narrow = SETTINGS["rooms"].narrowed(2, 4, 2)
    assert (narrow.low, narrow.high, narrow.step) == (2, 4, 2)
    with pytest.raises(ValueError, match="5"):
        narrow.read("5")
    for name, low, high in (("rooms", 0, 4), ("rooms", 1, 9), ("heat", 0, 1), ("share", 0, 1)):
        with pytest.raises(ValueError, match="more than there is"):
            SETTINGS[name].narrowed(low, high)


def test_a_file_gives_a_whole_declaration_or_none():
    values = {"rooms": 3, "heat": 1.5, "share": 0, "fan": True, "fuel": "wood", "dough": None}
    assert made(Oven, {**values, "note": "x"}) == Oven(
        rooms=3, heat=1.5, share=0, fan=True, fuel="wood", note="x"
    )
    assert made(Oven, values, older=True).note == ""
    for odd, said in (
        (values, "'note' is missing"),
        ({**values, "note": "", "colour": 1}, "'colour' is missing or too much"),
        ({**values, "note": "", "rooms": 9}, "rooms must lie between 1 and 8"),
        ([], "no Oven"),
        (None, "no Oven"),
    ):
        with pytest.raises(ValueError, match=said):
            made(Oven, odd)
    with pytest.raises(ValueError, match="'colour'"):
        made(Oven, {"colour": 1}, older=True)
