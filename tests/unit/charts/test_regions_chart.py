"""Own places over the error curves of two regions."""

from __future__ import annotations

from lab.charts.crops import error_curves
from lab.charts.regions import with_places
from lab.crops.stack import PERIODS


def rows(kind: str, level: float, **more) -> list[dict]:
    return [
        {
            "region": "Spain",
            "kind": kind,
            "band": "VH",
            "period": period.label,
            "day": period.middle,
            "first": period.days()[0],
            "last": period.days()[1],
            "operator": period.operator,
            "stage": period.stage,
            "mean": level,
            "low": level - 1,
            "high": level + 1,
            "spread": "parcels",
            "pixels": 9,
            **more,
        }
        for period in PERIODS
    ]


def test_places_are_lines_of_their_colour_with_a_number_at_their_end():
    chart = error_curves(rows("TP", -15))
    own = [
        *rows("1", -20, name="1 · a pixel", colour="#E69F00"),
        *rows("2", -12, name="2 · a polygon", colour="#CC79A7"),
    ]
    drawn = with_places(chart, own).to_dict()
    assert len(drawn["layer"]) == len(chart.layer) + 1
    lines = drawn["layer"][-1]["layer"]
    assert [part["mark"]["type"] for part in lines] == ["line", "line", "point", "text"]
    assert lines[1]["encoding"]["color"] == {
        "field": "colour",
        "legend": None,
        "scale": None,
        "type": "nominal",
    }
    ends = drawn["datasets"][lines[3]["data"]["name"]]
    assert sorted((row["kind"], row["mean"]) for row in ends) == [("1", -20), ("2", -12)]
    assert {row["period"] for row in ends} == {PERIODS[-1].label}
    # The legend of the errors stays as it was.
    assert drawn["height"] == chart.height


def test_without_places_the_chart_is_as_it_was():
    chart = error_curves(rows("TP", -15))
    assert with_places(chart, []) is chart
