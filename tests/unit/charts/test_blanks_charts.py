"""Blanks as charts: what the bars, cells and points say, by hand."""

from __future__ import annotations

import html
import math

import pytest

from lab.charts.blanks import ratio_bars, share_heatmap, token_bars, token_cells
from lab.charts.contrast import contrast_points, contrast_scatter
from lab.charts.image import to_image


def rows(chart) -> list[dict]:
    """The largest table of a chart."""
    return max(tables(chart).values(), key=len)


def tables(chart) -> dict[str, list[dict]]:
    """Altair gathers the data of layers under names."""
    return chart.to_dict()["datasets"]


def test_points_by_hand():
    found = contrast_points(
        [
            {"token": "x", "a": 0.1, "b": 0.05},
            {"token": "y", "a": 0.0, "b": 0.1},
            {"token": "z", "a": 0.2, "b": 0.15},
        ]
    )
    assert [point["side"] for point in found] == ["A", "B", "both"]
    assert found[0]["ratio"] == pytest.approx(math.log(2))
    assert found[0]["times"] == pytest.approx(2)
    assert found[0]["mean"] == pytest.approx(0.075)
    assert math.isfinite(found[1]["ratio"])


def test_labels_stand_free_of_each_other_and_inside():
    given = [{"token": f"word{n}", "a": 0.3 / (n + 1), "b": 0.3 / (200 - n)} for n in range(200)]
    chart = contrast_scatter(contrast_points(given), ("A", "B"), 500)
    found = tables(chart)
    texts = [part for part in chart.to_dict()["layer"] if part["mark"]["type"] == "text"]
    labels = [row for part in texts for row in found[part["data"]["name"]]]
    assert 8 <= len(labels) <= 26
    assert len({label["token"] for label in labels}) == len(labels)
    # By hand: pixels from the axes; a label is as high as its letters, and one letter is 7 wide.
    most = 1.15 * max(abs(row["ratio"]) for row in rows(chart))
    low, high = (
        math.log(e) for e in chart.to_dict()["layer"][1]["encoding"]["y"]["scale"]["domain"]
    )
    boxes = []
    for label in labels:
        x = (label["ratio"] + most) / (2 * most) * 430
        y = (high - math.log(label["mean"])) / (high - low) * 425
        long = 7 * len(label["token"])
        start = x + 5 if label["align"] == "left" else x - 5 - long
        assert start >= 0
        assert start + long <= 430
        boxes.append((start, start + long, y))
    for n, (start, end, y) in enumerate(boxes):
        for other_start, other_end, other_y in boxes[:n]:
            assert end <= other_start or other_end <= start or abs(y - other_y) >= 12
    assert contrast_scatter([], ("A", "B")).to_dict()["layer"]  # nothing to draw is no error


def test_a_heatmap_keeps_what_lies_elsewhere_raw_and_draws_a_hundred_rows():
    chart = share_heatmap(["nurse"], ["he", "x"], [[0.75, None]], [0.6], "conditional probability")
    he, none, gap, rest = rows(chart)
    assert (he["value"], he["text"], he["what"]) == (0.75, "75%", "conditional probability")
    assert (none["value"], none["text"]) == (None, "–")
    assert (rest["column_label"], rest["value"], rest["what"]) == (
        *("elsewhere", 0.6, "raw probability"),
    )
    assert gap["column_label"] == ""
    drawn = html.unescape(to_image(chart, "svg", chart.width).decode())
    assert drawn.count(">–<") == 1  # and none in the gap
    many = share_heatmap([f"r{n}" for n in range(150)], ["he"], [[0.5]] * 150, [0.5] * 150, "raw")
    assert len({row["row"] for row in rows(many)}) == 100


def test_ratios_are_sorted_and_the_unknown_left_out():
    given = [("a", -1.0), ("b", 2.0), ("c", None), ("d", 0.5)]
    chart = ratio_bars(
        [{"subject": s, "value": v, "raw": v} for s, v in given], ("he", "she"), "person"
    )
    assert [row["subject"] for row in rows(chart)] == ["b", "d", "a"]
    assert ratio_bars([], ("he", "she"), "").to_dict()["height"] > 0


def test_bars_and_cells_have_every_token_once_in_its_place():
    bars = token_bars(["he", " "], [0.9, 0.05], [True, False], "token")
    assert [(row["token"], row["marked"]) for row in rows(bars)] == [("he", True), ("␣", False)]
    cells = token_cells(["[CLS]", "[MASK]"], [2, 4], [1])
    assert [(row["place"], row["id"], row["blank"]) for row in rows(cells)] == [
        (0, 2, False),
        (1, 4, True),
    ]
