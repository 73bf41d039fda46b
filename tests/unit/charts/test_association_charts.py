"""Charts of word associations: what is drawn where, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from lab.charts.association import permutation_bars, word_dots
from lab.charts.sensitivity import left_out_dots, reading_dots

ROWS = [
    {"word": w, "role": r, "group": g, "to_a": 0.0, "to_b": 0.0, "s": s, "wefat": f}
    for w, r, g, s, f in (
        ("rose", "X", "F", 0.1, 1.0),
        ("lily", "X", "F", 0.3, None),
        ("</script>", "Y", "I", -0.2, -1.0),
    )
]


def layers(chart) -> list[dict]:
    given = chart.to_dict()
    stored = given.get("datasets", {})
    for layer in given["layer"]:
        layer["rows"] = layer["data"].get("values") or stored[layer["data"]["name"]]
    return given["layer"]


def values(layer) -> list[dict]:
    return layer["rows"]


def test_words_stand_by_group_from_the_highest_with_a_gap_and_means():
    found = layers(word_dots(ROWS, ("F", "I"), ("P", "U")))
    dots = values(found[-1])
    assert [(row["word"], row["place"]) for row in dots] == [
        ("lily", 0),
        ("rose", 1),
        ("</script>", 3),
    ]
    assert [values(layer)[0]["s"] for layer in found[1:3]] == pytest.approx([0.2, -0.2])
    axis = found[-1]["encoding"]["y"]["axis"]
    assert axis["values"] == [0, 1, 3]
    assert "<" not in axis["labelExpr"]
    assert "P →" in found[-1]["encoding"]["x"]["title"][1]


def test_a_word_without_its_own_spread_is_left_out_of_wefat():
    dots = values(layers(word_dots(ROWS, ("F", "I"), ("P", "U"), own=True))[-1])
    assert [row["word"] for row in dots] == ["rose", "</script>"]
    with pytest.raises(ValueError, match="no word"):
        word_dots([], ("F", "I"), ("P", "U"))


def test_bars_add_up_and_those_that_reach_the_observed_s_are_marked():
    bars, rule, _ = layers(permutation_bars([-2, -1, 0, 1, 2], [1, 2, 2, 1], 0.5))
    rows = values(bars)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert [row["side"] for row in rows] == ["smaller S"] * 2 + ["reaches the observed S"] * 2
    assert values(rule)[0]["low"] == 0.5
    with pytest.raises(ValueError, match="Each bin"):
        permutation_bars([0, 1], [1, 2], 0.5)


def test_left_out_words_are_sorted_and_named():
    rows = [
        {"word": "a", "role": "X", "d": 1.2, "p": "0.01", "moves": False},
        {"word": "b", "role": "B", "d": 0.8, "p": "0.06", "moves": True},
        {"word": "c", "role": "Y", "d": None, "p": "1", "moves": None},
    ]
    names = {"X": "F", "Y": "I", "A": "P", "B": "U"}
    line, dots = layers(left_out_dots(rows, 1.0, names))
    assert [(row["word"], row["list"]) for row in values(dots)] == [("b", "U"), ("a", "F")]
    assert values(dots)[0]["verdict"] == "verdict at .05 changes"
    assert values(line)[0]["d"] == 1.0


def test_readings_carry_their_values_and_those_without_are_left_out():
    rows = [
        {"name": "mean, layer 2", "source": "m" * 60, "d": 0.94, "p": "0.02"},
        {"name": "[CLS], layer 0", "source": "m" * 60, "d": None, "p": "1"},
        {"name": "[CLS], layer 2", "source": "m" * 60, "d": -0.35, "p": "0.76"},
    ]
    found = layers(reading_dots(rows))
    shown = values(found[1])
    assert [row["label"] for row in shown] == ["+0.94, p 0.02", "-0.35, p 0.76"]
    domain = found[1]["encoding"]["color"]["scale"]["domain"]
    assert [row["source"] for row in shown] == [domain[0]] * 2
    assert np.diff(found[1]["encoding"]["x"]["scale"]["domain"]) > 0
    with pytest.raises(ValueError, match="None of them"):
        reading_dots([rows[1]])
