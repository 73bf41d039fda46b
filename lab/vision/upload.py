"""Read a picture that somebody uploads: PNG or JPEG, bounded, upright, square. No torch here.

Nothing of the file is believed before it is looked at: not its name, not its ending. Its size in
pixels stands in its header and is read before any pixel is decoded, so that a small file that would
unfold into gigabytes is refused at no cost.
"""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from lab.models.choices import SIDE

LARGEST_BYTES = 5_000_000
LARGEST_PIXELS = 24_000_000  # a photograph of a telephone; 96 MB while it is decoded
SMALLEST_SIDE = 8
SHOWN = 384  # pixels of the copy to look at, a multiple of every number of places
_BEGINNINGS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_FOREIGN = "This is no PNG or JPEG picture: choose another file, or save it as PNG."
_BROKEN = "This picture is damaged or incomplete: save it again, or choose another."
_BROKEN_BY = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)


class PictureError(ValueError):
    """A file cannot be used as a picture; the message is one sentence that says what to do."""


class Picture(NamedTuple):
    """An uploaded picture.

    Attributes:
        image: (48, 48, 3) uint8, what the networks see.
        shown: (384, 384, 3) uint8, the same part of the picture to look at.
        note: what was done to it, a sentence.
    """

    image: np.ndarray
    shown: np.ndarray
    note: str


def read_picture(data: bytes) -> Picture:
    """Read a PNG or JPEG: the square in its middle, upright, in colour, on white.

    Args:
        data: of the file. Of an animation the first picture is taken.

    Raises:
        PictureError: it is no such file, too large, too small, or damaged.
    """
    if len(data) > LARGEST_BYTES:
        raise PictureError(
            f"This file has {len(data) / 1e6:.1f} MB; up to {LARGEST_BYTES / 1e6:.0f} MB can be "
            "read: save a smaller copy."
        )
    form = next((name for name, start in _BEGINNINGS.items() if data.startswith(start)), None)
    if form is None:
        raise PictureError(_FOREIGN)
    with warnings.catch_warnings():
        # Pillow only warns of a bomb up to a size that is beyond ours anyway.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return _decoded(data, form)


def _decoded(data: bytes, form: str) -> Picture:
    try:
        opened = Image.open(io.BytesIO(data), formats=[form])  # reads the header alone
    except Image.DecompressionBombError:
        raise PictureError("This picture has too many pixels: save a smaller copy.") from None
    except (UnidentifiedImageError, *_BROKEN_BY):
        raise PictureError(_BROKEN) from None
    with opened:
        width, height = opened.size
        if width * height > LARGEST_PIXELS:
            raise PictureError(
                f"This picture has {width:,} x {height:,} pixels; up to "
                f"{LARGEST_PIXELS / 1e6:.0f} million can be read: save a smaller copy."
            )
        if min(width, height) < SMALLEST_SIDE:
            raise PictureError(
                f"This picture has {width} x {height} pixels: choose one with {SMALLEST_SIDE} a "
                "side at least."
            )
        frames = getattr(opened, "n_frames", 1)
        try:
            opened.draft(None, (2 * SHOWN, 2 * SHOWN))  # a JPEG is decoded no larger than needed
            upright = ImageOps.exif_transpose(opened)
            shown = _in_colour(_middle(upright))
        except (*_BROKEN_BY, MemoryError, Image.DecompressionBombError):
            raise PictureError(_BROKEN) from None
    image = shown.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return Picture(np.asarray(image), np.asarray(shown), _note(width, height, frames))


def _middle(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    return picture.crop((left, top, left + side, top + side))


def _in_colour(square: Image.Image) -> Image.Image:
    """Return 384 x 384 pixels of RGB; what is transparent is white, 16 bits of grey become 8."""
    size = SHOWN, SHOWN
    if square.mode.startswith("I"):  # 16-bit grey, which Pillow would clip and not scale
        square = Image.fromarray((np.asarray(square) // 257).clip(0, 255).astype(np.uint8))
    if square.has_transparency_data:
        small = square.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
        return Image.alpha_composite(Image.new("RGBA", size, "white"), small).convert("RGB")
    # From CMYK as well: plainly, without a colour profile.
    return square.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def _note(width: int, height: int, frames: int) -> str:
    side = min(width, height)
    parts = ["Your picture"]
    if width != height:
        parts.append("cut to the square in its middle")
    how = "reduced" if side > SIDE else "brought"
    parts.append(f"{how} from {side} to {SIDE} pixels a side")
    if frames > 1:
        parts.append("the first picture of an animation")
    return ", ".join(parts) + "."
