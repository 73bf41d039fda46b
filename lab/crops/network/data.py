"""What a crop network learns from and is tested on: recipes of scenes, or labels of one's own."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from lab.crops.scenes.regions import MOST_ACQUISITIONS, Region, region
from lab.crops.stack import PERIODS, CropError, Period, Stack

MOST_PLACES = 40
LARGEST = 64 << 20  # bytes of a stack of one's own, unpacked
_BROKEN = (OSError, EOFError, RecursionError, NotImplementedError, zipfile.BadZipFile, zlib.error)
_FOREIGN = "These are not crop scenes of the lab."


@dataclass(frozen=True)
class Place:
    """The recipe of a synthetic scene.

    Args:
        region: key of `lab.crops.scenes.regions.REGIONS`, or the JSON of a region of one's own.
        seed: of the scene.
        size: pixels a side.
        acquisitions: of each composite, None for the region's own number.
    """

    region: str = "spain"
    seed: int = 0
    size: int = 256
    acquisitions: int | None = None

    @property
    def key(self) -> str:
        """Such as "spain": names the metrics of a test."""
        return self._region.key

    @property
    def name(self) -> str:
        """Such as "Spain"."""
        return self._region.name

    @property
    def _region(self) -> Region:
        return region(self.region)

    def stack(self) -> Stack:
        """Draw it, or return it as drawn before.

        Raises:
            CropError: there is no such scene.
        """
        from lab.crops.scenes.scene import scene

        return scene(self.region, seed=self.seed, size=self.size, acquisitions=self.acquisitions)

    @classmethod
    def of(cls, values: Any) -> Place:
        """Make a place from a key, a region, a dict or a place.

        Raises:
            CropError: it is none.
        """
        if isinstance(values, Place):
            return values
        if isinstance(values, Region):
            return cls(values.to_json())
        if isinstance(values, str):
            values = {"region": values}
        if not isinstance(values, dict) or set(values) - set(cls.__dataclass_fields__):
            raise CropError(_FOREIGN)
        place = cls(**values)
        numbers = (place.seed, place.size, place.acquisitions or 1)
        if not isinstance(place.region, str) or not all(type(n) is int for n in numbers):
            raise CropError(_FOREIGN)
        region(place.region)
        place.check()
        return place

    def check(self) -> None:
        """Look at the numbers before anything is drawn.

        Raises:
            CropError: one of them cannot be.
        """
        from lab.crops.scenes.scene import SIZES

        if not SIZES[0] <= self.size <= SIZES[1] or self.size % 16:
            raise CropError(
                f"A scene has {SIZES[0]} to {SIZES[1]} pixels a side, a multiple of 16."
            )
        if not 0 <= self.seed < 2**32:
            raise CropError("A seed is a whole number from 0 to 4,294,967,295.")
        if self.acquisitions is not None and not 1 <= self.acquisitions <= MOST_ACQUISITIONS:
            raise CropError(f"A composite has 1 to {MOST_ACQUISITIONS} acquisitions.")


@dataclass(frozen=True, eq=False)
class CropData:
    """What a run learns from, and what it is tested on.

    Args:
        train: scenes to learn from, by recipe.
        tests: scenes to be tested on at the end, no two of the same key.
        own: a stack with labels of one's own to learn from, instead of recipes.

    A region that is learned from and tested on with the same recipe is split by parcels: see
    `lab.crops.splits.parts`. Every test takes the test part only.
    """

    train: tuple[Place, ...] = ()
    tests: tuple[Place, ...] = ()
    own: Stack | None = None

    def __post_init__(self):
        keys = [place.key for place in self.tests] + ["own"] * (self.own is not None)
        if len(set(keys)) < len(keys):
            raise CropError("A region can be tested on once in a run.")
        if len(self.train) > MOST_PLACES or len(self.tests) > MOST_PLACES:
            raise CropError(f"A run can have {MOST_PLACES} scenes at most.")
        if self.own is not None and (self.own.labels is None or not self.own.targets):
            raise CropError(f"{self.own.name} has no labels: nothing says what grows where.")

    @classmethod
    def of(cls, train: Any = "spain", tests: Any = (), **common: Any) -> CropData:
        """Make data from keys, regions or dicts of `Place`.

        Args:
            train: one, or a list of them, or a `Stack` with labels.
            tests: a list of them; none for the training region itself.
            common: fields of `Place` for all that are named by key or region: seed, size,
                acquisitions.

        Raises:
            CropError: there is no such scene.
        """
        own = train if isinstance(train, Stack) else None
        given = [] if own is not None else train if isinstance(train, list | tuple) else [train]
        places = tuple(_with(one, common) for one in given)
        wanted = tuple(_with(one, common) for one in tests) or places[:1]
        return cls(places, wanted, own)

    @property
    def name(self) -> str:
        """Such as "Spain"."""
        if self.own is not None:
            return self.own.name[:60]
        return self.train[0].name if self.train else "no scene"

    def stacks(self) -> tuple[Stack, ...]:
        """Return the scenes to learn from."""
        if self.own is not None:
            return (self.own,)
        return tuple(place.stack() for place in self.train)

    @cached_property
    def digest(self) -> str:
        """Name the contents: equal contents, equal digest."""
        found = hashlib.sha256(json.dumps(self._recipe()).encode())
        if self.own is not None:
            found.update(json.dumps(_about(self.own)).encode())
            for array in (self.own.values, self.own.labels, self.own.parcels):
                found.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
        return found.hexdigest()[:32]

    def _recipe(self) -> dict[str, Any]:
        return {
            "train": [asdict(place) for place in self.train],
            "tests": [asdict(place) for place in self.tests],
        }

    def to_bytes(self) -> bytes:
        """Return the recipe as JSON, or with a stack of one's own everything as npz."""
        recipe = json.dumps(self._recipe())
        if self.own is None:
            return recipe.encode()
        meta = json.dumps({"recipe": recipe, **_about(self.own)}).encode()
        arrays = {
            "meta": np.frombuffer(meta, np.uint8),
            "values": self.own.values.astype(np.float32),
            "labels": self.own.labels,
        }
        if self.own.parcels is not None:
            arrays["parcels"] = self.own.parcels
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> CropData:
        """Read what `to_bytes` gave; no code in it is ever run.

        Raises:
            CropError: it is something else.
        """
        try:
            if stored[:2] == b"PK":
                return _unpacked(stored)
            return cls._of_recipe(json.loads(stored))
        except CropError:
            raise
        except (ValueError, LookupError, TypeError, AttributeError, *_BROKEN):
            raise CropError(_FOREIGN) from None

    @classmethod
    def _of_recipe(cls, values: dict[str, Any], own: Stack | None = None) -> CropData:
        return cls(*(tuple(map(Place.of, values[part])) for part in ("train", "tests")), own)


