"""Files of the user's as one scene that is read window by window, however large it is."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import rasterio
from rasterio.windows import Window

from lab.crops.catalogs.box import Grid
from lab.crops.rasters.aligned import UNITS, backscatter_on, check_place, grid_of
from lab.crops.rasters.composing import Composer
from lab.crops.rasters.meaning import Layer, arrange, layers_of, said_by
from lab.crops.rasters.names import QUANTITIES
from lab.crops.rasters.reading import read
from lab.crops.rasters.refusals import CACHE, SMALL, guarded, has_place, sound, unplaced
from lab.crops.stack import PERIODS, STAGES, CropError, Period

MOST_FILES = 200
PLAUSIBLE = (-50.0, 10.0)  # dB: the middle of any image of land or water lies well within
_SAMPLE = 256  # pixels a side that tell the unit


class Source:
    """Files of one place, read as one scene, window by window.

    Args:
        paths: of GeoTIFFs; the first one's grid is the scene's.
        bands: that are wanted; None for those the files name.
        unit: one of `lab.crops.rasters.aligned.UNITS`; None for what the files say or show.
        quantity: "sigma0" or "gamma0"; None for what the files say.
        periods: of the season; None for those the files name, else the paper's eight.
        order: of unnamed bands, one of `lab.crops.rasters.meaning.ORDERS`.
        year: of the season, where there are dates of several.
        cache: MB of decoded blocks that GDAL may keep.

    Attributes:
        grid: north up.
        bands, periods, quantity: as in `Stack`.
        tags: of the first file.

    Raises:
        CropError: the files cannot be read as one scene; one sentence says why and what to do.
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike],
        *,
        bands: Sequence[str] | None = None,
        unit: str | None = None,
        quantity: str | None = None,
        periods: Sequence[Period] | None = None,
        order: str | None = None,
        year: int | None = None,
        cache: int = CACHE,
    ):
        if not paths or len(paths) > MOST_FILES:
            raise CropError(f"Bring 1 to {MOST_FILES} files, not {len(paths)}.")
        for given, known in ((unit, UNITS), (quantity, QUANTITIES)):
            if given is not None and given not in known:
                raise CropError(f"{given!r} is not known: choose one of {', '.join(known)}.")
        self._open, self._cache = ExitStack(), cache
        try:
            with guarded(cache):
                self._files = [self._open.enter_context(sound(path)) for path in paths]
                layers = [layer for i, f in enumerate(self._files) for layer in layers_of(f, i)]
                self._layout = arrange(
                    layers, periods_from(periods), PERIODS, bands=bands, order=order, year=year
                )
                self.bands, self.periods = self._layout.bands, self._layout.periods
                used = [layer for row in self._layout.cells for cell in row for layer in cell]
                self.quantity = self._quantity(used, quantity)
                self.grid = self._common_grid()
                self._units = self._find_units(used, unit)
                self.tags = self._files[0].tags()
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._open.close()

    def _quantity(self, used: list[Layer], given: str | None) -> str:
        found = said_by(used, "quantity", given)
        if found is None:
            raise CropError("Nothing says whether this is sigma0 or gamma0: choose it.")
        return found

    def _common_grid(self) -> Grid:
        first = self._files[0]
        said = unplaced(first)
        if said and (first.gcps[0] or first.rpcs) and not has_place(first):
            raise CropError(said)
        grid = grid_of(first)
        if len(self._files) > 1:
            if said and not has_place(first):
                raise CropError(said)
            for file in self._files[1:]:
                check_place(file, grid)
        return grid

    def _find_units(self, used: list[Layer], given: str | None) -> dict[int, str]:
        """Return the unit of each file."""
        found = {}
        for i in sorted({layer.file for layer in used}):
            own = [layer for layer in used if layer.file == i]
            unit = said_by(own, "unit", given)
            found[i] = unit or self._shown_unit(i, own[0].number)
        return found

    def _shown_unit(self, file: int, number: int) -> str:
        values = sample(self._files[file], number)
        if values.size and values.min() < 0:
            return "dB"
        if not values.size:
            raise CropError("Nothing says whether this is dB or linear power: choose the unit.")
        raise CropError(
            f"All values of {Path(self._files[file].name).name} are 0 or more, so they are hardly "
            "dB: choose linear power or amplitude as the unit."
        )

    def bytes_of_rows(self, rows: int) -> int:
        """Return the decoded bytes of all blocks under so many rows, at their most."""
        found = 0
        for file, places in self._by_file().items():
            dataset = self._files[file]
            height = dataset.block_shapes[0][0]
            touched = min(dataset.height, (-(-rows // height) + 1) * height)
            pixel = sum(np.dtype(dataset.dtypes[number - 1]).itemsize for number, _, _ in places)
            found += touched * dataset.width * pixel
        return found

    def read(self, row: int, column: int, height: int, width: int) -> np.ndarray:
        """Return (P, T, height, width) float32 decibels of a window of the grid.

        The window may stick out of the grid; there, and where there is no data, it is NaN.
        """
        window = Window(column, row, width, height)
        shape = len(self.bands), len(self.periods), height, width
        out = np.full(shape, np.nan, np.float32)
        with guarded(self._cache):
            self._fill(out, window)
        return out

    def _fill(self, out: np.ndarray, window: Window) -> None:
        waiting: dict[tuple[int, int], Composer] = {}
        for file, places in self._by_file().items():
            numbers = sorted({number for number, _, _ in places})
            images = backscatter_on(
                self._files[file], numbers, self.grid, window, self._units[file]
            )
            for number, cell, alone in places:
                image = images[numbers.index(number)]
                if alone:
                    out[cell] = image
                else:
                    operator = self.periods[cell[1]].operator
                    waiting.setdefault(cell, Composer(operator)).add(image)
        for cell, composer in waiting.items():
            out[cell] = composer.result()

    def _by_file(self) -> dict[int, list[tuple[int, tuple[int, int], bool]]]:
        found: dict[int, list[tuple[int, tuple[int, int], bool]]] = {}
        for p, row in enumerate(self._layout.cells):
            for t, cell in enumerate(row):
                for layer in cell:
                    place = layer.number, (p, t), len(cell) == 1
                    found.setdefault(layer.file, []).append(place)
        return found


def sample(dataset: rasterio.DatasetReader, number: int) -> np.ndarray:
    """Return finite values from the middle of a band, and from all of it where those are none."""
    height, width = min(dataset.height, _SAMPLE), min(dataset.width, _SAMPLE)
    middle = Window((dataset.width - width) // 2, (dataset.height - height) // 2, width, height)
    values = read(dataset, [number], middle)
    if not np.isfinite(values).any() and dataset.width * dataset.height <= SMALL:
        values = read(dataset, [number], Window(0, 0, dataset.width, dataset.height))
    return values[np.isfinite(values)]


def check_values(values: np.ndarray) -> None:
    """Refuse decibels that are none.

    Raises:
        CropError: there is no data, or the middle value is far from any backscatter.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise CropError("There is no data in any pixel: choose another file or another part.")
    if finite.min() >= 0:
        raise CropError("No value is below 0 dB: choose linear power or amplitude as the unit.")
    middle = float(np.median(finite))
    if not PLAUSIBLE[0] <= middle <= PLAUSIBLE[1]:
        raise CropError(
            f"The middle value is {middle:.0f} dB, which no land or water sends back: choose "
            "another unit, or calibrate the images first."
        )


def periods_from(given: Sequence[Period] | Sequence[dict] | str | None) -> list[Period] | None:
    """Read periods as JSON holds them: dictionaries of first, last, operator and stage."""
    if given is None:
        return None
    given = json.loads(given) if isinstance(given, str) else given
    return [
        p
        if isinstance(p, Period)
        else Period(tuple(p["first"]), tuple(p["last"]), p["operator"], p.get("stage", STAGES[0]))
        for p in given
    ]
