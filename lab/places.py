"""Where the lab's own files lie: in the repository, or inside the package once it is installed."""

from __future__ import annotations

from pathlib import Path

_LAB = Path(__file__).parent
_INSTALLED = _LAB / "shipped"  # what pyproject.toml puts there

ROOT = _INSTALLED if _INSTALLED.is_dir() else _LAB.parent
ASSETS = ROOT / "assets"  # sentences, recorded figures, weights
PAGES = ROOT / "pages"
MAIN = _LAB / "main.py"  # the navigation over the pages
ENTRY = ROOT / "streamlit_app.py"  # what `streamlit run` is given
