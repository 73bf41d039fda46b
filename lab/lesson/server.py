"""What surrounds the pages in the web server: start and stop of the runs, a cookie, upload bounds.

No page is drawn here, so nothing of Streamlit's session exists yet.
"""

from __future__ import annotations

import gc
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any

from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from streamlit import runtime

from lab.lesson import service
from lab.lesson.service import COOKIE
from lab.pretrained.hub import models_bytes

UPLOADS = "/_stcore/upload_file/"
SESSION_BYTES = 120_000_000  # a saved run of the largest size, and its JSON
TOTAL_BYTES = 600_000_000
SESSIONS_COUNTED = 512

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Open the queue of runs with the server and end its workers with it."""
    models_bytes()  # a setting that cannot be is told now, and not to the first student
    queue = service.run_queue()
    service.warm(queue)
    # What the imports left will never be garbage; later collections need not look at it.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        queue.close()


class BrowserCookie:
    """Give each browser an HttpOnly cookie: who owns a run, even after a reload or a new tab."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an answer to a browser without the cookie sets it."""
        if scope["type"] != "http" or COOKIE in _cookies(scope):
            await self.app(scope, receive, send)
            return
        cookie = f"{COOKIE}={secrets.token_urlsafe(18)}; Path=/; HttpOnly; SameSite=Lax"
        if scope.get("scheme") == "https":
            cookie += "; Secure"

        async def send_with_cookie(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookies(scope: Scope) -> SimpleCookie:
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return SimpleCookie(header.decode("latin-1"))


def _is_page(message: dict[str, Any]) -> bool:
    # Only documents: several assets fetched at once would each set another value.
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message["headers"]
    )


class UploadBound:
    """Bound what one session, and all together, can put into the server's memory.

    Streamlit takes a PUT of any session on any page, with an uploader or without one; only the size
    of a single file is checked.
    """

    def __init__(
        self, app: Any, session_bytes: int = SESSION_BYTES, total_bytes: int = TOTAL_BYTES
    ) -> None:
        self.app = app
        self.session_bytes, self.total_bytes = session_bytes, total_bytes
        self._held: OrderedDict[str, dict[str, int]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes of an upload, refuse what is too much, forget what is deleted."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(UPLOADS):
            await self.app(scope, receive, send)
            return
        session, _, file = path[len(UPLOADS) :].partition("/")
        if scope["method"] == "DELETE":
            self._held.get(session, {}).pop(file, None)
        if scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        size = _content_length(scope)
        if size is None or not self._take(session, file, size):
            answer = PlainTextResponse("Too much uploaded: remove a file first.", status_code=413)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _take(self, session: str, file: str, size: int) -> bool:
        self._forget_ended()
        held = self._held.setdefault(session, {})
        self._held.move_to_end(session)
        mine = sum(held.values()) - held.get(file, 0) + size
        everything = sum(sum(files.values()) for files in self._held.values()) + size
        if mine > self.session_bytes or everything > self.total_bytes:
            return False
        held[file] = size
        while len(self._held) > SESSIONS_COUNTED:
            self._held.popitem(last=False)
        return True

    def _forget_ended(self) -> None:
        # Streamlit frees a session's files when it ends, without a DELETE.
        if runtime.exists():
            active = runtime.get_instance().is_active_session
            for session in [key for key in self._held if not active(key)]:
                del self._held[session]


def _content_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None


MIDDLEWARE = [Middleware(UploadBound), Middleware(BrowserCookie)]
