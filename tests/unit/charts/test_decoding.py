"""Bars and heatmaps of a decoder's step: each number at its place, and zero where it belongs."""

import html
import re

import numpy as np
import pytest

from lab.charts import palette
from lab.charts.decoding import matrix, probability_bars, strip, token_bars
from lab.charts.heatmap import ATTENTION
from lab.charts.image import to_image
from lab.charts.palette import CHOSEN, NEGATIVE, POSITIVE

TOKENS = ["the", "cat", "the", "</s>"]


def opened(chart) -> tuple[dict, list[dict]]:
    """Return the specification and the data of a chart."""
    spec = chart.to_dict()
    encoding = spec["encoding"] if "encoding" in spec else spec["layer"][0]["encoding"]
    return encoding, next(iter(spec["datasets"].values()))


def drawing(chart) -> str:
    return to_image(chart, "svg", width=chart.width).decode()


def words(chart) -> list[str]:
    found = re.findall(r"<text[^>]*>([^<]*)</text>", drawing(chart))
    return [html.unescape(text) for text in found]


def wide(chart) -> float:
    return float(re.search(r'<svg[^>]*width="([\d.]+)"', drawing(chart))[1])


def test_bars_stand_in_the_order_of_the_sentence():
    chart = token_bars(TOKENS, [1.5, -2.0, 0.0, 0.25], "score e", marked=1)
    encoding, data = opened(chart)
    assert [(row["index"], row["token"], row["value"]) for row in data] == [
        *((0, "the", 1.5), (1, "cat", -2.0), (2, "the", 0.0), (3, "</s>", 0.25)),
    ]
    assert [row["marked"] for row in data] == [False, True, False, False]
    assert encoding["color"]["scale"]["domain"] == [False, True]
    assert encoding["color"]["scale"]["range"] == [palette.ATTENTION.colour.to_dict(), CHOSEN]
    found = words(chart)
    assert [word for word in found if word in TOKENS] == TOKENS
    assert {"source", "score e"} <= set(found)
    assert "−2" in found  # the axis reaches below zero


def test_several_places_can_be_marked_and_the_first_one_too():
    for marked, expected in ((0, [0]), ([1, 3], [1, 3]), (None, []), (np.int64(2), [2])):
        _, data = opened(token_bars(TOKENS, [0.0] * 4, "score", marked=marked))
        assert [row["index"] for row in data if row["marked"]] == expected


def test_weights_have_a_fixed_axis():
    encoding, _ = opened(token_bars(TOKENS, [0.1, 0.2, 0.3, 0.4], "weight", domain=(0, 1)))
    assert encoding["y"]["scale"]["domain"] == [0, 1]
    encoding, _ = opened(token_bars(TOKENS, [0.1, 0.2, 0.3, 0.4], "weight"))
    assert "domain" not in encoding["y"].get("scale", {})


def test_sizes_are_those_of_the_cells_and_not_of_the_whole_chart():
    for chart in (
        token_bars(TOKENS, [0.0] * 4, "score"),
        probability_bars(["a"], [1.0]),
        strip([1.0], "query"),
        matrix([[1.0]], ["a"], ["b"], "head"),
    ):
        assert chart.to_dict()["autosize"] == "pad"


def test_a_value_too_many_is_refused():
    with pytest.raises(ValueError, match="zip"):
        token_bars(TOKENS, [0.0] * 5, "score")


@pytest.mark.parametrize("tokens", [["économique"] * 14, [*"3 May 1998, 12:00 or", "</s>"]])
def test_bars_fit_a_phone(tokens):
    chart = token_bars(tokens, np.linspace(-9, 9, len(tokens)), "score e", width=340)
    assert wide(chart) <= 340


def test_probabilities_come_most_probable_first():
    chart = probability_bars(["a", '"', " ", "\\"], [0.1, 0.6, 0.1, 0.2], chosen="\\")
    encoding, data = opened(chart)
    assert [row["token"] for row in data] == ['"', "\\", "a", "␣"]
    assert [row["rank"] for row in data] == [0, 1, 2, 3]
    assert [row["token"] for row in data if row["marked"]] == ["\\"]
    assert encoding["x"]["scale"]["domain"] == [0, 1]
    assert encoding["x"]["axis"]["format"] == ".0%"
    assert [word for word in words(chart) if word in '"\\a␣'] == ['"', "\\", "a", "␣"]
    assert wide(chart) <= 320


