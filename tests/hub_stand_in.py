"""A stand-in for a model hub, over loopback: the addresses that its client asks for."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the hub has, and how it behaves.

    Attributes:
        models: name -> folder.
        gated: names that need an account.
        break_after: bytes after which a connection is cut, once for each file; 0 for never.
        wrong: names of files whose checksum is told wrong.
        hold: cleared, files wait in the middle until it is set.
        asked: set once a file has been asked for.
        ranges: first bytes of the ranges that were asked for.
        mute: whether it takes questions and never answers.
    """

    url: str = ""
    models: dict[str, Path] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    break_after: int = 0
    wrong: set[str] = field(default_factory=set)
    hold: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    ranges: list[int] = field(default_factory=list)
    served: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    mute: bool = False

    def info(self, name: str) -> dict:
        files = sorted(p for p in self.models[name].iterdir() if p.is_file())
        siblings = []
        for path in files:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if path.name in self.wrong:
                digest = "0" * 64
            size = path.stat().st_size
            one = {"rfilename": path.name, "size": size, "blobId": "0" * 40}
            if path.suffix in (".safetensors", ".bin"):
                one["lfs"] = {"sha256": digest, "size": size, "pointerSize": 134}
            siblings.append(one)
        return {
            "_id": "0",
            "id": name,
            "modelId": name,
            "sha": REVISION,
            "private": False,
            "gated": "auto" if name in self.gated else False,
            "downloads": 1234,
            "likes": 0,
            "tags": [],
            "pipeline_tag": "fill-mask",
            "cardData": {"license": "apache-2.0"},
            "siblings": siblings,
        }

    def tree(self, name: str) -> list[dict]:
        """Return the same files as the hub lists those of a commit."""
        return [
            {
                "type": "file",
                "path": one["rfilename"],
                "size": one["size"],
                "oid": one["blobId"],
                **({"lfs": {**one["lfs"], "oid": one["lfs"]["sha256"]}} if "lfs" in one else {}),
            }
            for one in self.info(name)["siblings"]
        ]


@contextlib.contextmanager
def hub() -> Iterator[Hub]:
    """Run a hub on a free port of this machine."""
    state = Hub()
    state.hold.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            if state.mute:
                self.connection.recv(1)  # until the client gives up
                return None
            path = self.path.partition("?")[0]
            if found := re.fullmatch(r"/api/models/(.+?)/tree/(\w+)", path):
                return self._tree(found.group(1))
            if found := re.fullmatch(r"/api/models/(.+?)(/revision/.+)?", path):
                return self._info(found.group(1), found.group(2))
            found = re.fullmatch(r"/(.+)/resolve/(\w+)/(.+)", path)
            if not found or found.group(1) not in state.models:
                return self._error(404, "RepoNotFound")
            if found.group(1) in state.gated:
                return self._error(403, "GatedRepo")
            return self._file(state.models[found.group(1)] / found.group(3))

        def _info(self, name, revision):
            if name not in state.models:
                return self._error(404, "RepoNotFound")
            if revision and REVISION not in revision and "main" not in revision:
                return self._error(404, "RevisionNotFound")
            return self._send(200, json.dumps(state.info(name)).encode(), "application/json")

        def _tree(self, name):
            if name not in state.models:
                return self._error(404, "RepoNotFound")
            return self._send(200, json.dumps(state.tree(name)).encode(), "application/json")

        def _error(self, code, kind):
            return self._send(code, b"{}", "application/json", {"X-Error-Code": kind})

        def _send(self, code, body, kind, more=None):
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for key, value in (more or {}).items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def _file(self, path):
            if not path.is_file():
                return self._error(404, "EntryNotFound")
            data, start = path.read_bytes(), 0
            if wanted := re.match(r"bytes=(\d+)-", self.headers.get("Range", "")):
                start = int(wanted.group(1))
            if self.command == "GET":
                state.ranges.append(start)
                state.served.append(path.name)
                state.asked.set()
            etag = hashlib.sha256(data).hexdigest()
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.send_header("ETag", f'"{etag}"')
            self.send_header("X-Repo-Commit", REVISION)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            if self.command == "GET":
                self._body(path.name, data[start:])
            return None

        def _body(self, name, data):
            half = len(data) // 2
            with contextlib.suppress(OSError):
                if 0 < state.break_after < len(data) and name not in state.broken:
                    state.broken.add(name)
                    self.wfile.write(data[: state.break_after])
                    self.wfile.flush()
                    self.close_connection = True
                    self.connection.close()
                    return
                self.wfile.write(data[:half])
                self.wfile.flush()
                state.hold.wait(30)
                self.wfile.write(data[half:])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    state.hold.set()
    server.shutdown()
    server.server_close()
