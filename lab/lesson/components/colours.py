"""The colours of `lab.charts.palette` for the components that draw by themselves."""

from __future__ import annotations

import json
from pathlib import Path

from lab.charts import palette


def script() -> str:
    """Return the script that a component's own begins with: see `colours.js`."""
    functions = Path(__file__).with_name("colours.js").read_text(encoding="utf-8")
    return f"const PALETTE = {json.dumps(palette.to_dict())};\n{functions}"
