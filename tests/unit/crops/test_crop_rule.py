"""The physics rule, clause by clause."""

from __future__ import annotations

import numpy as np
import pytest

from lab.crops.rule import VERDICTS, half_time, rice, verdicts
from lab.crops.scenes.calendar import curve
from lab.crops.stack import PERIODS, UNKNOWN, CropError, Stack

# 10-30 May .. 1-20 October; the middle of the season is the end of July.
SERIES = {
    "rice": [-20, -22, -18, -17, -15, -15, -16, -18],
    "no rise": [-18, -19, -17, -16, -15, -14.5, -16, -17],
    "minimum too late": [-16, -16, -16, -16, -16, -22, -18, -15],
    "maximum too soon": [-14, -16, -17, -22, -18, -17, -16, -16],
    "trees or town": [-17, -17.5, -13, -12, -11, -11, -12, -13],
    "water": [-30, -26, -24, -22, -20, -19, -19, -22],
}


def stack(series) -> Stack:
    values = np.array(series, np.float32).T[None, :, :, None]
    return Stack("here", values, bands=("VH",))


def test_each_clause_refuses_its_own():
    codes = verdicts(stack(list(SERIES.values())))
    assert [VERDICTS[code] for code in codes[:, 0]] == list(SERIES)
    assert rice(stack(list(SERIES.values())))[:, 0].tolist() == [True] + [False] * 5


def test_the_maximum_must_come_twenty_days_later():
    near = [-20, -22, -16.5, -17, -17.5, -18, -18, -18]
    assert PERIODS[2].middle - PERIODS[1].middle == 20
    assert VERDICTS[verdicts(stack([near]))[0, 0]] == "rice"
    before = [-16, -22, -18, -17.5, -17.5, -18, -18, -18]
    assert VERDICTS[verdicts(stack([before]))[0, 0]] == "maximum too soon"


def test_a_rise_of_five_is_not_more_than_five():
    exact = [-20, -20, -18, -17, -15, -15, -16, -18]
    assert VERDICTS[verdicts(stack([exact]))[0, 0]] == "no rise"


def test_steady_rice_is_missed_by_construction():
    days = np.array([period.middle for period in PERIODS])
    names = ("rice, Spain", "rice, France, rising", "rice, France, steady")
    codes = verdicts(stack([curve(name, "VH", days) for name in names]))[:, 0]
    assert VERDICTS[codes[0]] == VERDICTS[codes[1]] == "rice"
    assert codes[2] != 0


def test_what_has_no_data_is_not_known_and_no_rice():
    holed = [np.nan, *SERIES["rice"][1:]]
    assert verdicts(stack([holed]))[0, 0] == UNKNOWN
    assert not rice(stack([holed]))[0, 0]


def test_it_needs_vh():
    values = np.zeros((1, 8, 1, 1), np.float32)
    with pytest.raises(CropError, match="no VH"):
        verdicts(Stack("here", values, bands=("VV",)))
    assert half_time(Stack("here", values, bands=("VV",))) == pytest.approx((130 + 293) / 2)
