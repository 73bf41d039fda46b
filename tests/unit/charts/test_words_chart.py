"""Points by sense, lines to the nearest, layers beside chance."""

from __future__ import annotations

import pytest

from lab.charts.image import to_image
from lab.charts.palette import RUN_COLOURS
from lab.charts.words import layer_accuracy, short, word_rows, word_scatter

POINTS = [(0, 0), (1, 0), (0, 2)]
SENSES = ["river", "river", "money"]
TEXTS = ["The bank is wet.", "A steep bank.", "My bank </script> lends."]
NEAREST = [[1, 2], [0, 2], [0, 1]]
COSINES = [[0.9, 0.5], [0.9, 0.4], [0.5, 0.4]]


def drawn(**options):
    dots, lines = word_rows(POINTS, SENSES, TEXTS, NEAREST, COSINES)
    return word_scatter(dots, lines, ["river", "money"], (0.62, 0.2), **options)


def test_each_point_knows_its_nearest_and_each_line_its_ends():
    dots, lines = word_rows(POINTS, SENSES, TEXTS, NEAREST, COSINES)
    assert dots["near 1"].tolist()[:2] == ["0.900  A steep bank.", "0.900  The bank is wet."]
    assert len(lines) == 6
    line = lines[(lines.place == 2)].iloc[0]
    assert (line.x, line.y, line.to_x, line.to_y, line.sense) == (0, 2, 0, 0, "river")


def test_rows_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="equally many"):
        word_rows(POINTS, SENSES[:2], TEXTS, NEAREST, COSINES)


def test_axes_tell_their_share_of_the_variance():
    encoding = drawn().to_dict()["layer"][0]["encoding"]
    assert encoding["x"]["title"] == "first principal axis (62% of the variance)"
    assert encoding["y"]["title"] == "second principal axis (20% of the variance)"


def test_senses_have_a_colour_and_a_shape_and_neighbours_stand_in_the_tooltip():
    encoding = drawn().to_dict()["layer"][0]["encoding"]
    assert encoding["color"]["scale"]["domain"] == encoding["shape"]["scale"]["domain"]
    assert encoding["color"]["scale"]["range"] == list(RUN_COLOURS[:2])
    assert len(set(encoding["shape"]["scale"]["range"])) == 2
    assert [t["title"] for t in encoding["tooltip"][2:]] == ["nearest 1", "nearest 2"]


def test_lines_come_when_a_point_is_touched_and_stay_for_the_marked_one():
    plain, marked = drawn().to_dict(), drawn(marked=1).to_dict()
    assert plain["layer"][1]["transform"] == [{"filter": {"param": "touched", "empty": False}}]
    assert len(marked["layer"]) == len(plain["layer"]) + 2
    assert "datum.place === 1" in marked["layer"][2]["transform"][0]["filter"]


def test_it_is_drawn_with_all_its_points_and_the_marked_lines():
    svg = to_image(drawn(marked=2), "svg").decode()
    assert svg.count('aria-roledescription="point"') >= 3
    assert svg.count('aria-roledescription="rule mark"') == 2
    assert "</script>" not in svg


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("a short one", 20, "a short one"),
        ("one two three", 9, "one two …"),
        ("x" * 30, 9, "x" * 9 + " …"),
    ],
)
def test_long_sentences_are_cut_at_a_word(text, most, said):
    assert short(text, most) == said


def rows(*shares):
    return [{"layer": n, "same_sense": share, "silhouette": 0.1} for n, share in enumerate(shares)]


def test_layers_stand_beside_what_a_lot_would_give():
    spec = layer_accuracy(rows(0.2, 0.8, 1.0), 0.25, marked=1).to_dict()
    layers = spec["layer"]
    rule = next(part for part in layers if part["mark"]["type"] == "rule")
    assert spec["datasets"][rule["data"]["name"]] == [{"same_sense": 0.25, "label": "by lot"}]
    assert layers[2]["encoding"]["x"]["axis"]["values"] == [0, 1, 2]
    assert layers[2]["encoding"]["y"]["scale"]["domain"][0] == 0
    assert "datum.layer === 1" in layers[-1]["transform"][0]["filter"]


def test_many_layers_have_fewer_labels():
    axis = layer_accuracy(rows(*[0.5] * 25), 0.2).to_dict()["layer"][2]["encoding"]["x"]["axis"]
    assert axis["values"] == list(range(0, 25, 2))


def test_points_that_are_all_in_one_place_have_room():
    dots, lines = word_rows([(0, 0)] * 3, SENSES, TEXTS, NEAREST, COSINES)
    spec = word_scatter(dots, lines, ["river", "money"], (0, 0)).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [-1, 1]
