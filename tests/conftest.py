"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# In place before anything imports torch: two threads a process on two busy cores stall each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def tiny_shakespeare() -> str:
    """Return Tiny Shakespeare, or skip where the shared data is not at hand."""
    path = SHARED_DATA / "text" / "tinyshakespeare.txt"
    if not path.exists():
        pytest.skip("needs shared/data/text/tinyshakespeare.txt beside the project")
    return path.read_text(encoding="utf-8")
