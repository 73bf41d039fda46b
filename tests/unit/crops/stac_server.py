"""A small STAC catalog over loopback: static and searchable, with files read in ranges."""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import numpy as np
import rasterio

CONFORMS = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/item-search",
]
CRS = "EPSG:32631"
CORNER = (600_000.0, 4_800_320.0)  # west and north of the images, in metres
BOUNDS = [4.2, 43.30, 4.27, 43.35]  # a box in degrees that holds all of them
COLLECTION = "radar"


def geotiff(values: np.ndarray, *, crs: str = CRS, corner=CORNER, nodata=-32768.0) -> bytes:
    """Return a tiled GeoTIFF of (H, W) values at 10 m."""
    file = io.BytesIO()
    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "nodata": nodata, "tiled": True}
    with rasterio.open(
        file,
        "w",
        height=values.shape[0],
        width=values.shape[1],
        crs=crs,
        transform=rasterio.Affine(10, 0, corner[0], 0, -10, corner[1]),
        blockxsize=64,
        blockysize=64,
        **profile,
    ) as out:
        out.write(values.astype(np.float32), 1)
    return file.getvalue()


@dataclass
class Catalog:
    """What the catalog has, and how it behaves.

    Attributes:
        url: root of the searchable API; `static` is that of the same as plain files.
        items: id -> item without links.
        files: path -> bytes.
        page: items on a page of a search.
        answers: path -> statuses to answer with first, in order; a path's last stands for ever
            when it is negative.
        redirects: path -> where a request for it is sent on.
        mute: paths that take a question and never answer.
        token: what files want in their address.
        asked: (method, path) of every request.
    """

    url: str = ""
    items: dict[str, dict] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    page: int = 3
    answers: dict[str, list[int]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    mute: set[str] = field(default_factory=set)
    token: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    extra: list[dict] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def static(self) -> str:
        return f"{self.url}/static/catalog.json"

    def add(self, name: str, time: str, bands: dict[str, np.ndarray], **properties) -> dict:
        """Add an image: power of each band, as files of their own."""
        assets = {}
        for band, values in bands.items():
            path = f"/files/{name}_{band.lower()}.tif"
            self.files[path] = geotiff(values)
            assets[band.lower()] = {"href": self.url + path, "type": "image/tiff"}
        west, south, east, north = BOUNDS
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        self.items[name] = {
            "type": "Feature",
            "stac_version": "1.0.0",
            "id": name,
            "collection": COLLECTION,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "bbox": list(BOUNDS),
            "properties": {"datetime": time, **properties},
            "assets": assets,
            "links": [],
        }
        return self.items[name]

    def root(self, static: bool) -> dict:
        base = f"{self.url}/static" if static else self.url
        kind = {"type": "Catalog", "stac_version": "1.0.0", "id": "small", "description": "small"}
        links = [{"rel": "self", "href": self.static if static else self.url}]
        links.append({"rel": "root", "href": links[0]["href"]})
        if static:
            links.append({"rel": "child", "href": "./radar/collection.json"})
            return {**kind, "links": [*links, *self.extra]}
        links.append({"rel": "search", "href": f"{base}/search", "type": "application/geo+json"})
        links[-1]["method"] = "POST"
        links.append({"rel": "data", "href": f"{base}/collections"})
        return {**kind, "links": links, "conformsTo": CONFORMS}

    def collection(self) -> dict:
        links = [
            {"rel": "item", "href": f"./{name}.json", "type": "application/geo+json"}
            for name in self.items
        ]
        extent = {"spatial": {"bbox": [BOUNDS]}, "temporal": {"interval": [[None, None]]}}
        return {
            "type": "Collection",
            "stac_version": "1.0.0",
            "id": COLLECTION,
            "description": "radar",
            "license": "other",
            "extent": extent,
            "links": links,
        }

    def search(self, wanted: dict, post: bool) -> dict:
        box = [float(each) for each in wanted["bbox"]]
        first, last = (each[:10] for each in wanted["datetime"].split("/"))
        found = [
            item
            for item in self.items.values()
            if item["collection"] in wanted["collections"]
            and first <= (item["properties"]["datetime"] or "")[:10] <= last
            and box[0] < item["bbox"][2]
            and box[2] > item["bbox"][0]
        ]
        start = int(wanted.get("start", 0))
        answer = {"type": "FeatureCollection", "features": found[start : start + self.page]}
        answer["links"] = []
        if start + self.page < len(found):
            body = {**wanted, "start": start + self.page}
            link = {"rel": "next", "href": f"{self.url}/search", "method": "POST", "body": body}
            answer["links"].append(link)
        return answer


@contextlib.contextmanager
def catalog() -> Iterator[Catalog]:
    """Run a catalog on a free port of this machine."""
    state = Catalog()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: no wait for an acknowledgement
        disable_nagle_algorithm = True

        def log_message(self, *_):
            pass

        def do_HEAD(self):
            self._serve({})

        def do_GET(self):
            self._serve({})

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            self._serve(json.loads(self.rfile.read(length) or b"{}"))

        def _serve(self, body):
            parts = urlsplit(self.path)
            path = parts.path.rstrip("/")
            state.asked.append((self.command, path))
            if path in state.mute:
                state.gone.wait(30)
                self.close_connection = True
                return None
            if planned := state.answers.get(path):
                status = planned[0] if planned[0] < 0 else planned.pop(0)
                return self._send(abs(status), b"no")
            if path in state.redirects:
                return self._send(302, b"", more={"Location": state.redirects[path]})
            if path.startswith("/files/"):
                return self._file(path, parts.query)
            return self._json(path, body)

        def _json(self, path, body):
            if path == "":
                found = state.root(static=False)
            elif path == "/search":
                found = state.search(body, self.command == "POST")
            elif path == "/token":
                found = {"token": state.token}
            elif path == "/collections":
                found = {"collections": [state.collection()], "links": []}
            elif path == "/static/catalog.json":
                found = state.root(static=True)
            elif path == "/static/radar/collection.json":
                found = state.collection()
            elif name := re.fullmatch(r"/static/radar/(.+)\.json", path):
                found = state.items.get(name.group(1))
            else:
                found = None
            if found is None:
                return self._send(404, b"nothing")
            return self._send(200, json.dumps(found).encode(), "application/json")

        def _file(self, path, query):
            if state.token and state.token not in query:
                return self._send(403, b"no token")
            data = state.files.get(path)
            if data is None:
                return self._send(404, b"nothing")
            asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if not asked:
                return self._send(200, data, "image/tiff", {"Accept-Ranges": "bytes"})
            first, last = int(asked.group(1)), int(asked.group(2) or len(data) - 1)
            part = data[first : last + 1]
            if not part:
                return self._send(416, b"")
            span = f"bytes {first}-{first + len(part) - 1}/{len(data)}"
            return self._send(206, part, "image/tiff", {"Content-Range": span})

        def _send(self, status, data, kind="text/plain", more=None):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            for name, value in (more or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                with contextlib.suppress(OSError):
                    self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield state
    finally:
        state.gone.set()
        server.shutdown()
        server.server_close()
