"""What all tests share."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

# In place before anything imports torch: two threads a process on two busy cores stall each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _components_looked_for_once():
    # Each page under test would read the metadata of all installed packages, half a second of it.
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(scope="session")
def tiny_shakespeare() -> str:
    """Return Tiny Shakespeare, or skip where the shared data is not at hand."""
    path = SHARED_DATA / "text" / "tinyshakespeare.txt"
    if not path.exists():
        pytest.skip("needs shared/data/text/tinyshakespeare.txt beside the project")
    return path.read_text(encoding="utf-8")
