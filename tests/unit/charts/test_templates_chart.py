"""Charts of the log-probability score: what stands where, and what cannot be drawn."""

from __future__ import annotations

import json

import pytest

from lab.charts.templates import effect_dots, observation_ticks
from lab.charts.templates_words import score_heatmap, word_spread

ROWS = [
    {"word": "low", "group": "A", "mean": 0.0, "values": [-1.0, 1.0], "cells": {0: -1.0, 1: 1.0}},
    {"word": "high", "group": "A", "mean": 2.0, "values": [2.0], "cells": {1: 2.0}},
    {"word": "other", "group": "B", "mean": 5.0, "values": [5.0, 5.0], "cells": {0: 5.0, 1: 5.0}},
]


def values(chart) -> list[list[dict]]:
    """Return the data of each layer."""
    written = chart.to_dict()
    named = written.get("datasets", {})
    data = [layer["data"] for layer in [written, *written["layer"]] if "data" in layer]
    return [one.get("values") or named[one["name"]] for one in data]


def test_models_stand_beside_each_other_and_their_ranges_below():
    dots = [
        {"model": model, "template": t, "d": d, "odd": d < 0}
        for model, own in (("one", (1.0, -0.5)), ("two", (0.5, 0.7)))
        for t, d in enumerate(own)
    ]
    ranges = [
        {"model": "one", "mean": 0.25, "low": -0.5, "high": 1.0},
        {"model": "two", "mean": 0.6, "low": 0.5, "high": 0.7},
    ]
    chart = effect_dots(dots, ranges, ["</script> [T]", "b"], ("left", "right"), 340)
    drawn = {(row["model"], row["template"]): row["y"] for row in values(chart)[-1]}
    assert drawn["one", 0] < 0 < drawn["two", 0] < drawn["one", 1] < 1 < drawn["two", 1]
    below = [row["y"] for row in values(chart)[1]]
    assert below[1] == below[0] + 1
    assert below[0] > drawn["two", 1]
    written = json.dumps(chart.to_dict(), ensure_ascii=False)
    assert "</script>" not in written.replace('"sentence": "</script> [T]"', "")
    assert "← left · right →" in written
    low, high = chart.to_dict()["layer"][-1]["encoding"]["x"]["scale"]["domain"]
    assert low < -0.5
    assert high > 1.0
    with pytest.raises(ValueError, match="no effect size"):
        effect_dots([], [], [])


def test_words_go_from_the_highest_to_the_lowest_in_both_pictures():
    (rows,) = [part for part in values(word_spread(ROWS)) if "word" in part[0]][:1]
    assert {row["word"]: row["place"] for row in rows} == {"high": 0, "low": 1, "other": 3}
    cells = [cell for cell in values(score_heatmap(ROWS, 2))[0] if cell["value"] is not None]
    assert {cell["row_label"]: cell["row"] for cell in cells} == {"high": 0, "low": 1, "other": 3}
    assert [(c["row_label"], c["column_label"], c["value"], c["list"]) for c in cells][:3] == [
        ("high", "2", 2.0, "A"),
        ("low", "1", -1.0, "A"),
        ("low", "2", 1.0, "A"),
    ]
    scale = score_heatmap(ROWS, 2).to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [-5.0, 0, 5.0]
    with pytest.raises(ValueError, match="no word"):
        word_spread([])


def test_observations_have_a_tick_each_and_a_mean():
    drawn = values(
        observation_ticks([("A", [["x", 1.0], ["y", 3.0]]), ("B", [["z", 0.0]])], "nats")
    )
    assert [row["what"] for row in drawn[1]] == ["x", "y", "z"]
    assert drawn[2] == [{"group": "A", "value": 2.0}, {"group": "B", "value": 0.0}]
