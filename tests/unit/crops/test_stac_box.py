"""A box on the globe and its grid, by numbers that can be looked up."""

from __future__ import annotations

import math

import pytest

from lab.crops.catalogs.box import Box, grid
from lab.crops.stack import CropError


@pytest.mark.parametrize(
    ("bounds", "crs"),
    [
        ((4.2, 43.3, 4.3, 43.4), "EPSG:32631"),  # the Camargue
        ((126.6, 35.7, 126.7, 35.8), "EPSG:32652"),  # Gimje, Korea
        ((-0.4, 39.2, -0.3, 39.3), "EPSG:32630"),  # Valencia: west of Greenwich
        ((146.0, -34.6, 146.1, -34.5), "EPSG:32755"),  # Riverina: south
        ((179.8, 0.1, 180.0, 0.2), "EPSG:32660"),
    ],
)
def test_the_zone_is_that_of_the_middle(bounds, crs):
    assert Box(*bounds).utm == crs


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ((4.3, 43.3, 4.2, 43.4), "West"),
        ((4.2, 43.4, 4.3, 43.4), "South"),
        ((math.nan, 43.3, 4.3, 43.4), "four numbers"),
        ((4.2, 86, 4.3, 87), "Latitudes"),
        ((200, 43, 201, 44), "Longitudes"),
    ],
)
def test_what_is_no_box(bounds, said):
    with pytest.raises(CropError, match=said):
        Box(*bounds)


def test_a_grid_covers_its_box_with_corners_on_whole_pixels():
    # Along the central meridian of zone 31 x is 500 km; 0.9996 of the arc to latitude 0.
    found = grid(Box(3.0, 0.0, 3.01, 0.01))
    a, _, left, _, e, top = found.transform
    assert (a, e) == (10, -10)
    assert left == 500_000
    assert top % 10 == 0
    assert 1105 < top < 1120  # 0.01 degrees are 1,105.7 m on the ellipsoid
    # 0.01 degrees of longitude on the equator: 1,113.2 m, times 0.9996, so 112 columns.
    assert found.shape == (111, 112)


def test_boxes_that_cannot_be_fetched():
    with pytest.raises(CropError, match="at most about 10 x 10 km"):
        grid(Box(4, 43, 5, 44))
    with pytest.raises(CropError, match="16 or more"):
        grid(Box(4.2, 43.3, 4.201, 43.302))
    assert grid(Box(4, 43, 4.3, 43.2), pixel=30).shape[0] > 700  # coarser pixels reach further


def test_meeting():
    box = Box(4, 43, 5, 44)
    assert box.meets((4.9, 43.9, 6, 45))
    assert not box.meets((5, 43, 6, 44))  # they touch
    assert box.meets((4.9, 43.9, 0, 6, 45, 100))  # with heights
