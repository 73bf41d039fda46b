"""Pictures in patches: cut where the patches end, lit where they were looked at."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from lab.charts.overlay import DARKEST
from lab.charts.patches import LINE, PLACE, class_bars, cut, lit_picture, places


def rows_of(spec, part):
    """Return the rows of a chart or of one of its layers: Altair keeps data apart, by name."""
    return spec["datasets"][part["data"]["name"]]


def picture(side=48):
    return np.random.default_rng(0).integers(0, 50, (side, side, 3), dtype=np.uint8)


def test_lines_lie_between_the_patches_and_nowhere_else():
    image = picture()
    drawn = cut(image, 6, 2)
    lines = (drawn == LINE).all(2)
    assert lines.all(0).nonzero()[0].tolist() == [16, 32, 48, 64, 80]
    assert lines.all(1).nonzero()[0].tolist() == [16, 32, 48, 64, 80]
    assert (drawn[~lines] == image.repeat(2, 0).repeat(2, 1)[~lines]).all()


def test_places_count_rows_first_and_darken_what_was_not_looked_at():
    rows = places([0.0, 0.2, 0.4, 0.1])
    assert [(row["row"], row["column"]) for row in rows] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert rows[2]["darkness"] == 0
    assert rows[0]["darkness"] == pytest.approx(1 - DARKEST)
    assert rows[1]["darkness"] == pytest.approx((1 - DARKEST) / 2)
    with pytest.raises(ValueError, match="3 weights"):
        places([0.1] * 3)


def test_the_chart_holds_picture_weights_region_and_who_asks():
    image = picture()
    weights = np.linspace(0, 1, 36)
    region = np.arange(36) < 3
    found = lit_picture(image, weights, 240, region, asking=8).to_dict()
    photograph, shade, outlined, asking = found["layer"]
    url = rows_of(found, photograph)[0]["url"]
    png = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    assert (np.asarray(Image.open(io.BytesIO(png))) == image).all()
    assert [row["weight"] for row in rows_of(found, shade)] == pytest.approx(weights)
    assert [row["column"] for row in rows_of(found, outlined)] == [1, 2, 3]
    assert [(row["row"], row["column"]) for row in rows_of(found, asking)] == [(2, 3)]
    assert found["params"][0]["name"] == PLACE
    titles = {shade["encoding"][side]["title"] for side in "xy"}
    assert titles == {"row of the patch", "column of the patch"}


def test_nothing_is_outlined_where_nothing_is_known():
    found = lit_picture(picture(384), [0.25] * 4, 200).to_dict()
    _, _, outlined, asking = found["layer"]
    assert rows_of(found, outlined) == rows_of(found, asking) == []


def test_the_most_probable_classes_come_first_and_the_right_one_is_marked():
    bars = class_bars(list("abcd"), [0.1, 0.5, 0.15, 0.25], "d", most=3).to_dict()
    values = rows_of(bars, bars)
    assert [row["class"] for row in values] == ["b", "d", "c"]
    assert [row["answer"] for row in values] == ["other", "right", "other"]
