"""The middleware around the pages: the browser's cookie and the bound on uploads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.lesson.server import UPLOADS, BrowserCookie, UploadBound


def call(app, path="/", method="GET", headers=()):
    """Send one request through an ASGI app and return (status, headers)."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": list(headers)}
    # In a thread of its own: this one may already drive a browser.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    return sent[0]["status"], dict(sent[0]["headers"])


def answer(content_type: bytes):
    async def app(scope, receive, send):
        headers = [(b"content-type", content_type)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return app


PAGE = answer(b"text/html; charset=utf-8")


def test_a_new_browser_gets_a_cookie_that_scripts_cannot_read():
    _, headers = call(BrowserCookie(PAGE))
    cookie = headers[b"set-cookie"].decode()
    assert cookie.startswith("glasshouse=")
    assert len(cookie.split(";")[0]) > 30
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_differ_and_are_given_once():
    first, second = (call(BrowserCookie(PAGE))[1][b"set-cookie"] for _ in range(2))
    assert first != second
    _, headers = call(BrowserCookie(PAGE), headers=[(b"cookie", b"other=1; glasshouse=mine")])
    assert b"set-cookie" not in headers


def test_only_pages_set_it():
    _, headers = call(BrowserCookie(answer(b"text/javascript")))
    assert b"set-cookie" not in headers


def put(app, session, file, size, method="PUT"):
    headers = [(b"content-length", str(size).encode())] if size is not None else []
    return call(app, f"{UPLOADS}{session}/{file}", method, headers)[0]


@pytest.fixture
def bound():
    return UploadBound(PAGE, session_bytes=100, total_bytes=250)


def test_a_session_has_its_share(bound):
    assert put(bound, "a", "1", 60) == 200
    assert put(bound, "a", "2", 60) == 413
    assert put(bound, "a", "2", 40) == 200
    assert put(bound, "b", "1", 100) == 200


def test_replacing_and_deleting_give_room_again(bound):
    put(bound, "a", "1", 90)
    assert put(bound, "a", "1", 95) == 200
    put(bound, "a", "1", None, method="DELETE")
    assert put(bound, "a", "2", 100) == 200


def test_all_sessions_together_have_a_bound(bound):
    assert [put(bound, name, "1", 100) for name in "abc"] == [200, 200, 413]


def test_an_upload_that_hides_its_size_is_refused(bound):
    assert put(bound, "a", "1", None) == 413
