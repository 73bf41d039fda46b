"""Synthetic scenes: what was measured on real radar images, the generator must show too."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lab.crops.scenes.calendar import CURVES, DAYS, curve
from lab.crops.scenes.parcels import lay_out
from lab.crops.scenes.regions import REGIONS, Region, own, region
from lab.crops.scenes.scene import clean, compose, dates, scene
from lab.crops.scenes.speckle import FLOOR, floored, looks, speckle
from lab.crops.stack import BANDS, PERIODS, STAGES, UNKNOWN, CropError, Stack, decibels, power


def test_speckle_has_the_looks_and_the_correlation_that_were_measured():
    grain = speckle((400, 400), np.random.default_rng(3))
    assert grain.mean() == pytest.approx(1, abs=0.01)
    assert 5 < looks(grain) < 8  # real: 5.7, the reference's recipe: 6.9
    away = grain - grain.mean()
    for axis in (0, 1):
        pair = np.moveaxis(away, axis, 0)
        one = (pair[1:] * pair[:-1]).mean() / away.var()
        two = (pair[2:] * pair[:-2]).mean() / away.var()
        assert one == pytest.approx(0.64, abs=0.05)
        assert two == pytest.approx(0.16, abs=0.05)


def test_looks_of_independent_gamma_speckle_are_its_shape():
    grain = np.random.default_rng(0).gamma(5, 1 / 5, 200_000)
    assert looks(grain) == pytest.approx(5, rel=0.03)


def test_nothing_is_darker_than_the_noise_floor_on_average():
    assert decibels(floored(power(np.array([-30.0, -22.0, -10.0])))) == pytest.approx(
        [FLOOR, -22, -10]
    )
    found = scene("spain", seed=2, size=128)
    water = found.labels == found.classes.index("water")
    means = decibels(power(found.values[0, 2:4][:, water]).mean(1))  # composites by mean
    # Water lies at -23.2 dB: the floor lifts it, edges and weather move it a little more.
    assert np.all(means > FLOOR - 1)
    assert np.all(means < -20)


def test_curves_are_the_table_and_are_read_between_months():
    assert curve("rice, Korea", "VH", DAYS[2]) == -22
    assert curve("maize", "VV", (DAYS[0] + DAYS[1]) / 2) == pytest.approx(-10.7)
    assert curve("water", "VH", [1, 365]).tolist() == [-23.2, -23.2]
    assert all(len(found.vh) == len(found.vv) == 7 for found in CURVES.values())


@pytest.mark.parametrize("key", REGIONS)
def test_a_crop_follows_its_curve_in_the_composites_by_mean(key):
    """Over three scenes: fields differ by 1.3 to 1.8 dB, and there are hundreds of them."""
    place = REGIONS[key]
    name = place.targets[0]
    found, wanted = [], []
    for seed in range(3):
        truth = clean(key, seed=seed, size=256)
        inside = truth.labels == truth.classes.index(name)
        for number in (2, 3, 6):
            found.append(truth.values[0, number][inside].mean())
            days = dates(PERIODS[number], place.acquisitions)
            wanted.append(curve(name, "VH", np.array(days) - place.shift).mean())
    assert np.mean(np.subtract(found, wanted)) == pytest.approx(0, abs=0.6)


def test_fields_of_a_class_spread_as_measured():
    truth = clean(Region("x", "x", "rice", {"meadow": 1.0, "rice, Korea": 0.01}, 0.5), size=256)
    band, number = 0, 3
    ids = np.unique(truth.parcels[truth.labels == 0])
    sizes = np.bincount(truth.parcels.ravel())
    means = [
        truth.values[band, number][truth.parcels == i].mean() for i in ids[1:] if sizes[i] > 20
    ]
    assert np.std(means) == pytest.approx(CURVES["meadow"].sd, rel=0.25)


def test_the_same_seed_gives_the_same_fields_whatever_the_number_of_acquisitions():
    two, six = (scene("france", seed=4, size=64, acquisitions=n) for n in (2, 6))
    assert np.array_equal(two.labels, six.labels)
    assert np.array_equal(two.parcels, six.parcels)
    for number, period in enumerate(PERIODS):
        if period.operator == "min":  # the first acquisitions are in common
            assert np.all(six.values[:, number] <= two.values[:, number])
        if period.operator == "max":
            assert np.all(six.values[:, number] >= two.values[:, number])
    assert not np.array_equal(two.values[0, 2], six.values[0, 2])
    assert not np.array_equal(two.labels, scene("france", seed=5, size=64).labels)


def test_a_scene_is_the_same_again_and_cannot_be_changed_by_accident():
    from lab.crops.scenes.scene import _scene

    first = scene("korea", seed=7, size=64)
    _scene.cache_clear()
    again = scene("korea", seed=7, size=64)
    assert again is not first
    assert np.array_equal(first.values, again.values)
    with pytest.raises(ValueError, match="read-only"):
        first.values[0, 0, 0, 0] = 0


def test_a_pixel_on_an_edge_is_the_mean_power_of_what_it_covers():
    fields = lay_out(REGIONS["spain"], 64, np.random.default_rng(1))
    values = np.random.default_rng(2).uniform(1, 2, len(fields.kinds))
    mixed = fields.mixed(values)
    for row, column in ((0, 0), (20, 33), (63, 63)):
        covered = fields.fine[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        assert mixed[row, column] == pytest.approx(values[covered].mean())
    edges = (fields.fine[::2, ::2] != fields.fine[1::2, 1::2]).mean()
    assert 0.02 < edges < 0.4


@pytest.mark.parametrize("key", REGIONS)
def test_fields_have_about_the_size_and_shares_of_their_region(key):
    place = REGIONS[key]
    shares, areas = [], []
    for seed in range(4):
        fields = lay_out(place, 256, np.random.default_rng(seed))
        kinds = fields.kinds[fields.parcels]
        shares.append([(kinds == number).mean() for number in range(len(place.classes))])
        areas.extend(np.bincount(fields.parcels.ravel())[1:] / 100)
    areas = [area for area in areas if area]
    # Blocks cut fields, and the scene's edges do: the median is somewhat below the nominal one.
    assert 0.5 * place.parcel < np.median(areas) < 1.2 * place.parcel
    wanted = np.array(list(place.shares.values()))
    assert np.abs(np.mean(shares, 0) - wanted / wanted.sum()).max() < 0.15


@pytest.mark.parametrize(
    ("operator", "wanted"), [("min", [1.0, 2.0]), ("max", [4.0, 6.0]), ("mean", [2.5, 4.0])]
)
def test_operators_by_hand(operator, wanted):
    parts = (np.array(values) for values in ([1.0, 6.0], [4.0, 2.0]))
    assert compose(parts, operator).tolist() == wanted


def test_dates_lie_in_their_period_and_spread():
    for period in PERIODS:
        first, last = period.days()
        found = dates(period, 6)
        assert len(set(found)) == 6
        assert all(first <= day <= last for day in found)
    assert abs(np.diff(dates(PERIODS[0], 2))[0]) > 5


def test_periods_are_the_papers():
    assert [period.operator for period in PERIODS] == (
        ["min"] * 2 + ["mean"] * 2 + ["max"] * 2 + ["mean"] * 2
    )
    assert PERIODS[0].label == "10-30 May, min"
    assert PERIODS[2].label == "21 Jun-10 Jul, mean"
    ends = [period.days() for period in PERIODS]
    assert all(1 <= after[0] - before[1] <= 2 for before, after in pairwise(ends))
    assert [period.stage for period in PERIODS[::2]] == list(STAGES)


def test_truth_knows_both_kinds_of_french_rice_and_what_nobody_knows():
    labels = np.array([[0, 1, 2, UNKNOWN]], np.uint8)
    stack = Stack(
        "x",
        np.zeros((2, 8, 1, 4), np.float32),
        labels=labels,
        classes=("rice, France, rising", "rice, France, steady", "water"),
        targets=("rice, France, rising", "rice, France, steady"),
    )
    assert stack.truth.tolist() == [[1, 1, 0, UNKNOWN]]
    assert stack.take(("VV",)).values.shape == (1, 8, 1, 4)
    with pytest.raises(CropError, match="no VX"):
        stack.take(("VX",))
    with pytest.raises(CropError, match="no labels"):
        _ = Stack("y", np.zeros((2, 8, 1, 1))).truth


def test_own_calendar_is_later_and_its_json_is_read_again():
    place = own("Here", shift=20, rice=0.5, steady=0.25)
    assert region(place.to_json()) == place
    assert sum(place.shares.values()) == pytest.approx(1)
    assert place.shares["rice, France, steady"] == pytest.approx(0.125)
    base, late = clean(own(shift=0), size=64), clean(own(shift=30), size=64)
    rice = base.labels == 0
    first = [stack.values[0, 0][rice].mean() for stack in (base, late)]
    assert first[1] > first[0] + 1  # not yet flooded in May


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: scene("atlantis"), "no region 'atlantis'"),
        (lambda: scene('{"key": 1}'), "no region"),
        (lambda: scene("korea", acquisitions=7), "1 to 6 acquisitions, not 7"),
        (lambda: scene("korea", size=50), "multiple of 16"),
        (lambda: scene("korea", seed=-1), "seed"),
        (lambda: own(shift=float("nan")), "moved by 45 days"),
        (lambda: own(rice=1.5), "2 to 90 %"),
        (lambda: Region("x", "x", "rice", {"cannabis": 1}, 1).checked(), "no class 'cannabis'"),
        (lambda: Stack("x", np.zeros((1, 8, 4, 4)), bands=BANDS), "do not fit"),
    ],
)
def test_what_cannot_be_is_said(call, said):
    with pytest.raises(CropError, match=said):
        call()


REAL = Path(__file__).parents[4] / "shared" / "data" / "crops" / "fr_lpis"


@pytest.mark.skipif(not REAL.exists(), reason="the real French parcels are not here")
@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("maize", "maize"),
        ("meadow", "longterm_meadows"),
        ("sunflower", "sunflower"),
        ("rapeseed", "winter_rapeseed_rape"),
    ],
)
def test_curves_that_are_called_measured_come_out_of_real_parcels_again(name, declared):
    found = pd.read_csv(REAL / "fr_lpis_s1_dekad.csv.gz")
    found["month"] = found.date.str[:7]
    season = found[(found.crop == declared) & found.month.between("2023-04", "2023-10")]
    means = season.groupby("month")[["vh_db", "vv_db"]].mean()
    assert means.vh_db.to_numpy() == pytest.approx(CURVES[name].vh, abs=0.06)
    assert means.vv_db.to_numpy() == pytest.approx(CURVES[name].vv, abs=0.06)
