"""The charts of classifiers: lines to beat, and verdicts that sum to one."""

from lab.charts.verdict import lined_chart, lined_rows, verdict_bars

POINTS = {"a": [{"step": s, "seconds": s / 2, "value": s / 10} for s in (0, 5)]}


def test_lines_are_rows_beside_the_runs():
    rows = lined_rows(POINTS, {"words": 0.7, "chance": 0.5})
    assert list(rows.kind) == ["run", "run", "below", "above"]
    assert list(rows.name) == ["a", "a", "chance", "words"]
    assert list(lined_rows(POINTS, {}).kind) == ["run", "run"]


def test_each_layer_draws_its_own_rows_and_axes_are_titled():
    rows = lined_rows(POINTS, {"words": 0.7})
    spec = lined_chart(["a"], "told right", True, rows).to_dict()
    filters = [str(layer["transform"]) for layer in spec["layer"]]
    assert len(filters) == 5
    assert sum("'run'" in text and "===" in text for text in filters) == 2
    last = spec["layer"][-1]["encoding"]
    assert last["x"]["title"] == "Training steps"
    assert last["y"]["title"] == "told right"
    assert last["color"]["scale"]["domain"] == ["a"]


def test_every_classifier_has_a_bar_of_every_class():
    spec = verdict_bars(["a", "b"], ["no", "yes"], [[0.2, 0.8], [1.0, 0.0]]).to_dict()
    (rows,) = spec["datasets"].values()
    assert [(r["name"], r["class"], r["probability"]) for r in rows[:2]] == [
        ("a", "no", 0.2),
        ("a", "yes", 0.8),
    ]
    assert spec["encoding"]["x"]["stack"] == "zero"
    assert spec["encoding"]["y"]["scale"]["domain"] == ["a", "b"]
