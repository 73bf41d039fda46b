"""Fields drawn as polygons: GeoJSON onto the pixels of a scene."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.features import is_valid_geom, rasterize
from rasterio.warp import transform_geom

from lab.crops.catalogs.box import Grid
from lab.crops.rasters.refusals import GDAL_ERRORS
from lab.crops.stack import UNKNOWN, CropError

LARGEST = 30_000_000  # bytes of a GeoJSON file
MOST_CLASSES = UNKNOWN  # numbers 0 to 254
NAMES = ("class", "crop", "label", "crop_type", "croptype", "EC_hcat_n", "CODE_CULTU", "name")
_CRS = re.compile(
    r"^(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?(EPSG|OGC)[:/]+(?:[\d.]*[:/])?"
    r"(\d{4,6}|CRS84)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fields:
    """Polygons on a grid.

    Attributes:
        labels: (H, W) uint8 numbers of `classes`, `UNKNOWN` outside of all polygons.
        parcels: (H, W) int32, numbers of polygons from 1, 0 outside.
        classes: names, sorted.
    """

    labels: np.ndarray
    parcels: np.ndarray
    classes: tuple[str, ...]


def draw(path: Path, grid: Grid, key: str | None = None) -> Fields:
    """Draw the polygons of a GeoJSON file; a pixel belongs to the one that its middle lies in.

    Coordinates are longitude and latitude (WGS 84), as RFC 7946 has it, unless the file has a
    member "crs" that names another EPSG number. Where polygons overlap the later one counts.

    Args:
        path: of the file.
        grid: north up, with a projection.
        key: name of the property that holds the class; None where only one can be meant.

    Raises:
        CropError: it cannot be read, has no polygons or no classes, or lies elsewhere.
    """
    data = _parsed(path)
    polygons = list(_polygons(data, path.name))
    if not polygons:
        raise CropError(f"{path.name} has no polygons: draw the fields as polygons.")
    named = (
        [(geometry, _class(properties, key)) for geometry, properties in polygons]
        if key
        else (_with_key(polygons, path.name))
    )
    known = [(geometry, name) for geometry, name in named if name]
    if not known:
        raise CropError(f"No polygon of {path.name} has a property {key!r}: choose another.")
    classes = tuple(sorted({name for _, name in known}))
    if len(classes) > MOST_CLASSES:
        raise CropError(
            f"There are {len(classes):,} classes in {path.name}, up to {MOST_CLASSES} can be told "
            "apart: choose a property with fewer values."
        )
    shapes = _projected([geometry for geometry, _ in known], _crs(data, path.name), grid, path.name)
    codes = [classes.index(name) for _, name in known]
    parcels = _burn(zip(shapes, range(1, len(shapes) + 1), strict=True), grid, 0, "int32")
    if not parcels.any():
        raise CropError(
            f"The polygons of {path.name} lie elsewhere: no pixel of the scene is inside one."
        )
    labels = _burn(zip(shapes, codes, strict=True), grid, UNKNOWN, "uint8")
    return Fields(labels, parcels, classes)


def _parsed(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST:
        raise CropError(
            f"{path.name} has {path.stat().st_size / 1e6:.0f} MB, up to {LARGEST / 1e6:.0f} MB can "
            "be read: cut out the polygons of your place."
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CropError(f"{path.name} is no valid JSON: export it as GeoJSON again.") from error
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise CropError(f"{path.name} is JSON but no GeoJSON: export the fields as GeoJSON.")
    return data


def _polygons(data: dict[str, Any], name: str) -> Iterator[tuple[dict, dict]]:
    """Yield (polygon or multipolygon, properties)."""
    kind = data["type"]
    features = data.get("features") if kind == "FeatureCollection" else [data]
    if not isinstance(features, list):
        raise CropError(f"{name} has no list of features: export it as GeoJSON again.")
    for i, feature in enumerate(features):
        whole = isinstance(feature, dict) and feature.get("type") == "Feature"
        geometry = feature.get("geometry") if whole else feature
        properties = feature.get("properties") if whole else None
        if geometry is None:
            continue
        if not isinstance(geometry, dict):
            raise CropError(f"Feature {i + 1} of {name} is broken: repair or remove it.")
        if geometry.get("type") in ("Polygon", "MultiPolygon"):
            if not _is_sound(geometry):
                raise CropError(f"The polygon of feature {i + 1} of {name} is broken: repair it.")
            yield geometry, properties if isinstance(properties, dict) else {}


def _is_sound(geometry: dict[str, Any]) -> bool:
    """Return whether the rings are closed lists of four or more pairs of finite numbers."""
    parts = geometry.get("coordinates")
    try:
        parts = [parts] if geometry["type"] == "Polygon" else parts
        rings = [ring for polygon in parts for ring in polygon]
        plain = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
        points = [point for ring in rings for point in ring]
        finite = all(math.isfinite(float(x)) for point in points for x in point[:2])
        return bool(rings) and finite and all(map(len, rings)) and is_valid_geom(plain)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        return False


def _class(properties: dict[str, Any], key: str) -> str:
    value = properties.get(key)
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()[:80]


def _with_key(polygons: list[tuple[dict, dict]], name: str) -> list[tuple[dict, str]]:
    """Find the property that holds the class where the user named none."""
    keys = Counter(key for _, properties in polygons for key in properties)
    if not keys:
        return [(geometry, "field") for geometry, _ in polygons]
    known = [key for key in NAMES if key in keys]
    if not known and len(keys) > 1:
        listed = ", ".join(repr(key[:40]) for key in list(keys)[:12])
        raise CropError(f"Choose the property of {name} that names the crop: {listed}.")
    chosen = known[0] if known else next(iter(keys))
    return [(geometry, _class(properties, chosen)) for geometry, properties in polygons]


def _crs(data: dict[str, Any], name: str) -> CRS:
    """Read the projection; only numbers of the EPSG, for GDAL would open addresses and files."""
    member = data.get("crs")
    if member is None:
        return CRS.from_epsg(4326)
    try:
        found = _CRS.match(member["properties"]["name"])
        code = found.group(2) if found else ""
        return CRS.from_epsg(4326 if code.upper() == "CRS84" else int(code))
    except (TypeError, KeyError, ValueError, *GDAL_ERRORS) as error:
        raise CropError(
            f"The projection of {name} is not known: export it in WGS 84 (EPSG:4326)."
        ) from error


def _projected(shapes: list[dict], crs: CRS, grid: Grid, name: str) -> list[dict]:
    try:
        moved = [transform_geom(crs, grid.crs, shape) for shape in shapes]
    except (*GDAL_ERRORS, ValueError) as error:
        raise CropError(
            f"The polygons of {name} cannot be drawn in the scene's projection: is it the right "
            "place, with longitude before latitude?"
        ) from error
    return moved


def _burn(shapes: Any, grid: Grid, fill: int, dtype: str) -> np.ndarray:
    return rasterize(shapes, grid.shape, fill=fill, transform=Affine(*grid.transform), dtype=dtype)