def _with(one: Any, common: dict[str, Any]) -> Place:
    place = Place.of(one)
    return place if isinstance(one, dict | Place) else Place.of(asdict(replace(place, **common)))


def _about(stack: Stack) -> dict[str, Any]:
    return {
        "name": stack.name,
        "bands": list(stack.bands),
        "periods": [asdict(period) for period in stack.periods],
        "quantity": stack.quantity,
        "classes": list(stack.classes),
        "targets": list(stack.targets),
        "synthetic": stack.synthetic,
    }


def _unpacked(stored: bytes) -> CropData:
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
            raise CropError(f"This scene is larger than {LARGEST >> 20} MB: cut a part of it out.")
    with np.load(io.BytesIO(stored), allow_pickle=False) as file:
        meta = json.loads(file["meta"].tobytes())
        values, labels = file["values"], file["labels"]
        parcels = file["parcels"].astype(np.int32) if "parcels" in file else None
    if values.dtype != np.float32 or labels.dtype != np.uint8:
        raise CropError(_FOREIGN)
    periods = tuple(
        Period(tuple(p["first"]), tuple(p["last"]), p["operator"], p["stage"])
        for p in meta["periods"]
    )
    own = Stack(
        str(meta["name"]),
        values,
        tuple(meta["bands"]),
        PERIODS if periods == PERIODS else periods,
        str(meta["quantity"]),
        labels,
        tuple(map(str, meta["classes"])),
        tuple(map(str, meta["targets"])),
        parcels,
        synthetic=bool(meta["synthetic"]),
    )
    return CropData._of_recipe(json.loads(meta["recipe"]), own)
