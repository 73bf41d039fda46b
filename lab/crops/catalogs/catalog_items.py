"""Which images of a catalog meet a box and a year: searched for, or walked to, link by link.

A searchable catalog is asked once, page by page. A static one is a tree of files: its links are
followed, except into places that lie elsewhere.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from urllib.parse import urljoin

import pystac
from pystac_client import Client
from pystac_client.errors import ClientTypeError
from pystac_client.exceptions import APIError

from lab.crops.catalogs.box import Box
from lab.crops.catalogs.catalog_http import Asking, Patience, guard
from lab.crops.catalogs.known import Endpoint
from lab.crops.stack import PERIODS, CropError

MOST_ITEMS = 600  # of a box and a year: two satellites, two directions, eight periods
MOST_LINKS = 3000  # of a static catalog that are followed
_DAMAGED = (
    ClientTypeError,
    APIError,
    pystac.STACError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
_GAP = 900  # seconds between slices of one pass: an orbit takes 98 minutes


def images(endpoint: Endpoint, box: Box, year: int, patience: Patience) -> Iterator[pystac.Item]:
    """Yield a catalog's images of a box and a year, and perhaps others near by.

    Raises:
        CropError: it is no catalog, cannot be reached, is too slow or too long.
    """
    first, last = date(year, *PERIODS[0].first), date(year, *PERIODS[-1].last)
    end = time.monotonic() + patience.total
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a static catalog conforms to nothing
        try:
            asking = Asking(endpoint, patience)
            client = Client.open(endpoint.url, stac_io=asking)
            for item in _asked(client, asking, endpoint, box, first, last):
                yield item
                if time.monotonic() > end:
                    raise CropError("The catalog is too slow today: take a smaller box, or later.")
        except CropError:
            raise
        except _DAMAGED:
            raise CropError(
                "What stands at this address is no STAC catalog, or a damaged one: look at the "
                "address of its root."
            ) from None


def _asked(client, asking, endpoint, box, first, last) -> Iterable[pystac.Item]:
    if client.conforms_to("ITEM_SEARCH"):
        if not endpoint.collection:
            names = ", ".join(each.id for each in islice(client.get_collections(), 8))
            raise CropError(f"Name a collection of this catalog, such as {names}.")
        return client.search(
            collections=[endpoint.collection],
            bbox=list(box.bounds),
            datetime=f"{first}T00:00:00Z/{last}T23:59:59Z",
            limit=100,
            max_items=MOST_ITEMS + 1,
        ).items()
    return _walk(asking, endpoint.url, client.to_dict(), endpoint.collection, box, [MOST_LINKS])


def _walk(asking, href: str, thing: dict, collection: str, box: Box, left: list[int]):
    # By hand, since pystac would follow a link to a local file where a catalog names another root.
    for link in thing.get("links", []):
        if link.get("rel") not in ("item", "child"):
            continue
        left[0] -= 1
        if left[0] < 0:
            raise CropError("This static catalog is too long to look through: name one part.")
        address = urljoin(href, link["href"])
        found = json.loads(asking.read_text(address))
        if found.get("type") == "Feature":
            yield pystac.Item.from_dict(found, href=address, preserve_dict=False)
        elif found.get("type") != "Collection":
            yield from _walk(asking, address, found, collection, box, left)
        elif collection in ("", found.get("id")) and any(map(box.meets, _extent(found))):
            yield from _walk(asking, address, found, "", box, left)


def _extent(collection: dict) -> list[list[float]]:
    boxes = collection["extent"]["spatial"]["bbox"]
    return [each for each in boxes if len(each) in (4, 6)]


def entry(item, endpoint: Endpoint, box: Box, year: int, bands, orbit: str) -> dict | None:
    """Return what is needed of an image, None where it is of elsewhere or another time.

    Raises:
        CropError: it has no file of a band, or one that is not asked for.
    """
    when = item.datetime or item.common_metadata.start_datetime
    if when is None or item.bbox is None or not box.meets(item.bbox):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    period = period_of(when.date(), year)
    state = str(item.properties.get("sat:orbit_state", ""))[:20]
    if period is None or (orbit and state and state != orbit):
        return None
    files = {band: _file(item, endpoint, band) for band in bands}
    half = len(item.bbox) // 2
    return {
        "id": item.id[:200],
        "time": when.isoformat(),
        "period": period,
        "orbit": state,
        "bounds": [*item.bbox[:2], *item.bbox[half : half + 2]],
        "files": files,
    }


def _file(item, endpoint: Endpoint, band: str) -> str:
    wanted = endpoint.assets.get(band, band.lower())
    asset = item.assets.get(wanted) or next(
        (each for name, each in item.assets.items() if name.casefold() == band.casefold()), None
    )
    if asset is None:
        raise CropError(f"has no {band}, so it is left out.")
    href = asset.get_absolute_href() or ""
    guard(href, endpoint)
    return href


def period_of(day: date, year: int) -> int | None:
    """Return which of the eight periods a day of a year lies in, None for none."""
    for number, period in enumerate(PERIODS):
        if date(year, *period.first) <= day <= date(year, *period.last):
            return number
    return None


def passes(items: list[dict]) -> list[dict]:
    """Number the acquisitions: slices of one pass, minutes apart, are one."""
    number, last = -1, None
    for item in sorted(items, key=lambda each: each["time"]):
        now = datetime.fromisoformat(item["time"]), item["period"]
        if last is None or now[1] != last[1] or (now[0] - last[0]).total_seconds() > _GAP:
            number += 1
        item["pass_"], last = number, now
    return sorted(items, key=lambda each: (each["pass_"], each["id"]))
