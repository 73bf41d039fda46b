"""Tables with their numbers, saturation, positions: each number at its place."""

import html
import math
import re

import numpy as np
import pandas as pd
import pytest

from lab.charts.image import to_image
from lab.charts.positions import position_heatmap, shift_check, shift_errors
from lab.charts.steps import numbers, saturation_lines, shares, short, weight_bars

WORDS = ["the", "animal", "the"]


def drawing(chart) -> str:
    return to_image(chart, "svg", width=chart.width).decode()


def texts(chart) -> list[str]:
    return [html.unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", drawing(chart))]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (6.0, "6"),
        (-0.5, "−0.5"),
        (0.5004, "0.50"),
        (0.1019, "0.10"),
        (12.345, "12.3"),
        (123.6, "124"),
        (2.5e7, "2e+07"),
        (-math.inf, "−∞"),
        (-0.001, "−0.00"),
        (1e-17, "0"),
    ],
)
def test_a_cell_says_whether_its_number_was_rounded(value, said):
    assert short(value) == said


def test_shares_go_around_zero_and_those_of_weights_from_none_to_all():
    assert shares([[-2, 0, 2], [0, 0, 1]]) == [[-1, 0, 1], [0, 0, 0.5]]
    assert shares([[0, 0.25, 1, -math.inf]], True) == [[0, 0.25, 1, None]]
    assert max(map(abs, shares([[1e-16, -1e-17]])[0])) < 1e-9  # rounding


def test_a_table_has_its_numbers_in_its_cells():
    chart = numbers([[1, -math.inf], [0.25, 2], [0, 0]], WORDS, ["a", "b"], "Masked")
    found = texts(chart)
    assert [t for t in found if t in ("1", "−∞", "0.25", "2", "0")] == [
        *("1", "−∞", "0.25", "2", "0", "0"),
    ]
    assert [t for t in found if t in WORDS] == WORDS
    assert {"Masked", "word", "number", "a", "b"} <= set(found)
    assert chart.to_dict()["autosize"] == "pad"


def test_a_table_that_does_not_fit_its_labels():
    with pytest.raises(ValueError, match="do not fit"):
        numbers([[1, 2]], ["a"], ["b"], "x")


def test_cells_keep_room_for_their_numbers_on_a_phone():
    chart = numbers(np.zeros((2, 12)), ["a", "b"], list("abcdefghijkl"), "x", width=340)
    assert chart.width >= 26 * 12


def test_saturation_has_a_line_each_and_the_chosen_d():
    rows = [
        {"name": name, "d": d, "variance": value}
        for name, values in (("q · k", (1, 4, 16)), ("q · k / √d", (1, 1, 1)))
        for d, value in zip((1, 4, 16), values, strict=True)
    ]
    chart = saturation_lines(rows, "variance", "variance of the scores", 4, logarithmic=True)
    found = texts(chart)
    assert {"numbers in a vector, d", "variance of the scores", "q · k", "q · k / √d"} <= set(found)
    layers = chart.to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in layers] == ["rule", "line", "point"]
    assert len(saturation_lines(rows, "variance", "v").to_dict()["layer"]) == 2


def test_weights_are_bars_from_zero_to_one():
    spec = weight_bars([0.25, 0.75], "weight").to_dict()
    assert [(r["key"], r["weight"]) for r in spec["datasets"][spec["data"]["name"]]] == [
        *((1, 0.25), (2, 0.75)),
    ]
    assert spec["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert spec["encoding"]["x"]["title"] == "key"


def test_positions_stand_in_their_rows():
    chart = position_heatmap([[0, 1], [2, 3], [4, -5]], "P")
    spec = chart.to_dict()
    rows = next(iter(spec["datasets"].values()))
    assert [row["value"] for row in rows if row["row"] == 1] == [2, 3]
    assert [row["value"] for row in rows if row["column_label"] == "2"] == [1, 3, -5]
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-5, 0, 5]
    assert {"position t", "number of the vector", "value"} <= set(texts(chart))


def test_a_shift_is_drawn_as_it_is_and_as_it_was_made():
    chart = shift_check(pd.DataFrame({"t": [0, 1], "true": [1, 2], "made": [3, 4]}), "Number 1")
    spec = chart.to_dict()
    rows = next(iter(spec["datasets"].values()))
    assert [(r["t"], r["value"], r["name"][:6]) for r in rows] == [
        *((0, 1, "P(t + "), (1, 2, "P(t + "), (0, 3, "P(t) M"), (1, 4, "P(t) M")),
    ]
    assert "position t" in texts(chart)


def test_shift_errors_have_a_line_for_each_kind():
    rows = [{"k": k, "error": e, "name": n} for n, e in (("a", 0.0), ("b", 2.0)) for k in (1, 2)]
    chart = shift_errors(rows, 2)
    assert {"a", "b", "shift k, in positions"} <= set(texts(chart))
    assert chart.to_dict()["layer"][0]["mark"]["type"] == "rule"
