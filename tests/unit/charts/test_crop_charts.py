"""The charts of a season: what they hold, and that they compile."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from lab.charts.crop_composites import TRUTH, composite_bias, iou_by_count, twice
from lab.charts.crops import COLOURS, GROWN, calendar, dated, error_curves, grown_colours
from lab.crops.scenes.calendar import CURVES
from lab.crops.scenes.regions import REGIONS
from lab.crops.series import mean_series
from lab.crops.stack import PERIODS, Stack


def series(name: str) -> list[dict]:
    values = np.random.default_rng(0).normal(-17, 2, (2, 8, 3, 3)).astype(np.float32)
    codes = np.array([[1, 1, 2], [2, 3, 3], [0, 0, 255]], np.uint8)
    return mean_series(Stack(name, values), codes)


def compiled(chart) -> tuple[dict, str]:
    """Return a chart's specification and the SVG that Vega draws of it."""
    import vl_convert

    given = chart.properties(width=400)
    return given.to_dict(), vl_convert.vegalite_to_svg(given.to_json())


def test_days_become_dates_without_a_zone():
    found = dated([{"day": 1.0, "first": 130, "last": 150}])
    assert found.iloc[0][["date", "begin", "end"]].tolist() == [
        "2021/01/01",
        "2021/05/10",
        "2021/05/30",
    ]


def test_error_curves_of_two_regions():
    rows = [*series("Spain"), *series("<France>")]
    given, drawn = compiled(error_curves(rows))
    text = json.dumps(given)
    assert "VH backscatter (dB)" in text
    for words in ("TP, crop and found", "FN, crop but missed", "Spain", "&lt;France&gt;"):
        assert words in drawn
    assert "TN" not in {row["kind"] for data in given["datasets"].values() for row in data
                        if "kind" in row}  # fmt: skip
    for stage in ("planting", "tillering", "booting", "ripening", "min", "mean", "max"):
        assert f">{stage}<" in drawn
    assert COLOURS["TP"].lower() in drawn.lower()
    for month in ("May", "Jun", "Oct"):
        assert f">{month}<" in drawn


def test_a_kind_without_pixels_has_no_legend():
    rows = [row for row in series("Spain") if row["kind"] == "TP"]
    _, drawn = compiled(error_curves(rows, spread=False))
    assert "crop but missed" not in drawn
    assert "Spain" not in drawn.replace("region: Spain", "")  # one region needs no name


def test_the_calendar_marks_the_crop_that_is_looked_for():
    rows = [
        {"class": name, "day": day, "value": value, "basis": "measured"}
        for name, value in (("rice, Spain", -20.0), ("maize", -17.0))
        for day in (130, 200, 290)
    ]
    _, drawn = compiled(calendar(rows, series("Spain")[:8], "VV", ["rice, Spain"]))
    assert "VV backscatter (dB)" in drawn
    assert 'stroke-width="4"' in drawn
    assert "rice, Spain" in drawn
    assert "planting" in drawn


def test_a_class_has_one_colour_in_all_calendars():
    assert set(GROWN) == set(CURVES)
    for region in REGIONS.values():
        found = grown_colours(region.classes)
        assert found == [GROWN[name] for name in region.classes]
        assert len(set(found)) == len(found)  # told apart inside a region
    mine = grown_colours(["my crop", "maize", "other"])
    assert mine[1] == GROWN["maize"]
    assert len(set(mine)) == 3


def row(name: str, count: int, **more) -> dict:
    period = PERIODS[0]
    return {
        "name": name,
        "count": count,
        "period": period.label,
        "day": period.middle,
        "first": period.days()[0],
        "last": period.days()[1],
        "operator": period.operator,
        "stage": period.stage,
        **more,
    }


def test_two_looks_and_the_truth():
    rows = [row(name, 2, value=-20.0, apart=-1.0) for name in ("2 times", "6 times", TRUTH)]
    _, drawn = compiled(twice(rows, ["2 times", "6 times", TRUTH], "VV"))
    assert "VV backscatter (dB)" in drawn
    assert all(name in drawn for name in ("2 times", "6 times", TRUTH))


def test_the_bias_has_its_lines_points_and_marks():
    lines = [{"operator": o, "count": n, "value": n * s} for o, s in (("min", -1), ("max", 1))
             for n in (1, 2)]  # fmt: skip
    points = [{**line, "what": what} for line in lines for what in ("all", "speckle")]
    given, drawn = compiled(composite_bias(points, lines, marks=(1, 2, 2)))
    assert "above or below the truth (dB)" in drawn
    assert "acquisitions in each composite" in drawn
    rules = [data for data in given["datasets"].values() if data == [{"count": 1}, {"count": 2}]]
    assert rules


def test_iou_is_drawn_from_zero_to_one_and_may_be_undefined():
    rows = [
        {"name": "a", "count": n, "iou": v, "low": v, "high": v, "recall": v, "precision": v}
        for n, v in ((1, 0.5), (2, float("nan")))
    ]
    given, drawn = compiled(iou_by_count(pd.DataFrame(rows), ["a"]))
    assert "IoU of the crop" in drawn
    assert ">1.0<" in drawn
    assert "NaN" not in json.dumps(given)


@pytest.mark.parametrize("empty", [error_curves, lambda rows: twice(rows, [])])
def test_nothing_is_drawn_of_nothing(empty):
    columns = ["region", "kind", "band", "period", "day", "first", "last", "operator", "stage",
               "mean", "low", "high", "spread", "pixels", "name", "value", "apart"]  # fmt: skip
    compiled(empty(pd.DataFrame(columns=columns)))
