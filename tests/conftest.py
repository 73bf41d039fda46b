"""What all tests share."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from tests import notebook as notebooks

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


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """Return where the package is installed, built once for all processes of the tests."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "package"
    with FileLock(f"{folder}.lock"):
        if not (folder / "site").exists():
            folder.mkdir(exist_ok=True)
            notebooks.build(folder)
    return folder / "site"


@pytest.fixture(scope="session")
def notebook(installed, tmp_path_factory):
    """Return a `Notebook`: a process that has the installed package, and no repository."""
    found = notebooks.Notebook(installed, tmp_path_factory.mktemp("notebook"))
    yield found
    found.close()
