"""Files to keep: no cell is a formula, every measure has its column."""

from __future__ import annotations

import io
from csv import reader
from types import SimpleNamespace

import pandas as pd
import pytest

from lab.lesson.kit.keep import csv, metrics


@pytest.mark.parametrize("typed", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_what_somebody_typed_is_no_formula(typed):
    table = pd.DataFrame({"word": [typed, "plain"], typed: [1.5, -2.0]})
    (_, heading), *rows = reader(io.StringIO(csv(table).decode(), newline=""))
    safe = "'" + typed.replace("\r", " ")
    assert heading == safe
    assert rows == [[safe, "1.5"], ["plain", "-2.0"]]  # numbers stay numbers


def test_a_column_for_each_measure():
    points = [
        {"step": 1, "seconds": 0.1, "validation_loss": 2.0, "metrics": {"exact match": 0.5}},
        {"step": 2, "seconds": 0.2, "train_loss": 1.0},
    ]
    view = SimpleNamespace(history=SimpleNamespace(points=points))
    table = metrics([view], ["A"])
    assert list(table["exact match"].fillna(-1)) == [0.5, -1]
    assert "metrics" not in table
    assert list(table["model"]) == ["A", "A"]
