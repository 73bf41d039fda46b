"""Where a student's rasters lie: uploads on this server's disk, and a folder that it offers.

What is uploaded is called by its digest; the name that it came with is shown, and never a path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.crops.rasters.names import kept_of
from lab.crops.stack import CropError
from lab.runs.store import write_atomically

LARGEST = 40_000_000  # bytes of one upload
LABELS_LARGEST = 10_000_000
MOST_BYTES = 3_000_000_000  # of everything kept here; what was used longest ago goes first
ENVIRONMENT = "GLASSHOUSE_RASTERS"
_MOST_SCENES = 200
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_DIGITS = 20  # of a digest, in a file's name
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True)
class Scene:
    """A scene in the server's folder.

    Attributes:
        name: of its file, or of its folder with a file for every date.
        paths: of its GeoTIFFs.
        labels: name -> path of what may say what grows there.
    """

    name: str
    paths: tuple[str, ...]
    labels: dict[str, str]


def kept_in(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of uploads and of what is made from them; it is made."""
    found = Path(environ.get("GLASSHOUSE_DATA") or ".glasshouse").resolve() / "rasters"
    found.mkdir(parents=True, exist_ok=True)
    return found


def keep(data: bytes, folder: Path, labels: bool = False, name: str = "") -> str:
    """Write an upload under its digest, make room if needed, and return its path.

    Args:
        data: the file.
        folder: of `kept_in`.
        labels: whether GeoJSON is fine too.
        name: of the user's file: its date, band and quantity are kept, and nothing else.

    Raises:
        CropError: it is too large, or neither a TIFF nor (for labels) GeoJSON.
    """
    largest = LABELS_LARGEST if labels else LARGEST
    if len(data) > largest:
        raise CropError(
            f"The file has {len(data) / 1e6:.0f} MB; up to {largest / 1e6:.0f} MB can be "
            "uploaded: cut a smaller part, or let it be put into the server's folder."
        )
    ending = ".tif" if data.startswith(_TIFF) else ""
    if not ending and labels and data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        ending = ".geojson"
    if not ending:
        more = " and no GeoJSON" if labels else ""
        raise CropError(f"This is no GeoTIFF{more}: choose another file, or export it as one.")
    # In letters: digits could be read as a date.
    digest = hashlib.sha256(data).hexdigest()[:_DIGITS].translate(_LETTERS)
    path = folder / (digest + kept_of(name) + ending)
    if path.exists():
        os.utime(path)
    else:
        make_room(folder, len(data))
        write_atomically(path, data)
    return str(path)


def make_room(folder: Path, needed: int = 0, most: int = MOST_BYTES) -> None:
    """Remove files and folders that were used longest ago, until the rest fits."""
    entries = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime)
    sizes = {each: _size(each) for each in entries}
    total = sum(sizes.values()) + needed
    for each in entries:
        if total <= most:
            return
        shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
        total -= sizes[each]


def _size(path: Path) -> int:
    parts = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in parts if each.is_file())


def offered(environ: Mapping[str, str] = os.environ) -> dict[str, Scene]:
    """Return the scenes of the folder that GLASSHOUSE_RASTERS names, by name; {} without it.

    A GeoTIFF is a scene; a folder of GeoTIFFs is one with a file for every date. Files whose name
    begins with "labels", and GeoJSON, say what grows there.
    """
    named = environ.get(ENVIRONMENT, "").strip()
    top = Path(named).resolve()
    if not named or not top.is_dir():
        return {}
    found, own = {}, _labels(top)
    for path in sorted(top.iterdir())[:_MOST_SCENES]:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            files = tuple(str(each) for each in sorted(path.iterdir()) if _is_scene(each))
            if files:
                found[path.name] = Scene(path.name, files, _labels(path))
        elif _is_scene(path):
            found[path.name] = Scene(path.name, (str(path),), own)
    return found


def _is_scene(path: Path) -> bool:
    tiff = path.suffix.lower() in (".tif", ".tiff") and path.is_file()
    return tiff and not path.name.lower().startswith(("labels", "."))


def _labels(folder: Path) -> dict[str, str]:
    return {
        path.name: str(path)
        for path in sorted(folder.iterdir())
        if path.is_file()
        and (
            path.suffix.lower() in (".geojson", ".json")
            or (path.name.lower().startswith("labels") and path.suffix.lower() in (".tif", ".tiff"))
        )
    }
