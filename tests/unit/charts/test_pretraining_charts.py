"""Charts of a masked model's training: rows, floors, and what is left out."""

from __future__ import annotations

import pandas as pd

from lab.charts import pretraining


def test_words_that_are_not_known_have_no_line():
    rows = pretraining.word_rows({"a": [(0, {"he": 0.5, "x": None}), (4, {"he": 0.0})]})
    assert rows.values.tolist() == [["a", 0, "he", 0.5], ["a", 4, "he", 1e-6]]
    spec = pretraining.word_lines(rows, ["he"], ["a"], 450).to_dict()
    assert spec["layer"][0]["encoding"]["y"]["scale"]["type"] == "log"


def test_ratios_can_be_taken_from_those_of_a_person():
    runs = {"a": [(0, {"nurse": -1.0, "person": 0.5}), (9, {"nurse": 2.0, "person": 0.5})]}
    assert pretraining.ratio_rows(runs)["ratio"].tolist() == [-1.0, 0.5, 2.0, 0.5]
    centred = pretraining.ratio_rows(runs, "person")
    assert centred["ratio"].tolist() == [-1.5, 1.5]
    assert pretraining.ratio_panels(centred, ["nurse"], ["a"], 340, 2).to_dict()["columns"] == 2


def test_bars_come_in_pairs_and_a_missing_one_is_left_out():
    chart = pretraining.fill_bars({"he": 0.4, "it": 0.1}, {"she": 0.9, "he": 0.05}, ("0", "9"), 450)
    spec = chart.to_dict()
    (rows,) = spec["datasets"].values()
    assert [(r["word"], r["when"]) for r in rows] == [
        ("he", "0"), ("it", "0"), ("she", "9"), ("he", "9")
    ]  # fmt: skip
    assert spec["encoding"]["y"]["sort"] == ["she", "he", "it"]


def test_zero_is_drawn_only_where_values_lie_on_both_sides():
    def layers(values):
        rows = pd.DataFrame([{"tokens": 10**n, "name": "x", "value": v} for n, v in values])
        return len(pretraining.journey_curve(rows, ["x"], "nats", 450).to_dict()["layer"])

    assert layers([(5, -1.0), (6, 1.0)]) == 3
    assert layers([(5, 6.0), (6, 3.0)]) == 2
