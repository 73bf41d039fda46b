"""What the bands of somebody's rasters mean: band, date or period, unit, quantity.

What a file says in its tags, its bands' descriptions or its name is believed; what it leaves open
is asked for. Nothing is guessed from the number of bands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import rasterio

from lab.crops.rasters.months import month_of, monthly
from lab.crops.rasters.names import band_in, day_in, quantity_in
from lab.crops.rasters.refusals import data_bands
from lab.crops.stack import BANDS, OPERATORS, STAGES, CropError, Period

ORDERS = ("one band after the other", "in turn")  # VH VH .. VV VV .., or VH VV VH VV ..
_BAND_TAGS = ("band", "polarisation", "polarization", "pol")
_DATE_TAGS = ("date", "datetime", "acquisition_date", "acquired")
_DAYS_NAMED = 12
_UNITS = {"db": "dB", "decibel": "dB", "decibels": "dB", "power": "power", "linear": "power"}
_UNITS |= {"linear power": "power", "amplitude": "amplitude"}


@dataclass(frozen=True)
class Layer:
    """One band of one file, and what is known of it.

    Attributes:
        file: its place in the list of files.
        number: of the band in the file, from 1.
        band: "VH", "VV", or None.
        day: of the acquisition, or None.
        period: of the composite that it is, or None.
        unit: "dB", "power", "amplitude", or None.
        quantity: "sigma0", "gamma0", or None.
    """

    file: int
    number: int
    band: str | None = None
    day: date | None = None
    period: Period | None = None
    unit: str | None = None
    quantity: str | None = None


def layers_of(dataset: rasterio.DatasetReader, file: int = 0) -> list[Layer]:
    """Return what an open raster says of its bands.

    A date in the name of the file holds for its bands only where it has one or two of them.
    """
    tags, name = _lower(dataset.tags()), Path(dataset.name).name
    numbers = data_bands(dataset)
    file_day = day_in(_first(tags, _DATE_TAGS)) or (day_in(name) if len(numbers) <= 2 else None)
    file_band = _named_band(_first(tags, _BAND_TAGS))
    found = []
    for number in numbers:
        own = _lower(dataset.tags(number))
        said = dataset.descriptions[number - 1] or ""
        found.append(
            Layer(
                file,
                number,
                _named_band(_first(own, _BAND_TAGS)) or band_in(said) or file_band,
                day_in(_first(own, _DATE_TAGS)) or day_in(said) or file_day,
                _period(own),
                _unit(dataset.units[number - 1] or _first({**tags, **own}, ("unit", "units"))),
                _quantity({**tags, **own}, said, name),
            )
        )
    if not any(layer.band for layer in found) and (band := band_in(Path(name).stem)):
        found = [replace(layer, band=band) for layer in found]
    return found


def _lower(tags: dict[str, str]) -> dict[str, str]:
    return {key.lower(): value for key, value in tags.items()}


def _first(tags: dict[str, str], keys: Sequence[str]) -> str:
    return next((tags[key] for key in keys if tags.get(key)), "")


def _named_band(text: str) -> str | None:
    return band_in(text) if text else None


def _unit(text: str) -> str | None:
    return _UNITS.get(text.strip().lower())


def _quantity(tags: dict[str, str], said: str, name: str) -> str | None:
    texts = (tags.get("quantity", ""), tags.get("calibration", ""), said, name)
    return next((found for text in texts if (found := quantity_in(text))), None)


def _period(tags: dict[str, str]) -> Period | None:
    """Read the period that `lab.crops.rasters.geotiff.write` noted."""
    try:
        first, last = (
            tuple(int(part) for part in tags[key].split("-")[-2:]) for key in ("first", "last")
        )
        found = Period(first, last, tags["operator"], tags.get("stage", STAGES[0]))
        found.days()
    except (KeyError, ValueError, TypeError):
        return None
    return found if found.operator in OPERATORS else None


@dataclass(frozen=True)
class Layout:
    """Which layers make which image of a stack.

    Attributes:
        bands: P.
        periods: T.
        cells: P times T tuples of layers; more than one are composed by the period's operator.
    """

    bands: tuple[str, ...]
    periods: tuple[Period, ...]
    cells: tuple[tuple[tuple[Layer, ...], ...], ...]


def arrange(
    layers: Sequence[Layer],
    periods: Sequence[Period] | None,
    default: Sequence[Period],
    *,
    bands: Sequence[str] | None = None,
    order: str | None = None,
    year: int | None = None,
) -> Layout:
    """Find the place of every layer in a stack.

    Args:
        layers: of all files, in their order.
        periods: that are wanted; None for those the files name, else `default`.
        default: periods of files that name none.
        bands: that are wanted, and what unnamed layers are; None for those the files name.
        order: of unnamed layers of two bands, one of `ORDERS`.
        year: of the season, where there are dates of several.

    Raises:
        CropError: something is missing or cannot be told.
    """
    layers = _name_bands(list(layers), bands, order)
    have = [band for band in BANDS if any(layer.band == band for layer in layers)]
    wanted = tuple(bands or have)
    if missing := [band for band in wanted if band not in have]:
        raise CropError(f"No band says that it is {missing[0]}: choose features without it.")
    layers = [layer for layer in layers if layer.band in wanted]
    if all(layer.period for layer in layers):
        own = _periods_named(layers)
        periods = tuple(periods or own)
        rows = [[_of_period(layers, band, p) for p in periods] for band in wanted]
    elif all(layer.day for layer in layers):
        periods = tuple(periods or default)
        rows = _by_day(layers, wanted, periods, year)
    else:
        periods = tuple(periods or default)
        rows = [_in_order(layers, band, periods) for band in wanted]
    return Layout(wanted, periods, tuple(tuple(map(tuple, row)) for row in rows))


def _name_bands(layers: list[Layer], bands: Sequence[str] | None, order: str | None) -> list[Layer]:
    if any(layer.band for layer in layers):
        return layers  # the unnamed ones beside them are angles, masks or ratios
    count = len(layers)
    if bands and (unknown := [band for band in bands if band not in BANDS]):
        raise CropError(f"There is no band {unknown[0]!r} here: choose VH or VH and VV.")
    if not bands:
        these = "this band is" if count == 1 else f"these {count} bands are"
        raise CropError(f"Nothing says whether {these} VH or VV: choose it.")
    if len(bands) == 1:
        return [replace(layer, band=bands[0]) for layer in layers]
    if count % 2:
        these = "1 band" if count == 1 else f"{count} bands"
        raise CropError(f"{these} cannot be VH and VV of the same dates: choose one of them.")
    if order not in ORDERS:
        raise CropError(
            f"Nothing says how these {count} bands are ordered: choose all of {bands[0]} and then "
            f"all of {bands[1]}, or the two in turn."
        )
    half = count // 2
    named = []
    for i, layer in enumerate(layers):
        second = i >= half if order == ORDERS[0] else i % 2 == 1
        named.append(replace(layer, band=bands[int(second)]))
    return named


def _periods_named(layers: list[Layer]) -> tuple[Period, ...]:
    found = dict.fromkeys(layer.period for layer in layers if layer.period)
    return tuple(sorted(found, key=lambda period: period.days()))


def _of_period(layers: list[Layer], band: str, period: Period) -> list[Layer]:
    found = [layer for layer in layers if (layer.band, layer.period) == (band, period)]
    if len(found) != 1:
        raise CropError(f"There are {len(found)} composites of {period.label} in {band}, not one.")
    return found


def _by_day(
    layers: list[Layer], bands: Sequence[str], periods: Sequence[Period], year: int | None
) -> list[list[list[Layer]]]:
    days = sorted({layer.day for layer in layers if layer.day})
    if year is not None:
        layers = [layer for layer in layers if layer.day and layer.day.year == year]
        if not layers:
            raise CropError(f"No image is of {year}: they are of {days[0].year}.")
    elif (days[-1] - days[0]).days > 366:
        raise CropError(f"The images are of {days[0]} to {days[-1]}: choose a year.")
    by_month = monthly([layer.day for layer in layers if layer.day])
    rows = [
        [
            _within(layers, band, period) or (_of_month(layers, band, period) if by_month else [])
            for period in periods
        ]
        for band in bands
    ]
    empty = [p.label for row in rows for p, cell in zip(periods, row, strict=True) if not cell]
    if empty:
        named = "; ".join(dict.fromkeys(empty))
        days = sorted({layer.day for layer in layers if layer.day})
        raise CropError(
            f"No image falls into {named}: add files of those dates. These are of {_listed(days)}."
        )
    return rows


def _listed(days: Sequence[date]) -> str:
    """Return up to a dozen days; of more, their number, the first and the last one."""
    if len(days) <= _DAYS_NAMED:
        return ", ".join(str(day) for day in days)
    return f"{len(days)} dates, {days[0]} to {days[-1]}"


def _of_month(layers: list[Layer], band: str, period: Period) -> list[Layer]:
    month = month_of(period)
    return [x for x in layers if x.band == band and x.day and x.day.month == month]


def _within(layers: list[Layer], band: str, period: Period) -> list[Layer]:
    return [
        layer
        for layer in layers
        if layer.band == band
        and layer.day
        and period.first <= (layer.day.month, layer.day.day) <= period.last
    ]


def _in_order(layers: list[Layer], band: str, periods: Sequence[Period]) -> list[list[Layer]]:
    own = [layer for layer in layers if layer.band == band]
    if dated := [layer for layer in own if layer.day or layer.period]:
        raise CropError(
            f"{len(dated)} of the {len(own)} {band} bands say their date and the others do not: "
            "bring files that all do, or none."
        )
    if len(own) != len(periods):
        raise CropError(
            f"Bands of {band} without dates: {len(own)}; {len(periods)} are needed, one for each "
            "period of the season."
        )
    return [[layer] for layer in own]


def said_by(layers: Sequence[Layer], what: str, given: str | None) -> str | None:
    """Return the unit or quantity of all layers, by their files or as given.

    Raises:
        CropError: files differ, or say something else than the user.
    """
    found = {getattr(layer, what) for layer in layers} - {None}
    if what == "quantity" and len(found) > 1:
        raise CropError(
            "Some files hold sigma0 and others gamma0, about 1 dB apart: bring one of the two."
        )
    if given and found and found != {given}:
        raise CropError(
            f"The file says {sorted(found)[0]} and you said {given}: choose what the file says."
        )
    return given or (found.pop() if len(found) == 1 else None)
