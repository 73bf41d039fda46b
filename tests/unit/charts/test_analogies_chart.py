"""The charts of analogies and of directions."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from lab.charts.analogies import answer_parts, component_shares, lean_dots, stayed_scatter
from lab.charts.image import to_image

ROWS = [
    {"word": "queen", "score": 0.9, "given": False, "to_a": 0.3, "to_b": 0.7, "to_c": 0.5},
    {"word": "king", "score": 0.4, "given": True, "to_a": -0.2, "to_b": 1.0, "to_c": -0.8},
]
NAMES = ("man", "king", "woman")


def test_parts_stand_behind_each_other_and_end_at_the_score():
    chart = answer_parts(ROWS, NAMES, (-1.0, 1.0, 1.0), "3CosAdd")
    parts = chart.layer[0].data.values
    assert len(parts) == 6
    for row in ROWS:
        own = [part for part in parts if part["word"] == row["word"]]
        assert sum(part["value"] for part in own) == pytest.approx(row["score"])
        assert sum(p["end"] - p["start"] for p in own) == pytest.approx(row["score"])
        for sign in (1, -1):  # no two of a side overlap
            spans = sorted((abs(p["start"]), abs(p["end"])) for p in own if sign * p["value"] > 0)
            assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(spans))
    said = json.dumps(chart.to_dict(), ensure_ascii=False)
    assert "king (given)" in said
    assert "− man" in said
    assert to_image(chart, "svg").startswith(b"<svg")


def test_without_parts_the_score_alone_is_drawn():
    chart = answer_parts(ROWS, NAMES, None, "3CosMul")
    assert len(chart.layer) == 1
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["title"] == "3CosMul"
    with pytest.raises(ValueError, match="no answer"):
        answer_parts([], NAMES, None, "3CosMul")


def test_a_word_that_is_given_twice_has_one_entry_in_the_legend():
    chart = answer_parts(ROWS, ("man", "king", "king"), (-1.0, 1.0, 1.0), "3CosAdd")
    legend = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert legend["domain"] == ["+ king", "− man"]


def test_shares_stand_beside_those_of_a_lot():
    chart = component_shares([0.7, 0.3], [0.6, 0.4])
    rows = chart.data.values
    assert [(r["component"], r["share"], r["by_lot"]) for r in rows] == [
        (1, 0.7, 0.6),
        (2, 0.3, 0.4),
    ]
    with pytest.raises(ValueError, match="zip"):
        component_shares([0.7, 0.3], [1.0])


def test_words_are_ordered_by_their_lean():
    rows = [{"word": "nurse", "lean": -0.2}, {"word": "pilot", "lean": 0.1}]
    chart = lean_dots(rows, ("he", "she"))
    assert [row["word"] for row in chart.layer[1].data.values] == ["pilot", "nurse"]
    assert "← she" in chart.to_dict()["layer"][1]["encoding"]["x"]["title"][1]
    with pytest.raises(ValueError, match="no word"):
        lean_dots([], ("he", "she"))


def test_each_word_is_there_before_and_after_and_the_share_of_all_is_a_line():
    rows = [{"word": "nurse", "lean": -0.2, "before": 0.1, "after": 0.4}]
    chart = stayed_scatter(rows, ("he", "she"), 0.6)
    dots = chart.layer[2].data.values
    assert [(dot["when"], dot["share"]) for dot in dots] == [("before", 0.1), ("after", 0.4)]
    assert chart.layer[1].data.values == [{"share": 0.6}]
    assert to_image(chart, "png").startswith(b"\x89PNG")
