"""Charts that compare translators: intervals against SciPy's, and each figure where it belongs."""

import html
import re

import pandas as pd
import pytest
from scipy import stats

from lab.charts.comparison import match_by_length, seed_spread, share_scatter, wilson
from lab.charts.image import to_image


def layers(chart) -> list[dict]:
    spec = chart.to_dict()
    for part in spec["layer"]:
        part["data"] = spec["datasets"][part.get("data", spec.get("data"))["name"]]
    return spec["layer"]


def drawing(chart) -> str:
    return to_image(chart, "svg", width=400).decode()


def words(chart) -> list[str]:
    found = re.findall(r"<text[^>]*>([^<]*)</text>", drawing(chart))
    return [html.unescape(text) for text in found]


@pytest.mark.parametrize(
    ("hits", "n"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 20), (190, 200), (1, 10_000)]
)
def test_wilson_interval_is_scipys(hits, n):
    expected = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_interval_at_its_ends():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 3)[0] == 0.0
    assert wilson(3, 3)[1] == 1.0
    for hits, n in ((4, 3), (-1, 3)):
        with pytest.raises(ValueError, match=f"{hits} hits in {n}"):
            wilson(hits, n)


LENGTHS = [
    {"name": name, "length": n, "exact_match": match, "pairs": 9, "low": match / 2, "high": 1.0}
    for name, n, match in (("b model", 2, 0.5), ("b model", 12, 0.25), ("a model", 2, 1.0))
]


@pytest.mark.parametrize("rows", [LENGTHS, pd.DataFrame(LENGTHS)])
def test_match_by_length_draws_points_and_intervals(rows):
    chart = match_by_length(rows)
    band, rule, line, points = layers(chart)
    kinds = [part["mark"]["type"] for part in (band, rule, line, points)]
    assert kinds == ["area", "rule", "line", "point"]
    for part in (band, rule):
        assert (part["encoding"]["y"]["field"], part["encoding"]["y2"]["field"]) == ("low", "high")
    for part in (line, points):
        assert part["encoding"]["y"]["field"] == "exact_match"
        assert part["encoding"]["y"]["scale"]["domain"] == [0, 1]
        assert part["encoding"]["y"]["axis"]["format"] == ".0%"
        assert part["encoding"]["x"]["field"] == "length"
        assert part["encoding"]["color"]["scale"]["domain"] == ["b model", "a model"]
    assert points["data"] == LENGTHS
    found = words(chart)
    assert {"source length (tokens)", "exact match", "a model", "b model", "100%"} <= set(found)


def test_lengths_are_whole_numbers():
    for lengths, shown in (((2, 3), "2 3"), (range(2, 16), "2 3 4 5 6 7 8 9 10 11 12 13 14 15")):
        rows = [{**LENGTHS[0], "length": length} for length in lengths]
        found = [word for word in words(match_by_length(rows)) if re.fullmatch(r"[\d.]+", word)]
        assert found == shown.split()
    rows = [{**LENGTHS[0], "length": length} for length in range(1, 41)]
    axis = layers(match_by_length(rows))[2]["encoding"]["x"]["axis"]
    assert axis["values"] == list(range(1, 41, 3))


def test_sizes_are_those_of_the_plot():
    # Streamlit's own choice squeezes the rows of a chart until their dots lie on each other.
    for chart in (match_by_length(LENGTHS), seed_spread(SEEDS, "exact match", "Spread")):
        assert chart.to_dict()["autosize"] == {"type": "fit-x", "contains": "padding"}
        assert chart.to_dict()["width"] == "container"
    assert share_scatter(SHARES).to_dict()["autosize"] == "pad"


SEEDS = [
    {"name": name, "seed": seed, "value": value}
    for name, values in (("scaled dot", (0.9, 0.5, 0.7)), ("dot", (0.25,)))
    for seed, value in enumerate(values)
]


