"""Which STAC catalogs are known, and what each holds: plain facts, no network.

A catalog (STAC: SpatioTemporal Asset Catalog) lists satellite images with date, place and the
address of each file. Catalogs change. What was not tried from this project says so in its note.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from lab.crops.rasters.names import QUANTITIES
from lab.crops.stack import CropError

UNITS = ("power", "dB", "amplitude")
ENVIRONMENT = "GLASSHOUSE_CATALOGS"
_LONGEST = 500


@dataclass(frozen=True)
class Endpoint:
    """A catalog, and how its radar images are to be read.

    Attributes:
        name: on the page.
        url: of the catalog's root: a searchable API or a static catalog.json.
        collection: identifier of the collection; "" for a static catalog that has no more.
        assets: band of `lab.crops.stack.BANDS` -> name of the asset in each item.
        quantity: "sigma0" or "gamma0".
        unit: of the files: "power", "dB" or "amplitude" (the root of power).
        pixel: metres of the files; a finer grid would invent detail.
        sign: address of short-lived tokens, appended to the files' addresses; "" without.
        hosts: ends of the host names its files may lie on; empty for any public host.
        readable: whether the files can be read from here at all, beyond their dates.
        trusted: named by whoever runs the lab: may lie in a private network.
        note: what one should know.
    """

    name: str
    url: str
    collection: str = ""
    assets: Mapping[str, str] = field(default_factory=lambda: {"VH": "vh", "VV": "vv"})
    quantity: str = "gamma0"
    unit: str = "power"
    pixel: float = 10.0
    sign: str = ""
    hosts: tuple[str, ...] = ()
    readable: bool = True
    trusted: bool = False
    note: str = ""

    def to_dict(self) -> dict:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping) -> Endpoint:
        """Read what `to_dict` wrote.

        Raises:
            CropError: an entry is unknown.
        """
        try:
            return cls(**{**given, "hosts": tuple(given.get("hosts", ()))})
        except TypeError:
            raise CropError("This is no description of a catalog.") from None


# Facts as the services and users of them describe them in public; none was reachable while this
# was written, so that none of the four is tried here. `tests/unit/crops` reads a stand-in.
ENDPOINTS = {
    each.name: each
    for each in (
        Endpoint(
            "Planetary Computer, Sentinel-1 RTC",
            "https://planetarycomputer.microsoft.com/api/stac/v1",
            "sentinel-1-rtc",
            quantity="gamma0",  # terrain-corrected; linear power, nodata -32768, 10 m
            sign="https://planetarycomputer.microsoft.com/api/sas/v1/token/sentinel-1-rtc",
            hosts=("planetarycomputer.microsoft.com", ".blob.core.windows.net"),
            note="The whole world since 2014 at 10 m. Often unavailable (504); may want an "
            "account. Not tried from this lab.",
        ),
        Endpoint(
            "OPERA RTC-S1 (NASA, ASF)",
            "https://cmr.earthdata.nasa.gov/cloudstac/ASF",
            "OPERA_L2_RTC-S1_V1_1",
            {"VH": "0_VH", "VV": "0_VV"},
            quantity="gamma0",  # terrain-corrected; linear power, NaN nodata, 30 m bursts
            pixel=30.0,
            hosts=("earthdata.nasa.gov", ".asf.alaska.edu", ".earthdatacloud.nasa.gov"),
            note="Since 2016 at 30 m. Files want a free Earthdata account, written in this "
            "server's .netrc. Not tried from this lab.",
        ),
        Endpoint(
            "Terrascope (VITO), Sentinel-1 sigma0",
            "https://stac.terrascope.be",
            # The name in its older catalogue; the name in its STAC catalog was not confirmed.
            "urn:eop:VITO:CGS_S1_GRD_SIGMA0_L1",
            {"VH": "VH", "VV": "VV"},
            quantity="sigma0",  # linear power, 10 m
            hosts=("terrascope.be", ".terrascope.be", ".vito.be"),
            note="Belgium and around. Files want a free account. Its name of the collection may "
            "have changed: not tried from this lab.",
        ),
        Endpoint(
            "Copernicus Data Space (CDSE), Sentinel-1 GRD",
            "https://stac.dataspace.copernicus.eu/v1",
            "sentinel-1-grd",
            {"VH": "vh", "VV": "vv"},
            quantity="sigma0",
            unit="amplitude",
            # GRD are counts in radar geometry behind S3 keys: neither calibrated nor on a map.
            readable=False,
            note="Tells on which dates the satellite passed. Its files are not calibrated and "
            "not on a map: take the composites from another catalog. Not tried from this lab.",
        ),
    )
}


def offered(environ: Mapping[str, str] = os.environ) -> dict[str, Endpoint]:
    """Return the catalogs to choose from: the server's own first, then the built-in ones.

    The server's own stand in GLASSHOUSE_CATALOGS as `name=url`, separated by spaces, with
    gamma0 in power under assets named vh and vv.
    """
    found = {}
    for pair in environ.get(ENVIRONMENT, "").split():
        name, _, url = pair.partition("=")
        if name and url:
            found[name[:60]] = Endpoint(name[:60], address(url), trusted=True)
    return found | ENDPOINTS


def address(url: str) -> str:
    """Return an address of a catalog as it is used, or say why it cannot be one.

    Raises:
        CropError: it is no http or https address.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_a_number, parts = False, urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_a_number:
        raise CropError("A catalog's address begins with https:// or http://, as in a browser.")
    if parts.username or parts.password or len(url) > _LONGEST or any(c.isspace() for c in url):
        raise CropError("This address of a catalog has a password or a space in it: leave it out.")
    return url


def typed(
    url: str, collection: str = "", quantity: str = "gamma0", unit: str = "power"
) -> Endpoint:
    """Return a catalog that a user named.

    Raises:
        CropError: the address, quantity or unit cannot be.
    """
    if quantity not in QUANTITIES or unit not in UNITS:
        raise CropError("Say whether the catalog holds sigma0 or gamma0, and in which unit.")
    return Endpoint(
        "Your catalog",
        address(url),
        collection.strip()[:200],
        quantity=quantity,
        unit=unit,
        note="Named by you.",
    )
