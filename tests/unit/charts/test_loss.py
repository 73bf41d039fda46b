"""The chart of learning curves: what is drawn, and what is left out."""

import numpy as np
import pytest

from lab.charts import loss_chart, loss_rows, to_image
from lab.charts.loss import COUNTS, TRAIN, VALIDATION, Curve, thin


def points(count: int) -> list[dict]:
    return [
        {
            "step": step,
            "tokens": 10 * step,
            "seconds": step / 4,
            "train_loss": None if step == 0 else 4 / (1 + step),
            "validation_loss": 4 / (1 + step) + 0.5 if step % 5 == 0 else None,
        }
        for step in range(count)
    ]


def test_rows_hold_each_measured_loss_once():
    rows = loss_rows([Curve("a", points(11))])
    training, validation = (rows[rows.kind == kind] for kind in (TRAIN, VALIDATION))
    assert list(training.x) == list(range(1, 11))
    assert list(validation.x) == [0, 5, 10]
    assert validation.loss.iloc[1] == pytest.approx(4 / 6 + 0.5)
    assert validation.perplexity.iloc[0] == pytest.approx(np.exp(4.5))
    assert validation.bits.iloc[0] == pytest.approx(4.5 / np.log(2))


@pytest.mark.parametrize(("x", "last"), [("step", 10), ("tokens", 100), ("seconds", 2.5)])
def test_the_axis_is_what_was_asked_for_and_lines_reach_its_end(x, last):
    rows = loss_rows([Curve("a", points(11))], {"2-gram": 2.0}, x)
    assert rows[rows.kind != COUNTS].x.max() == last
    assert rows[rows.name == "2-gram"].x.max() == last
    assert rows[rows.name == "2-gram"].x.min() == 0


def test_a_frame_is_small_and_keeps_both_ends():
    curves = [Curve(name, points(5000)) for name in "abcdef"]
    rows = loss_rows(curves, points=300)
    assert len(rows) <= 300
    for name in "abcdef":
        mine = rows[(rows.name == name) & (rows.kind == TRAIN)]
        assert (mine.x.min(), mine.x.max()) == (1, 4999)


def test_labels_of_close_lines_do_not_lie_on_each_other():
    rows = loss_rows([Curve("a", points(11))], {"five": 1.50, "four": 1.52, "one": 3.0})
    places = rows[rows.label != ""].set_index("label").x
    assert places["five"] != places["four"]
    assert places["five"] == places["one"] == 0


def test_thin_leaves_short_lists_alone():
    assert thin([1, 2, 3], 3) == [1, 2, 3]
    assert thin(list(range(100)), 3) == [0, 50, 99]


def test_an_infinite_perplexity_stays_a_number():
    rows = loss_rows(
        [
            Curve(
                "a",
                [
                    {
                        "step": 0,
                        "tokens": 0,
                        "seconds": 0,
                        "train_loss": None,
                        "validation_loss": 1e6,
                    }
                ],
            )
        ]
    )
    assert np.isfinite(rows.perplexity).all()


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_chart_becomes_a_picture(logarithmic):
    rows = loss_rows([Curve("a", points(30))], {"2-gram": 2.0})
    chart = loss_chart(["a"], logarithmic=logarithmic, rows=rows)
    assert to_image(chart, "png").startswith(b"\x89PNG")
    drawing = to_image(chart, "svg").decode()
    assert "Training steps" in drawing
    assert "Loss (nats per character)" in drawing
    assert "2-gram" in drawing
    with pytest.raises(ValueError, match="png or svg"):
        to_image(chart, "gif")
