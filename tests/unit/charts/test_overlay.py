"""What is lit up is what was looked at."""

import numpy as np
import pytest

from lab.charts.overlay import DARKEST, enlarged, overlay


def test_the_place_looked_at_stays_bright_and_the_others_go_dark():
    image = np.full((8, 8, 3), 200, dtype=np.uint8)
    lit = overlay(image, [0.0, 0.5, 0.0, 1.0], scale=2)
    assert lit.shape == (16, 16, 3)
    assert (lit[8:, 8:] == 200).all()
    assert (lit[:8, :8] == round(200 * DARKEST)).all()
    assert (lit[:8, 8:] == round(200 * (DARKEST + (1 - DARKEST) / 2))).all()


def test_the_largest_weight_is_the_brightest_however_small():
    lit = overlay(np.full((4, 4, 3), 200, dtype=np.uint8), [0.1, 0.05, 0.0, 0.0], scale=1)
    assert (lit[:2, :2] == 200).all()


def test_a_grid_that_does_not_divide_evenly_covers_the_picture():
    lit = overlay(np.full((7, 7, 3), 100, dtype=np.uint8), np.eye(3).ravel(), scale=1)
    assert lit.shape == (7, 7, 3)
    assert set(np.unique(lit)) == {25, 100}


def test_other_numbers_of_weights_are_refused():
    with pytest.raises(ValueError, match="5 weights"):
        overlay(np.zeros((4, 4, 3), dtype=np.uint8), [0.2] * 5)


def test_enlarging_keeps_every_pixel():
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert (enlarged(image, 3)[::3, ::3] == image).all()