def test_nothing_is_marked_if_another_token_was_written():
    _, data = opened(probability_bars(["a", "b"], [0.9, 0.1], chosen="c"))
    assert not any(row["marked"] for row in data)


def test_a_strip_goes_on_in_the_next_line():
    chart = strip([float(i) for i in range(70)], "query")
    _, data = opened(chart)
    assert (data[33]["column"], data[33]["row"], data[33]["dimension"]) == (1, 1, 34)
    assert data[69]["row"] == 2
    assert wide(chart) <= 340
    _, data = opened(strip([0.0] * 70, "query", columns=70))
    assert {row["row"] for row in data} == {0}
    _, data = opened(strip([1.0, 2.0], "query"))
    assert [row["column"] for row in data] == [0, 1]


@pytest.mark.parametrize("values", [[-3.0, 1.0], [3.0, 2.0], [-0.5, -3.0]])
def test_zero_is_in_the_middle_of_the_colours(values):
    encoding, _ = opened(strip(values, "context"))
    assert encoding["color"]["scale"]["domain"] == [-3.0, 0, 3.0]
    assert encoding["color"]["scale"]["range"] == [NEGATIVE, {"expr": "background"}, POSITIVE]


def test_a_vector_of_zeros_has_the_colour_of_the_page():
    encoding, _ = opened(strip([0.0, 0.0], "context"))
    assert encoding["color"]["scale"]["domain"] == [-1, 0, 1]
    assert drawing(strip([0.0, 0.0], "context")).count('fill="rgb(255, 255, 255)"') == 2


def test_a_matrix_keeps_rows_and_columns():
    chart = matrix([[1.0, -4.0, 2.0], [0.0, 0.5, 3.0]], ["a", "b"], None, "stream")
    encoding, data = opened(chart)
    cell = next(row for row in data if row["row"] == 1 and row["column"] == 2)
    assert (cell["row_label"], cell["column_label"], cell["value"]) == ("b", "3", 3.0)
    assert encoding["color"]["scale"]["domain"] == [-4.0, 0, 4.0]
    assert encoding["x"]["axis"]["labels"] is False
    assert {"a", "b", "stream", "token", "dimension"} <= set(words(chart))


def test_a_matrix_of_weights_goes_from_the_page_to_all_ink():
    weights = [[0.25, 0.75], [1.0, 0.0]]
    chart = matrix(weights, ["x", "</s>"], ["</s>", "y"], "head 1", ATTENTION, ("asks", "is asked"))
    encoding, data = opened(chart)
    assert encoding["color"]["scale"]["domain"] == [0, 1]
    ends = [{"expr": "background"}, palette.ATTENTION.colour.to_dict()]
    assert encoding["color"]["scale"]["range"] == ends
    assert encoding["x"]["axis"]["orient"] == "top"
    assert (data[1]["row_label"], data[1]["column_label"], data[1]["value"]) == ("x", "y", 0.75)
    assert words(chart).count("</s>") == 2
    assert {"asks", "is asked", "attention weight"} <= set(words(chart))


def test_a_matrix_that_does_not_fit_its_labels_is_refused():
    with pytest.raises(ValueError, match=r"2 row and 3 column labels .* \(2, 2\)"):
        matrix([[1, 2], [3, 4]], ["a", "b"], ["x", "y", "z"], "head")
    with pytest.raises(ValueError, match="1 row"):
        matrix([[1, 2], [3, 4]], ["a"], None, "stream")


@pytest.mark.parametrize("columns", [None, ["économique"] * 14])
def test_a_matrix_fits_a_phone(columns):
    values = np.zeros((14, 128 if columns is None else 14))
    chart = matrix(values, ["économique"] * 14, columns, "stream", width=340)
    assert wide(chart) <= 340
    assert wide(matrix(values, ["économique"] * 14, columns, "stream")) <= 760


def test_a_wide_stream_is_no_error():
    chart = matrix(np.zeros((6, 1024)), ["a"] * 6, None, "stream")
    assert len(opened(chart)[1]) == 6 * 1024
