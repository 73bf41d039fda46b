"""What crops look like to a radar through a season: backscatter by class and month.

Monthly means over parcels, sigma0 in decibels. Maize (83 parcels), meadow (113), sunflower (21),
rapeseed (14) and wheat are means over declared crops of western France in 2023 (Sentinel-1; French
land parcel register, RPG, Licence Ouverte 2.0); trees, town and water were measured in Belgium.
The shapes of Korean and Spanish rice follow published curves; their dates those of Jo et
al. 2022 where they are known. Rice of kind A in France, and barley in the Netherlands (French
barley, shifted), are the lab's reading; rice of kind B, whose VH hardly moves, is a design value
after Figure 1 of Jo et al. Barley is cut by October: its field is taken to stay as in September.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

MONTHS = (4, 5, 6, 7, 8, 9, 10)
DAYS = tuple(date(2021, month, 15).timetuple().tm_yday for month in MONTHS)  # mid-month


@dataclass(frozen=True)
class Curve:
    """A class through the season.

    Attributes:
        vh, vv: mean sigma0 in dB in the middle of April to October.
        sd, sd_vv: standard deviation of parcel means in one month, dB.
        basis: "measured", "literature" or "design".
        crop: a field that is sown, so that its calendar moves with the region's.
    """

    vh: tuple[float, ...]
    vv: tuple[float, ...]
    sd: float
    basis: str
    crop: bool = True
    sd_vv: float | None = None

    def spread(self, band: str) -> float:
        """Return the standard deviation of parcel means, dB."""
        return self.sd if band == "VH" or self.sd_vv is None else self.sd_vv


def _flat(vh: float, vv: float, sd: float, sd_vv: float) -> Curve:
    return Curve((vh,) * 7, (vv,) * 7, sd, "measured", False, sd_vv)


CURVES: dict[str, Curve] = {
    "rice, Korea": Curve(
        (-18, -19.5, -22, -17.5, -15.8, -16.2, -18),
        (-11, -13.5, -16, -10, -9.5, -10.5, -11.5),
        1.3,
        "literature",
    ),
    "rice, Spain": Curve(
        (-18.5, -22.5, -20, -15.5, -14.5, -16, -19),
        (-12, -16, -13, -9.7, -10.3, -11.5, -13.5),
        1.3,
        "literature",
    ),
    "rice, France, rising": Curve(
        (-19, -21.8, -20, -16.5, -15, -16, -18),
        (-12.5, -15.5, -13.5, -10, -9.8, -11, -12),
        1.4,
        "literature",
    ),
    "rice, France, steady": Curve(
        (-17.5, -17.6, -17.4, -16.9, -16.5, -16.8, -17.5),
        (-11.5, -11.6, -11.8, -11.2, -11, -11.2, -11.5),
        1.5,
        "design",
    ),
    "barley": Curve(
        (-19, -20, -17.5, -18, -18.7, -18.3, -18.3),
        (-11.5, -14, -13, -12.5, -11.3, -10.8, -10.8),
        1.8,
        "measured",
    ),
    "maize": Curve(
        (-18.5, -20, -18.1, -16.8, -16.8, -16.5, -17.3),
        (-10.5, -10.9, -10.1, -10.4, -10.2, -10.2, -10),
        1.8,
        "measured",
    ),
    "winter wheat": Curve(
        (-20, -21.3, -19.2, -20.4, -19.7, -17.9, -17.1),
        (-15.3, -15.7, -13.2, -12.4, -11.1, -9.8, -9.9),
        1.8,
        "measured",
    ),
    "meadow": Curve(
        (-18.4, -18, -17.7, -18.2, -18.2, -17.8, -17.8),
        (-12.1, -12.1, -11.5, -11.8, -11.8, -11.4, -11.3),
        2.3,
        "measured",
        False,
    ),
    "sunflower": Curve(
        (-18.8, -20.2, -17.6, -16.1, -16.4, -16, -17.4),
        (-10.1, -11.2, -8.9, -7.7, -7.6, -9.6, -10),
        1.8,
        "measured",
    ),
    "rapeseed": Curve(
        (-15.3, -13, -12.4, -20.8, -18.3, -17.2, -18.6),
        (-9.8, -8.7, -7.8, -12.4, -9.9, -8.9, -9.8),
        1.8,
        "measured",
    ),
    "trees or town": _flat(-13.5, -7.4, 0.9, 3.0),
    "water": _flat(-23.2, -18.4, 1.2, 2.6),
}


def curve(name: str, band: str, days: np.ndarray | float) -> np.ndarray:
    """Return the mean backscatter of a class in dB.

    Args:
        name: of the class, a key of `CURVES`.
        band: "VH" or "VV".
        days: of the year, any shape; before mid-April and after mid-October the curve is flat.
    """
    found = CURVES[name]
    return np.interp(days, DAYS, found.vh if band == "VH" else found.vv)
