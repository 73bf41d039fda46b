"""The heatmap of attention weights: its cells, its colours, and tokens that are hard to write."""

import html
import json
import re

import numpy as np
import pytest
import vl_convert

from lab.charts.alignment import alignment_heatmap
from lab.charts.axes import LARGEST, SMALLEST, TINIEST, label_width, visible
from lab.charts.image import to_image

SOURCE, TARGET = ["the", "cat", "the"], ["le", "chat"]
WEIGHTS = [[0.5, 0.2, 0.3], [0.0, 0.9, 0.1]]


def words(chart) -> list[str]:
    """Return what is written in the picture of a chart."""
    drawing = to_image(chart, "svg", width=chart.width).decode()
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawing)]


def layers(chart) -> list[dict]:
    """Return the layers of a chart, with the data of each in it."""
    spec = chart.to_dict()
    for part in spec["layer"]:
        part["data"] = spec["datasets"][part.get("data", spec.get("data"))["name"]]
    return spec["layer"]


def cells(chart) -> dict:
    return layers(chart)[0]


def test_rows_hold_each_cell_at_its_place():
    rows = cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS, {(1, 1), (2, 0)}))["data"]
    assert len(rows) == 6
    found = {(row["column"], row["row"]): row for row in rows}
    names = ("column_label", "row_label", "value", "gold")
    assert [found[2, 0][name] for name in names] == ["the", "le", 0.3, "yes"]
    assert [found[1, 1][name] for name in names] == ["cat", "chat", 0.9, "yes"]
    assert [row["gold"] for row in rows].count("yes") == 2
    assert "gold" not in cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS))["data"][0]


def test_weights_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match=r"2 row and 3 column labels .* \(3, 2\)"):
        alignment_heatmap(SOURCE, TARGET, np.array(WEIGHTS).T)


def test_source_stands_across_the_top_and_target_goes_down():
    encoding = cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS))["encoding"]
    assert (encoding["x"]["field"], encoding["x"]["axis"]["orient"]) == ("column", "top")
    assert encoding["y"]["field"] == "row"
    # The first target token is at the top: ordinal scales go down.
    assert encoding["y"]["scale"]["domain"] == [0, 1]
    assert encoding["y"]["type"] == "ordinal"


@pytest.mark.parametrize(
    ("inverted", "page", "grey"),
    [(False, "#ffffff", 0.1), (False, "#000000", 0.9), (True, "#ffffff", 0.9)],
)
def test_colours_are_fixed_from_zero_to_one(inverted, page, grey):
    faint = np.array(WEIGHTS) / 100
    encoding = cells(alignment_heatmap(SOURCE, TARGET, faint, inverted=inverted))["encoding"]
    assert encoding["color"]["scale"]["domain"] == [0, 1]
    assert encoding["color"]["legend"]["title"] == ["attention weight"]
    # And that is what is drawn: the cell of weight 0.9 in the picture.
    chart = alignment_heatmap(SOURCE, TARGET, WEIGHTS, inverted=inverted)
    drawing = vl_convert.vegalite_to_svg(chart.properties(background=page).to_json())
    level = round(255 * grey)
    assert f"rgb({level}, {level}, {level})" in drawing


def test_hovering_tells_tokens_weight_and_gold():
    tips = cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS, gold=set()))["encoding"]["tooltip"]
    assert [tip["field"] for tip in tips] == ["row_label", "column_label", "value", "gold"]
    assert tips[2]["format"] == ".3f"
    tips = cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS))["encoding"]["tooltip"]
    assert [tip["field"] for tip in tips] == ["row_label", "column_label", "value"]


def test_gold_links_are_outlined():
    chart = alignment_heatmap(SOURCE, TARGET, WEIGHTS, gold={(1, 1), (2, 0)})
    _, marks = layers(chart)
    assert (marks["mark"]["type"], marks["mark"]["filled"]) == ("point", False)
    places = {(row["column"], row["row"]) for row in marks["data"]}
    assert places == {(1, 1), (2, 0)}
    assert len(layers(alignment_heatmap(SOURCE, TARGET, WEIGHTS))) == 1


def test_a_marked_row_gets_a_box_over_the_whole_width():
    chart = alignment_heatmap(SOURCE, TARGET, WEIGHTS, marked_row=1)
    _, box = layers(chart)
    assert box["data"] == [{"row": 1}]
    assert (box["mark"]["filled"], box["encoding"]["x"]["value"]) == (False, 0)
    drawing = to_image(chart, "svg", width=chart.width).decode()
    assert f"M0,{LARGEST}h{3 * LARGEST}v{LARGEST}h-{3 * LARGEST}Z" in drawing


