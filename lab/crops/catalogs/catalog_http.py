"""Asking a STAC catalog over http, with bounds: time, size, tries, and whom it may send us to.

A catalog is somebody else's text: its links may name a file of this machine or an address of the
network behind it. So every address is looked at before it is asked, redirects and pages included.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from pystac_client.stac_api_io import StacApiIO
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.retry import Retry

from lab.crops.catalogs.known import Endpoint
from lab.crops.stack import CropError

AGAIN = (429, 500, 502, 503, 504)  # answers after which another try may help
MOST_BYTES = 30_000_000  # of one answer
_PRIVATE = "{host} lies in a private network, and no catalog may send this server there."
_METHODS = frozenset({"GET", "HEAD", "POST"})


@dataclass(frozen=True)
class Patience:
    """How long one waits.

    Attributes:
        connect, read: seconds for a connection, and for the next bytes.
        total: seconds for one question in all, its tries included.
        tries: how many further times after an answer of `AGAIN`.
        pause: seconds before the second further try; each pause is twice the one before.
    """

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0
    tries: int = 3
    pause: float = 0.5


class NotAllowed(CropError):
    """A catalog names an address that is not asked."""


def guard(url: str, endpoint: Endpoint) -> None:
    """Refuse an address that a catalog has no business to name.

    The catalog's own host is fine when it is public, or named by whoever runs the lab; another
    host must be one of `endpoint.hosts`, or public where none are given.

    Raises:
        NotAllowed: with the reason.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowed("The catalog names a file that is not on the web (http or https).")
    if host == urlsplit(endpoint.url).hostname and endpoint.trusted:
        return
    if endpoint.hosts and not any(
        host == end or host.endswith("." + end.lstrip(".")) for end in endpoint.hosts
    ):
        raise NotAllowed(f"The catalog names a file on {host}, which is none of its hosts.")
    if not _public(host):
        raise NotAllowed(_PRIVATE.format(host=host))


def _public(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise CropError(f"{host} cannot be found: look at the address, and at the network.") from (
            None
        )
    return all(_global(each[4][0]) for each in found)


def _global(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _pool(base: type, endpoint: Endpoint) -> type:
    """Return a class of connections that looks at the address that it has come to.

    A name may be resolved to a public address when `guard` asks, and to a private one a moment
    later. (A proxy of this network, where there is one, resolves by itself and is not looked at.)
    """

    class Connection(base.ConnectionCls):
        def _new_conn(self):
            found = super()._new_conn()
            ours = endpoint.trusted and self.host == urlsplit(endpoint.url).hostname
            if not ours and not _global(found.getpeername()[0]):
                found.close()
                raise NotAllowed(_PRIVATE.format(host=self.host))
            return found

    return type(base.__name__, (base,), {"ConnectionCls": Connection})


class _Guarded(HTTPAdapter):
    """Looks at each request, those after a redirect included."""

    def __init__(self, endpoint: Endpoint, patience: Patience) -> None:
        super().__init__(
            max_retries=Retry(
                total=patience.tries,
                connect=0,
                read=False,  # a late answer is told as late, not as no connection
                status=patience.tries,
                backoff_factor=patience.pause / 2,
                status_forcelist=AGAIN,
                allowed_methods=_METHODS,
                raise_on_status=False,
                respect_retry_after_header=False,  # an hour is an answer one may get
            )
        )
        self._endpoint = endpoint
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, endpoint),
            "https": _pool(HTTPSConnectionPool, endpoint),
        }

    def send(self, request, *arguments, **keywords):
        guard(request.url, self._endpoint)
        return super().send(request, *arguments, **keywords)


def guarded(session: requests.Session, endpoint: Endpoint, patience: Patience) -> requests.Session:
    """Let a session go only where a catalog may send us, redirects included; return it."""
    session.max_redirects = 5
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Guarded(endpoint, patience))
    return session


class Asking(StacApiIO):
    """What pystac-client reads with: only http, only where `guard` lets it, within `Patience`."""

    def __init__(self, endpoint: Endpoint, patience: Patience) -> None:
        super().__init__(max_retries=None)
        self._endpoint, self._patience = endpoint, patience
        self._end = time.monotonic() + patience.total
        guarded(self.session, endpoint, patience)

    def read_text(self, source, *arguments, **keywords):
        """Return the text at an address; the base class would open a local file too."""
        href = source if isinstance(source, str) else getattr(source, "href", str(source))
        guard(str(href), self._endpoint)
        return super().read_text(source, *arguments, **keywords)

    def request(self, href, method=None, headers=None, parameters=None) -> str:
        """Return the text of an answer.

        Raises:
            CropError: one sentence that says what went wrong.
        """
        method = (method or "GET").upper()
        body = {"json": parameters} if method != "GET" else {"params": parameters or {}}
        try:
            # Streamed, so that neither a trickle nor a flood goes on for ever.
            with self.session.request(
                method,
                href,
                headers=headers,
                timeout=(self._patience.connect, self._patience.read),
                stream=True,
                **body,
            ) as answer:
                if answer.status_code != 200:
                    raise CropError(self._refused(answer.status_code))
                return self._text(answer)
        except requests.exceptions.Timeout:
            raise CropError(self._late()) from None
        except requests.exceptions.TooManyRedirects:
            raise CropError(f"{self._who} sends in circles: look at the address.") from None
        except requests.exceptions.RequestException as error:
            if any(isinstance(each, ReadTimeoutError) for each in error.args):
                raise CropError(self._late()) from None
            raise CropError(
                f"{self._who} cannot be reached: look at the address, and at the network."
            ) from None

    @property
    def _who(self) -> str:
        return f"The catalog at {urlsplit(self._endpoint.url).hostname}"

    def _text(self, answer) -> str:
        parts, size = [], 0
        for part in answer.iter_content(65536):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise CropError(f"{self._who} answers with more than 30 MB: take a smaller box.")
            if time.monotonic() > self._end:
                raise CropError(self._late())
        return b"".join(parts).decode("utf-8", "replace")

    def _late(self) -> str:
        return f"{self._who} is too slow today: try again later, or another catalog."

    def _refused(self, status: int) -> str:
        if status in AGAIN:
            return (
                f"{self._who} is overloaded or down (it answers {status}): "
                "try again later, or another catalog."
            )
        if status in (401, 403):
            return f"{self._who} wants an account ({status}): this lab has none there."
        if status in (404, 405):
            return f"{self._who} has nothing at this address ({status}): look at the address."
        return f"{self._who} answers {status}: try another catalog."


def token(endpoint: Endpoint, patience: Patience) -> str:
    """Return what is to be appended to the addresses of files, "" where nothing is.

    Raises:
        CropError: no token was given.
    """
    if not endpoint.sign:
        return ""
    try:
        found = json.loads(Asking(endpoint, patience).request(endpoint.sign))["token"]
        if not isinstance(found, str):
            raise TypeError
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, CropError):
            raise
        raise CropError("The catalog gave no token for its files: try another one.") from None
    return found
