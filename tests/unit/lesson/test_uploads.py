"""What the lab saves can be loaded again: no upload is refused by a smaller limit elsewhere."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from lab.lesson import server
from lab.lesson.kit.keep import UPLOAD_MB

ROOT = Path(__file__).parent.parent.parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_a_saved_run_passes_every_limit_on_its_way():
    classifier = 63_000_000  # bytes, with the state of its optimiser
    assert classifier < UPLOAD_MB * 10**6
    assert CONFIG["server"]["maxUploadSize"] >= UPLOAD_MB
    assert server.SESSION_BYTES >= UPLOAD_MB * 10**6


def test_every_upload_says_its_own_limit():
    calls = [
        (path.relative_to(ROOT), node)
        for path in (ROOT / "lab" / "lesson").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "file_uploader"
    ]
    assert calls
    without = [
        f"{path}:{node.lineno}"
        for path, node in calls
        if "max_upload_size" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not without