def test_tokens_that_repeat_keep_a_column_each():
    found = words(alignment_heatmap(SOURCE, TARGET, WEIGHTS))
    assert found.count("the") == 2
    assert found.index("le") < found.index("chat")


HARD = [
    '"',
    "'",
    "\\",
    "</s>",
    "</script>",
    "<unk>",
    "&",
    "été",
    "`",
    "${x}",
    "\\n",
    "]",
    "😀",
    "n't",
]


def test_tokens_that_are_hard_to_write_come_out_as_they_are():
    chart = alignment_heatmap(HARD, HARD, np.eye(len(HARD)))
    found = words(chart)
    for token in HARD:
        assert found.count(token) == 2, token
    assert "</script" not in json.dumps(cells(chart)["encoding"])


def test_no_label_is_left_out():
    # Streamlit's theme leaves out labels that lie close, and cuts those at the ends.
    encoding = cells(alignment_heatmap(SOURCE, TARGET, WEIGHTS))["encoding"]
    for axis in (encoding["x"]["axis"], encoding["y"]["axis"]):
        assert (axis["labelOverlap"], axis["labelFlush"]) == (False, False)
    chart = alignment_heatmap(["a"] * 60, ["b"] * 40, np.zeros((40, 60)), width=340)
    assert (words(chart).count("a"), words(chart).count("b")) == (60, 40)


def test_white_space_can_be_seen():
    assert [visible(token) for token in (" ", "\n", "  ", "a b", "")] == ["␣", "↵", "␣␣", "a b", ""]
    assert words(alignment_heatmap([" ", "a"], ["b"], [[0.5, 0.5]])).count("␣") == 1


def angle(tokens, **options) -> int:
    chart = alignment_heatmap(tokens, ["x"], [[0.0] * len(tokens)], **options)
    return cells(chart)["encoding"]["x"]["axis"]["labelAngle"]


def test_words_stand_upright_and_letters_do_not():
    assert angle(["agreement", "on"]) == -90
    assert angle(list("abcdef")) == 0
    assert angle([*"abcdefghijklmnopqrst", "</s>"], width=340) == 0  # END has room at the side
    assert angle(["</s>", *"abcdefghijklmnopqrst"], width=340) == -90


@pytest.mark.parametrize(("rows", "columns"), [(3, 3), (5, 12), (30, 30), (12, 30), (30, 5)])
def test_cells_are_square_and_can_be_seen(rows, columns):
    chart = alignment_heatmap(["a"] * columns, ["b"] * rows, np.zeros((rows, columns)))
    step = chart.width / columns
    assert chart.height / rows == step
    assert SMALLEST <= step <= LARGEST
    assert chart.width <= 720
    assert chart.height <= 620
    assert chart.to_dict()["autosize"] == "pad"  # or Streamlit squeezes the labels in as well


@pytest.mark.parametrize("names", [["économique"] * 14, [*"1998-05-03ABC", "</s>"]])
def test_a_sentence_of_fourteen_fits_a_phone(names):
    chart = alignment_heatmap(names, names, np.eye(14), gold=set(), width=340)
    drawing = to_image(chart, "svg", width=chart.width).decode()
    assert float(re.search(r'<svg[^>]*width="([\d.]+)"', drawing)[1]) <= 340
    assert chart.width / 14 > TINIEST


def test_a_long_sentence_is_no_error():
    # Altair by itself stops at 5,000 cells.
    chart = alignment_heatmap(["a"] * 80, ["b"] * 80, np.zeros((80, 80)))
    assert len(cells(chart)["data"]) == 6400
    assert chart.width == 80 * SMALLEST


def test_label_width_grows_with_the_longest_and_has_a_bound():
    assert label_width(["a", "abcd"], 10) == pytest.approx(24)
    assert label_width(["a" * 100], 10) == 100
    assert label_width([], 10) == 0


def test_no_text_has_a_colour_of_its_own():
    # Streamlit's theme gives the axes and the legend theirs, light or dark.
    spec = json.dumps(alignment_heatmap(SOURCE, TARGET, WEIGHTS, gold={(0, 0)}).to_dict())
    assert "labelColor" not in spec
    assert "titleColor" not in spec
    assert '"text"' not in spec
