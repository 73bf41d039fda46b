"""Growth on logarithmic axes: units, colours that agree, and nothing at or below zero."""

from __future__ import annotations

import pytest

from lab.charts.image import to_image
from lab.charts.lengths import growth_chart
from lab.charts.palette import RUN_COLOURS

NAMES = ["RNN", "Convolution", "Self-attention"]
ROWS = [
    {"name": name, "length": length, "value": value, "note": ""}
    for name, value in (("RNN", 1.5), ("Self-attention", 2048))
    for length in (16, 32, 64, 128)
]


@pytest.mark.parametrize(
    ("what", "title"), [("time", "(ms)"), ("memory", "(bytes)"), ("path", "steps")]
)
def test_axes_are_logarithmic_and_say_their_unit(what, title):
    for layer in growth_chart(ROWS, NAMES, what).to_dict()["layer"]:
        x, y = layer["encoding"]["x"], layer["encoding"]["y"]
        assert (x["scale"]["type"], y["scale"]["type"]) == ("log", "log")
        assert "tokens" in x["title"]
        assert title in y["title"]


def test_colours_belong_to_names_and_the_legend_shows_what_is_drawn():
    colour = growth_chart(ROWS, NAMES, "time").to_dict()["layer"][1]["encoding"]["color"]
    assert colour["scale"]["domain"] == NAMES
    assert colour["scale"]["range"] == list(RUN_COLOURS[:3])
    assert colour["legend"]["values"] == ["RNN", "Self-attention"]


def test_few_ticks_keep_the_longest_length():
    axis = growth_chart(ROWS, NAMES, "time", ticks=2).to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == [32, 128]


def test_values_are_written_at_powers_of_ten_around_them():
    axis = growth_chart(ROWS, NAMES, "time").to_dict()["layer"][0]["encoding"]["y"]
    assert axis["axis"]["values"] == [1, 10, 100, 1000, 10_000]
    flat = [{**row, "value": 100} for row in ROWS]
    axis = growth_chart(flat, NAMES, "time").to_dict()["layer"][0]["encoding"]["y"]
    assert axis["scale"]["domain"] == [100, 1000]


def test_bytes_are_written_as_bytes():
    assert ">10kB<" in to_image(growth_chart(ROWS, NAMES, "memory"), "svg").decode()


def test_what_has_no_place_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        growth_chart([{**ROWS[0], "value": 0}], NAMES, "time")
    with pytest.raises(ValueError, match="no axis"):
        growth_chart(ROWS, NAMES, "energy")
