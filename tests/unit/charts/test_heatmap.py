"""One heatmap: colours of one meaning in both themes, and numbers that can be read on them."""

from __future__ import annotations

import json
import math
import re

import altair as alt
import numpy as np
import pytest
import vl_convert

from lab.charts import palette
from lab.charts.heatmap import ATTENTION, PROBABILITY, Quantity, heatmap

LIGHT, DARK = "#ffffff", "#121816"  # of .streamlit/config.toml
SIGNED = Quantity("value")


def drawn(chart, page: str) -> str:
    """Return a chart as Streamlit draws it: the page's colour comes with the configuration."""
    return vl_convert.vegalite_to_svg(chart.to_json(), config={"background": page})


def channels(colour: str) -> list[int]:
    if colour.startswith("rgb"):
        return [int(part) for part in re.findall(r"\d+", colour)]
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.1, by hand."""
    parts = [channel / 255 for channel in channels(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def fills(svg: str) -> list[str]:
    """Return the colours of the cells, in their order."""
    marks = svg[svg.index('class="mark-rect role-mark') :]
    marks = marks[: marks.index("</g>")]
    return re.findall(r'<path[^>]*fill="([^"]+)"', marks)


def inks(svg: str) -> list[str]:
    """Return the colours of the numbers in the cells, in their order."""
    marks = svg[svg.index('class="mark-text role-mark') :]
    return re.findall(r'<text[^>]*fill="([^"]+)"', marks[: marks.index("</g>")])


@pytest.mark.parametrize("page", [LIGHT, DARK])
@pytest.mark.parametrize("quantity", [ATTENTION, PROBABILITY])
def test_zero_is_the_page_and_more_is_more_ink(quantity, page):
    chart = heatmap([np.linspace(0, 1, 6)], ["a"], list("uvwxyz"), quantity)
    found = fills(drawn(chart, page))
    assert channels(found[0]) == channels(page)
    steps = [contrast(colour, page) for colour in found]
    assert steps == sorted(steps)
    assert steps[-1] > 6


@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_a_sign_has_a_colour_for_each_side(page):
    low, none, high = fills(drawn(heatmap([[-1, 0, 1]], ["a"], list("xyz"), SIGNED), page))
    assert [*map(channels, (low, none, high))] == [
        *map(channels, (palette.NEGATIVE, page, palette.POSITIVE)),
    ]


@pytest.mark.parametrize("page", [LIGHT, DARK, "#777777"])
@pytest.mark.parametrize("quantity", [ATTENTION, PROBABILITY, SIGNED])
def test_numbers_can_be_read_on_every_colour(quantity, page):
    values = [[*np.linspace(-1 if quantity.ink is None else 0, 1, 60), math.nan]]
    chart = heatmap(values, ["a"], ["b"] * 61, quantity, texts=[["1"] * 61])
    svg = drawn(chart, page)
    pairs = [*zip(fills(svg), inks(svg), strict=True)]
    assert len(pairs) == 61
    assert channels(pairs[-1][0]) == channels(palette.MISSING)
    assert min(contrast(*pair) for pair in pairs) >= 4.5  # WCAG 2.1, AA


def test_saved_pictures_are_on_white():
    chart = heatmap([[0, 1]], ["a"], ["x", "y"], ATTENTION)
    svg = vl_convert.vegalite_to_svg(chart.properties(background="white").to_json())
    assert [*map(channels, fills(svg))] == [[255] * 3, [0] * 3]


def test_tooltips_say_all_and_axes_have_titles():
    chart = heatmap(
        [[0.5, 1]],
        [" "],
        ["x", "y"],
        ATTENTION,
        ("looks", "is looked at"),
        more={"gold": ["a", "b"]},
    )
    spec = chart.to_dict()
    tips = [(tip["field"], tip["title"]) for tip in spec["layer"][0]["encoding"]["tooltip"]]
    assert tips == [
        ("row_label", "looks"),
        ("column_label", "is looked at"),
        ("value", "attention weight"),
        ("gold", "gold"),
    ]
    (rows,) = spec["datasets"].values()
    assert [(r["row_label"], r["column_label"], r["value"], r["gold"]) for r in rows] == [
        *(("␣", "x", 0.5, "a"), ("␣", "y", 1, "b")),
    ]
    svg = drawn(chart, LIGHT)
    assert ">looks<" in svg
    assert ">is looked at<" in svg
    no_names = heatmap([[0.5]], ["a"], ["b"], ATTENTION, ("", ""))
    tips = no_names.to_dict()["layer"][0]["encoding"]["tooltip"]
    assert [tip["field"] for tip in tips] == ["value"]


def test_the_largest_value_gets_all_the_ink_and_rounding_none():
    assert SIGNED.reaching([[1, -3], [math.inf, math.nan]]).most == 3
    assert SIGNED.reaching([[1e-17, -1e-16]]).most == 1
    assert SIGNED.reaching([]).most == 1


def test_many_cells_are_no_error():
    chart = heatmap(np.full((80, 80), math.nan), ["a"] * 80, ["b"] * 80, ATTENTION)
    (rows,) = json.loads(chart.to_json())["datasets"].values()
    assert len(rows) == 6400
    assert rows[0]["value"] is None


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"1 row and 2 column labels .* \(1, 3\)"):
        heatmap([[1, 2, 3]], ["a"], ["x", "y"], ATTENTION)


def test_marks_over_a_heatmap_share_its_places():
    chart = heatmap([[0, 1]], ["a"], ["x", "y"], ATTENTION)
    cells = chart.layer[0].encoding
    marks = alt.Chart(alt.InlineData(values=[{"row": 0, "column": 1}]))
    chart += marks.mark_point(shape="square").encode(x=cells.x, y=cells.y)
    assert ">x<" in drawn(chart, DARK)  # and the axes stay


def test_canvases_get_the_same_colours():
    colours = palette.to_dict()
    assert colours["attention"] == [palette.ATTENTION.light, palette.ATTENTION.dark]
    assert (colours["negative"], colours["positive"]) == (palette.NEGATIVE, palette.POSITIVE)
    assert json.loads(json.dumps(colours)) == colours
