"""Real radar composites from a STAC catalog: look what there is, then load it.

`look` asks for dates and addresses only. `composite` reads one period; `load` reads all eight.
The operators (minimum, mean, maximum) are taken in power, over acquisitions, pixel by pixel.
How many acquisitions a composite has moves its value (a minimum of more is lower), so the count
is kept beside it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from lab.crops.catalogs.box import Box, Grid, grid
from lab.crops.catalogs.catalog_files import Files, read_acquisition
from lab.crops.catalogs.catalog_http import Patience, guard, token
from lab.crops.catalogs.catalog_items import MOST_ITEMS, entry, images, passes
from lab.crops.catalogs.known import Endpoint
from lab.crops.stack import BANDS, PERIODS, CropError, Stack, decibels

YEARS = (2014, 2100)
_REDUCE = {"min": np.nanmin, "mean": np.nanmean, "max": np.nanmax}


@dataclass(frozen=True)
class Found:
    """What a catalog has of a box and a year; JSON can hold it (`to_dict`).

    Attributes:
        items: dicts of id, time (ISO), period, pass_ (number of the acquisition), orbit, bounds
            and files {band: address}.
        dates: for each of the eight periods, the dates of its acquisitions.
        left_out: a sentence for each image that cannot be used.
    """

    items: list[dict]
    dates: list[list[str]]
    left_out: list[str] = field(default_factory=list)

    @property
    def counts(self) -> list[int]:
        """How many acquisitions each period has."""
        return [len(each) for each in self.dates]

    def to_dict(self) -> dict:
        """Return what JSON can hold."""
        return asdict(self) | {"counts": self.counts}


@dataclass(frozen=True)
class Loaded:
    """Composites of a box.

    Attributes:
        stack: in decibels.
        counts: acquisitions of each period.
        dates: their dates.
        left_out: a sentence for each image that was not used.
    """

    stack: Stack
    counts: list[int]
    dates: list[list[str]]
    left_out: list[str]


def look(
    endpoint: Endpoint,
    box: Box,
    year: int,
    *,
    bands: Sequence[str] = BANDS,
    orbit: str = "",
    patience: Patience | None = None,
) -> Found:
    """Ask a catalog which images it has; nothing but their descriptions is fetched.

    Args:
        endpoint: the catalog.
        box: where.
        year: when; the periods are those of `lab.crops.stack.PERIODS`.
        bands: which every image must have.
        orbit: "ascending" or "descending" for images from one side only.
        patience: how long to wait.

    Raises:
        CropError: the catalog cannot be reached, is too slow, or has nothing.
    """
    if not YEARS[0] <= year <= YEARS[1]:
        raise CropError(f"Sentinel-1 flies since {YEARS[0]}: choose a year from then on.")
    patience = patience or Patience()
    guard(endpoint.url, endpoint)
    items, left_out = [], []
    for item in images(endpoint, box, year, patience):
        try:
            if (kept := entry(item, endpoint, box, year, bands, orbit)) is not None:
                items.append(kept)
        except CropError as error:
            left_out.append(f"{item.id[:80]}: {error}")
        if len(items) > MOST_ITEMS:
            raise CropError(f"More than {MOST_ITEMS} images: take a smaller box.")
    if not items:
        raise CropError(
            left_out[0] if left_out else f"The catalog has no image of this box in {year}."
        )
    items = passes(items)
    dates = [
        sorted({each["pass_"]: each["time"][:10] for each in items if each["period"] == n}.values())
        for n in range(len(PERIODS))
    ]
    return Found(items, dates, left_out)


def composite(
    endpoint: Endpoint,
    found: Found,
    where: Grid,
    period: int,
    *,
    bands: Sequence[str] = BANDS,
    patience: Patience | None = None,
) -> tuple[np.ndarray, int, list[str]]:
    """Read one period's acquisitions and reduce them with its operator.

    Returns:
        (P, H, W) float32 decibels, NaN without data; how many acquisitions were used; a sentence
        for each that could not be.

    Raises:
        CropError: none could be read, or the catalog's files are late or refused.
    """
    if not endpoint.readable:
        raise CropError(f"{endpoint.name}: its files cannot be read here. {endpoint.note}")
    patience = patience or Patience()
    mine = [each for each in found.items if each["period"] == period]
    files = Files(endpoint, where, tuple(bands), patience, token(endpoint, patience))
    taken, left_out = [], []
    for number in sorted({each["pass_"] for each in mine}):
        values, said = read_acquisition(files, [e for e in mine if e["pass_"] == number])
        left_out += said
        if values is not None:
            taken.append(values)
    if not taken:
        why = f" {left_out[0]}" if left_out else ""
        raise CropError(f"No image of {PERIODS[period].label.split(',')[0]} could be used.{why}")
    return reduce(np.stack(taken), PERIODS[period].operator), len(taken), left_out


def reduce(power: np.ndarray, operator: str) -> np.ndarray:
    """Return the composite of acquisitions in decibels.

    Args:
        power: (N, ...) linear power, NaN without data.
        operator: "min", "mean" or "max".
    """
    with warnings.catch_warnings():  # a pixel that no acquisition saw stays NaN
        warnings.simplefilter("ignore", RuntimeWarning)
        return decibels(_REDUCE[operator](power, axis=0)).astype(np.float32)


def load(
    endpoint: Endpoint,
    box: Box,
    year: int,
    bands: Sequence[str] = BANDS,
    *,
    orbit: str = "",
    progress: Callable[[int, int], None] | None = None,
    patience: Patience | None = None,
) -> Loaded:
    """Return the eight composites of a box and a year.

    Args:
        endpoint, box, year, bands, orbit, patience: as for `look`.
        progress: called with (periods done, periods in all).

    Raises:
        CropError: something is missing; the sentence says what.
    """
    where = grid(box, endpoint.pixel)
    found = look(endpoint, box, year, bands=bands, orbit=orbit, patience=patience)
    complete(found)
    parts, counts, left_out = [], [], list(found.left_out)
    for period in range(len(PERIODS)):
        values, count, said = composite(
            endpoint, found, where, period, bands=bands, patience=patience
        )
        parts.append(values)
        counts.append(count)
        left_out += said
        if progress:
            progress(period + 1, len(PERIODS))
    stack = stack_of(endpoint, where, np.stack(parts, axis=1), bands, year)
    return Loaded(stack, counts, found.dates, left_out)


def stack_of(
    endpoint: Endpoint, where: Grid, values: np.ndarray, bands: Sequence[str], year: int
) -> Stack:
    """Return composites (P, T, H, W) with what is known of them."""
    return Stack(
        name=f"{endpoint.name}, {year}",
        values=values,
        bands=tuple(bands),
        quantity=endpoint.quantity,
        transform=where.transform,
        crs=where.crs,
    )


def complete(found: Found) -> None:
    """Raise CropError where a period has no acquisition: nothing stands for what nobody saw."""
    empty = [PERIODS[n].label.split(",")[0] for n, dates in enumerate(found.dates) if not dates]
    if empty:
        raise CropError(
            f"No image between {', '.join(empty)}: choose another year, orbit or catalog."
        )
