"""A catalog's files under addresses of this machine, fetched by the guarded client.

GDAL reads parts of files over http, follows wherever it is sent, and resolves names by itself: a
catalog could send it into the network behind this server. So it asks this relay, which asks the
catalog's server as `lab.crops.catalogs.catalog_http` does and never sends GDAL on.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from lab.crops.catalogs.catalog_http import NotAllowed, Patience, guarded
from lab.crops.catalogs.known import Endpoint
from lab.crops.stack import CropError

LATE = "The server of the catalog's files is too slow today: try again later."
NOT_REACHED = "The server of the catalog's files cannot be reached: try again later."
_PASSED_ON = ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "Last-Modified")


class Relay:
    """Addresses that are good for one catalog, while the relay is entered.

    Args:
        endpoint: whose files they are.
        patience: how long to wait for its server, and how often to ask again.
    """

    def __init__(self, endpoint: Endpoint, patience: Patience) -> None:
        self._patience = patience
        self._session = guarded(requests.Session(), endpoint, patience)
        self._urls: dict[str, str] = {}  # path here: address there
        self._failures: dict[str, CropError] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def __enter__(self) -> Relay:
        """Begin to answer."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._session.close()

    def address(self, url: str) -> str:
        """Return the address here of a file there; nobody can guess it."""
        path = f"/{secrets.token_urlsafe(16)}.tif"
        self._urls[path] = url
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def failure(self, address: str) -> CropError | None:
        """Return why a file could not be asked for, None if its server answered."""
        return self._failures.get("/" + address.rpartition("/")[2])

    def fetch(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request of GDAL with what the catalog's server answers."""
        path = handler.path
        if path not in self._urls:
            _send(handler, 404)
            return
        headers = {"Accept-Encoding": "identity"}
        if wanted := handler.headers.get("Range"):
            headers["Range"] = wanted
        try:
            with self._session.request(
                handler.command,
                self._urls[path],
                headers=headers,
                timeout=(self._patience.connect, self._patience.read),
                stream=True,
                allow_redirects=True,  # each of them is looked at
            ) as answer:
                self._pass_on(handler, answer)
        except NotAllowed as error:
            self._failed(handler, error)
        except requests.exceptions.Timeout:
            self._failed(handler, CropError(LATE))
        except (requests.exceptions.RequestException, CropError):
            self._failed(handler, CropError(NOT_REACHED))

    def _failed(self, handler: BaseHTTPRequestHandler, error: CropError) -> None:
        self._failures[handler.path] = error
        _send(handler, 404)  # an answer after which GDAL does not ask again

    def _pass_on(self, handler: BaseHTTPRequestHandler, answer: requests.Response) -> None:
        # What is left of a redirect (one to nowhere) is none of GDAL's business.
        status = 404 if 300 <= answer.status_code < 400 else answer.status_code
        head = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        if "Content-Length" not in head:
            handler.close_connection = True
            head["Connection"] = "close"
        _send(handler, status, head)
        if handler.command == "HEAD":
            return
        try:
            for part in answer.iter_content(65536):
                handler.wfile.write(part)
        except requests.exceptions.RequestException as error:
            handler.close_connection = True  # GDAL sees that it is cut short
            late = isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error)
            self._failures[handler.path] = CropError(LATE if late else NOT_REACHED)


def _send(handler: BaseHTTPRequestHandler, status: int, head: dict[str, str] | None = None) -> None:
    handler.send_response(status)
    for name, value in (head or {"Content-Length": "0"}).items():
        handler.send_header(name, value)
    handler.end_headers()


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet
        disable_nagle_algorithm = True

        def log_message(self, *_) -> None:
            pass

        def do_GET(self) -> None:
            with contextlib.suppress(OSError):  # GDAL has what it wanted, and hung up
                relay.fetch(self)

        do_HEAD = do_GET

    return Handler