def test_seed_spread_shows_every_seed_the_range_and_the_mean():
    chart = seed_spread(SEEDS, "alignment accuracy", "Spread over seeds")
    bar, tick, dots = layers(chart)
    first, second = bar["data"]
    assert (first["name"], first["min"], first["max"]) == ("scaled dot", 0.5, 0.9)
    assert (first["mean"], first["count"]) == (pytest.approx(0.7), 3)
    assert (second["min"], second["max"]) == (0.25, 0.25)
    assert (bar["encoding"]["x"]["field"], bar["encoding"]["x2"]["field"]) == ("min", "max")
    assert tick["encoding"]["x"]["field"] == "mean"
    assert dots["data"] == SEEDS
    assert {"seed", "value"} <= {tip["field"] for tip in dots["encoding"]["tooltip"]}


def test_seed_spread_keeps_the_order_of_the_rows():
    chart = seed_spread(SEEDS, "alignment accuracy", "Spread over seeds")
    for part in layers(chart):
        assert part["encoding"]["y"]["scale"]["domain"] == ["scaled dot", "dot"]
    found = words(chart)
    assert found.index("scaled dot") < found.index("dot")
    assert {"alignment accuracy", "Spread over seeds"} <= set(found)


def test_seed_spread_writes_shares_in_percent_and_seconds_as_they_are():
    def signs(*given, **options) -> list[str]:
        found = words(seed_spread(SEEDS, *given, "Spread", **options))
        return [word for word in found if re.fullmatch(r"[\d.]+%?", word)]

    assert all(sign.endswith("%") for sign in signs("exact match"))
    assert not any(sign.endswith("%") for sign in signs("seconds"))
    assert not any(sign.endswith("%") for sign in signs("AER", share=False))


SHARES = [
    {"profession": "secretary", "share": 0.94, "probability": 0.97},
    {"profession": "mechanic", "share": 0.0, "probability": 0.01},
    *(
        {"profession": name, "share": 0.5, "probability": 0.5}
        for name in ("pilot", "cook", "musician", "researcher")
    ),
]


def test_share_scatter_has_equal_axes_and_the_line_of_equality():
    chart = share_scatter(SHARES)
    line, dots, *_ = layers(chart)
    assert line["data"] == [{"share": 0, "probability": 0}, {"share": 1, "probability": 1}]
    x, y = dots["encoding"]["x"], dots["encoding"]["y"]
    assert (x["field"], y["field"]) == ("share", "probability")
    assert x["scale"] == y["scale"]
    assert chart.width == chart.height
    low, high = x["scale"]["domain"]
    assert low == pytest.approx(1 - high)  # as much room on both sides of 0 and 100 %
    assert -0.05 <= low <= 0
    assert x["axis"]["format"] == ".0%"


def test_each_profession_is_named_once_and_beside_its_dot():
    chart = share_scatter(SHARES)
    found = words(chart)
    for row in SHARES:
        assert found.count(row["profession"]) == 1
    labels = pd.DataFrame(layers(chart)[1]["data"])
    assert (labels.label_y - labels.probability).abs().max() < 0.2
    assert labels.label_y.between(0, 1).all()
    assert labels.side[0] == "left"  # no room to the right of 94 %
    assert labels.side[1] == "right"


def test_labels_do_not_lie_on_each_other_or_on_dots():
    size = 380
    data = pd.DataFrame(layers(share_scatter(SHARES, size))[1]["data"])
    boxes = [
        (row.share * size - 5, row.share * size + 5, row.probability * size, 5)
        for row in data.itertuples()
    ]
    for row in data.itertuples():
        long = 6.5 * len(row.profession)
        start = row.share * size + (8 if row.side == "right" else -8 - long)
        box = (start, start + long, row.label_y * size, 6)
        for left, right, middle, half in boxes:
            apart = abs(box[2] - middle) >= half + box[3] - 0.01
            assert box[1] <= left or right <= box[0] or apart, row.profession
        boxes.append(box)
