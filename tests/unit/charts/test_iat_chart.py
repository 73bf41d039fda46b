"""A dot for each answer, beyond the axis at its edge; a bar for each block's mean."""

from __future__ import annotations

import pytest

from lab.charts.iat import LATE, RIGHT, WRONG, axis_end, response_times
from lab.charts.image import to_image


def rows(*answers):
    return [
        {
            "block": b,
            "number": n,
            "word": "rose",
            "category": "flowers",
            "milliseconds": t,
            "errors": e,
        }
        for b, n, t, e in answers
    ]


ANSWERS = rows(
    ("b </text>", 1, 600, 0), ("b </text>", 2, 800, 1), ("a", 1, 500, 0), ("a", 2, 9_000, 1)
)


def data(chart, column, of="answer"):
    """Return a column of the answers, or with of="mean" of the blocks."""
    frames = chart.to_dict()["datasets"].values()
    return [row[column] for frame in frames if of in frame[0] for row in frame]


@pytest.mark.parametrize(
    ("times", "end"), [([1_500] * 20, 1_500), ([1_500] * 19 + [9_000], 1_500), ([1_501], 2_000)]
)
def test_axis_ends_where_few_answers_lie_beyond(times, end):
    assert axis_end(times) == end
    assert axis_end([5_000]) == 3_000


def test_dots_tell_how_it_went_and_stand_in_the_order_of_answers():
    chart = response_times(ANSWERS)
    assert data(chart, "answer") == [RIGHT, WRONG, RIGHT, LATE]
    assert data(chart, "shown") == pytest.approx([600, 800, 500, 0.985 * 3_000])
    places = data(chart, "place")
    assert 0 < places[0] < places[1] < 1 < places[2] < places[3] < 2  # blocks as they came
    assert data(chart, "mean", "mean") == [700, 4_750]


def test_axis_has_its_unit_colours_stay_with_their_block_and_it_fits_a_phone():
    bars, dots, _ = response_times(ANSWERS, 340).to_dict()["layer"]
    assert dots["encoding"]["x"]["title"] == "time until the right key (ms)"
    assert dots["encoding"]["color"]["scale"]["domain"] == ["a", "b </text>"]
    assert bars["encoding"]["x"] == dots["encoding"]["x"]
    assert response_times(ANSWERS, 340).to_dict()["width"] < 340


def test_it_is_drawn_with_its_labels():
    svg = to_image(response_times(ANSWERS), "svg").decode()
    assert svg.count('aria-roledescription="point"') == 4
    assert "b &lt;/text&gt;" in svg
    assert "beyond the axis" in svg


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="no answer to draw"):
        response_times([])
