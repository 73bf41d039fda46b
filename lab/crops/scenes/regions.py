"""The regions of the crop maps: what grows there, on which fields, and how often a radar passes.

All are synthetic. The shares of classes, sizes of fields and counts of acquisitions are design
values of the lab: Sentinel-1 passed the same place every 6 days in Europe and every 12 days in
Korea while both satellites flew, so that a period of 20 days had three acquisitions or two.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from lab.crops.scenes.calendar import CURVES
from lab.crops.stack import CropError

MOST_ACQUISITIONS = 6  # to a composite
SMALLEST, LARGEST = 0.2, 20.0  # hectares of a field
FURTHEST = 45.0  # days that a calendar may be moved


@dataclass(frozen=True)
class Region:
    """A kind of place, from which scenes are drawn (`lab.crops.scenes.scene.scene`).

    Attributes:
        key: of `REGIONS`, "own" for one's own.
        name: as it is shown.
        target: the crop to be found, "rice" or "barley".
        shares: class of `lab.crops.scenes.calendar.CURVES` -> share of the fields' area, about.
        parcel: area of a field in hectares, the median.
        acquisitions: of a composite, 1 to 6.
        shift: days by which its crops are later than in the calendar.
        crs: of its scenes; where on earth they would lie is made up.
    """

    key: str
    name: str
    target: str
    shares: dict[str, float]
    parcel: float
    acquisitions: int = 3
    shift: float = 0.0
    crs: str = "EPSG:32631"

    def __hash__(self) -> int:
        return hash(self.to_json())

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of labels."""
        return tuple(self.shares)

    @property
    def targets(self) -> tuple[str, ...]:
        """The classes that are the crop to be found."""
        return tuple(name for name in self.shares if name.split(",")[0] == self.target)

    def to_json(self) -> str:
        """Return the region as text, such as `region` reads."""
        return json.dumps(asdict(self))

    def checked(self) -> Region:
        """Return the region.

        Raises:
            CropError: something about it cannot be.
        """
        unknown = [name for name in self.shares if name not in CURVES]
        if unknown or not self.shares:
            raise CropError(f"There is no class {(unknown or ['without a name'])[0]!r}.")
        values = list(self.shares.values())
        if not all(math.isfinite(v) and v >= 0 for v in values) or not sum(values) > 0:
            raise CropError("The shares of classes must be numbers from 0 up, not all of them 0.")
        if not SMALLEST <= self.parcel <= LARGEST:
            raise CropError(f"A field has {SMALLEST} to {LARGEST:g} hectares, not {self.parcel}.")
        if not 1 <= self.acquisitions <= MOST_ACQUISITIONS:
            raise CropError(f"A composite has 1 to {MOST_ACQUISITIONS} acquisitions.")
        if not abs(self.shift) <= FURTHEST:
            raise CropError(f"A calendar can be moved by {FURTHEST:g} days at most.")
        return self


REGIONS = {
    "korea": Region(
        "korea",
        "Korea",
        "rice",
        {
            "rice, Korea": 0.42,
            "meadow": 0.14,
            "maize": 0.12,
            "trees or town": 0.26,
            "water": 0.06,
        },
        parcel=0.5,
        acquisitions=2,
        crs="EPSG:32652",
    ),
    "spain": Region(
        "spain",
        "Spain",
        "rice",
        {
            "rice, Spain": 0.40,
            "maize": 0.14,
            "sunflower": 0.12,
            "winter wheat": 0.12,
            "meadow": 0.08,
            "trees or town": 0.06,
            "water": 0.08,
        },
        parcel=1.5,
        crs="EPSG:32629",
    ),
    "france": Region(
        "france",
        "France",
        "rice",
        {
            "rice, France, rising": 0.18,
            "rice, France, steady": 0.12,
            "winter wheat": 0.18,
            "sunflower": 0.08,
            "maize": 0.06,
            "meadow": 0.20,
            "trees or town": 0.06,
            "water": 0.12,
        },
        parcel=2.5,
        crs="EPSG:32631",
    ),
    "netherlands": Region(
        "netherlands",
        "The Netherlands",
        "barley",
        {
            "barley": 0.14,
            "winter wheat": 0.16,
            "maize": 0.16,
            "rapeseed": 0.04,
            "meadow": 0.34,
            "trees or town": 0.10,
            "water": 0.06,
        },
        parcel=3.0,
        crs="EPSG:32631",
    ),
}


def region(which: str | Region) -> Region:
    """Return a region by its key, or from the JSON of one's own.

    Raises:
        CropError: there is none of that name, or the JSON is no region.
    """
    if isinstance(which, Region):
        return which.checked()
    if which in REGIONS:
        return REGIONS[which]
    try:
        given: dict[str, Any] = json.loads(which)
        shares = {str(name): float(share) for name, share in given["shares"].items()}
        return Region(
            str(given["key"])[:20],
            str(given["name"])[:60],
            str(given["target"])[:20],
            shares,
            float(given["parcel"]),
            int(given["acquisitions"]),
            float(given["shift"]),
            str(given["crs"])[:20],
        ).checked()
    except CropError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise CropError(f"There is no region {str(which)[:40]!r}.") from None


def own(
    name: str = "My region",
    *,
    shift: float = 0.0,
    rice: float = 0.3,
    steady: float = 0.0,
    parcel: float = 1.5,
    acquisitions: int = 3,
) -> Region:
    """Return a region with a rice calendar of one's own.

    Args:
        name: as it is shown.
        shift: days by which its crops are later than Spain's.
        rice: share of the fields' area, 0.02 to 0.9.
        steady: share of the rice whose VH hardly moves, 0 to 1.
        parcel: hectares of a field.
        acquisitions: of a composite.

    Raises:
        CropError: a number that cannot be.
    """
    if not (0.02 <= rice <= 0.9 and 0 <= steady <= 1):
        raise CropError("Rice takes 2 to 90 % of the fields, and 0 to 100 % of it are steady.")
    rest = REGIONS["spain"].shares
    others = {key: share for key, share in rest.items() if not key.startswith("rice")}
    scale = (1 - rice) / sum(others.values())
    shares = {
        "rice, Spain": rice * (1 - steady),
        "rice, France, steady": rice * steady,
        **{key: share * scale for key, share in others.items()},
    }
    made = replace(
        REGIONS["spain"],
        key="own",
        name=name[:60] or "My region",
        shares=shares,
        shift=shift,
        parcel=parcel,
        acquisitions=acquisitions,
    )
    return made.checked()
