"""What a text says of a radar image: its band, its day, its quantity. No rasterio here."""

from __future__ import annotations

import re
from datetime import date

QUANTITIES = ("sigma0", "gamma0")
_BAND = re.compile(r"(?<![a-z])(vh|vv)(?![a-z])")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_./]?)(\d\d)\2(\d\d)(?!\d)")


def band_in(text: str) -> str | None:
    """Return the band that a text names, None where it names none or both."""
    found = set(_BAND.findall(text.lower()))
    return found.pop().upper() if len(found) == 1 else None


def day_in(text: str) -> date | None:
    """Return the first day that a text names as 2021-05-10, 20210510 or alike."""
    for year, _, month, day in _DATE.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def quantity_in(text: str) -> str | None:
    """Return the quantity that a text names, None where it names none or both."""
    plain = re.sub(r"[\W_]", "", text.lower())
    found = {q for q in QUANTITIES if q in plain or q.replace("0", "nought") in plain}
    return found.pop() if len(found) == 1 else None


def kept_of(name: str) -> str:
    """Return what the name of a file says, in a form that is safe in the name of another.

    Such as "-2021-05-10-VH-sigma0", or "" where it says nothing.
    """
    found = (day_in(name), band_in(name), quantity_in(name))
    return "".join(f"-{each}" for each in found if each)
