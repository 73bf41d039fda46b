"""The map viewer's Python side: whatever a browser or a link gives is checked."""

from __future__ import annotations

import math

import pytest

from lab.lesson.components.maps import Look, shapes_of
from lab.lesson.components.maps.marks import Mark, checked, read, refused, written

SHAPES = [(100, 80), (60, 60)]
TRIANGLE = [[0, 0], [0, 9.96], [9, 4]]


def given(**changes):
    return {"map": 0, "kind": "polygon", "points": TRIANGLE, **changes}


def test_a_pixel_and_a_polygon_are_taken_and_rounded_to_a_tenth():
    assert checked(given(), SHAPES) == Mark(0, "polygon", ((0, 0), (0, 10.0), (9, 4)))
    pixel = given(map=1, kind="pixel", points=[[59.5, 0.5]])
    assert checked(pixel, SHAPES) == Mark(1, "pixel", ((59.5, 0.5),))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "polygon",
        [0, 1],
        given(map=2),
        given(map=-1),
        given(map=True),
        given(map="0"),
        given(map=[]),
        given(kind="circle"),
        given(kind=["pixel"]),
        given(points=None),
        given(points="0,0"),
        given(points=TRIANGLE[:2]),
        given(points=[*TRIANGLE, [0]]),
        given(points=[*TRIANGLE, [0, 1, 2]]),
        given(points=[*TRIANGLE, [-0.1, 0]]),
        given(points=[*TRIANGLE, [0, 80.1]]),
        given(points=[*TRIANGLE, [math.nan, 0]]),
        given(points=[*TRIANGLE, [math.inf, 0]]),
        given(points=[*TRIANGLE, ["1", 0]]),
        given(points=[*TRIANGLE, [True, 0]]),
        given(points=[*TRIANGLE, {"row": 1}]),
        given(points=[[1, 1]] * 201),
        given(kind="pixel", points=TRIANGLE),
        given(map=1, points=[*TRIANGLE, [61, 0]]),
    ],
)
def test_what_cannot_be_a_mark_is_none(wrong):
    assert checked(wrong, SHAPES) is None


def test_marks_come_back_from_a_link_and_the_rest_of_it_is_left_out():
    marks = [Mark(0, "polygon", ((0, 0), (0, 10.5), (9, 4))), Mark(1, "pixel", ((59.5, 0.5),))]
    text = written(marks)
    assert text == "0g0,0,0,10.5,9,4;1p59.5,0.5"
    assert read(text, SHAPES) == marks
    assert read(f"2p1,1;0p99,99;0q1,1;<b>;{text};0p1;0g1,1,2,2", SHAPES) == marks
    assert len(read(";".join(["0p1,1"] * 20), SHAPES)) == 8
    assert read("", SHAPES) == []
    assert read("0p" + "1," * 10_000, SHAPES) == []


def test_of_marks_whose_maps_are_not_known_yet_what_is_wrong_is_named():
    text = "0p12.5,4000;1g0,0,9,0,9,9"
    assert written(read(text)) == text
    assert refused(text) == refused("") == []
    assert read(f"2p1,1;<b>;{text}") == read(text)
    assert refused(f"2p1,1;<b>;{text};;0p") == ["2p1,1", "<b>", "0p"]
    assert refused(";".join(["0p1,1"] * 9 + ["x"])) == ["0p1,1", "x"]


def test_of_a_look_what_is_wrong_is_named():
    assert Look.refused("truth,35,2.5,0.25,0.75") == Look.refused("") == []
    assert Look.refused(",,,") == Look.refused("none") == []
    assert Look.refused("<b>,200,0.1,x,nan") == ["<b>", "200", "0.1", "x", "nan"]
    assert Look.refused("truth,inf,1e400") == ["inf", "1e400"]


def test_a_look_comes_back_from_a_link_and_wrong_parts_become_usual():
    look = Look("truth", 35, 2.5, 0.25, 0.75)
    assert look.written == "truth,35,2.5,0.25,0.75"
    assert Look.read(look.written) == look
    assert Look.read("") == Look()
    assert Look.read("<b>,200,0.1,x,nan") == Look("errors", 100, 1, 0.5, 0.5)
    assert Look.checked(["truth"]) == Look()
    assert Look.checked({"layer": ["truth"], "zoom": None}) == Look()


def test_shapes_are_those_of_the_scene_not_of_what_travels():
    assert shapes_of({"rows": 50, "columns": 40, "step": 2}, None) == [(100, 80)]
