"""bertviz's head, model and neuron view: with no internet, and harmless whatever the tokens are.

As it comes, bertviz loads three scripts from another host (blank without internet), writes tokens
unescaped into a script, and writes every weight twice with seventeen digits. Here its own scripts
run on the same data, with d3 and jQuery from installed packages.

Source: Vig 2019, A Multiscale Visualization of Attention in the Transformer Model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lab.attention.trace import TraceError

ROOT = "bertviz-root"
LONGEST_TOKEN = 40  # characters that are shown of a token
# Lines that a view draws at once, each a node of the page: a browser takes seconds beyond.
MOST_LINES = {"head": 120_000, "model": 150_000, "neuron": 120_000}
_BLOCKED = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{view} view</title>
<style>
html, body {{ margin: 0; background: {background}; color: {text}; overflow-x: auto; }}
body {{ font: 15px Helvetica, Arial, sans-serif; padding: 6px; }}
select {{ font: inherit; color: {text}; background: {background}; border: 1px solid currentColor; }}
svg text {{ fill: {text}; }}
#{root} {{ background: transparent !important; }}
#{root} .background {{ fill: {marked}; }}
</style>
<script>{d3}</script>
<script>{jquery}</script>
<script>
window.require = {{ config() {{}} }};
window.requirejs = (names, run) => run(window.jQuery, window.d3);
window.bertviz_params = {params};
</script></head>
<body><div id="{root}"><span>{selects}</span><div id="vis"></div></div>
<script>{script}</script></body></html>
"""
_MARKED = {"light": "#e0e3e7", "dark": "#3c4043"}


@dataclass(frozen=True)
class Theme:
    """How a view is to look.

    Args:
        name: "light" or "dark": bertviz has its own colours for each.
        background, text: CSS colours of the page around it.
    """

    name: str = "light"
    background: str = "#ffffff"
    text: str = "#202124"


LIGHT = Theme()


@dataclass(frozen=True)
class Part:
    """Attention as bertviz takes it.

    Args:
        name: such as "Encoder"; None where there is one part alone.
        rows, columns: T and S tokens.
        weights: (L, H, T, S).
    """

    name: str | None
    rows: Sequence[str]
    columns: Sequence[str]
    weights: np.ndarray


def lines(view: str, parts: Sequence[Part]) -> int:
    """Return how many lines a view draws at once: head by layer, model all, neuron by head."""
    most = 0
    for part in parts:
        layers, heads, rows, columns = part.weights.shape
        number = {"head": heads, "model": layers * heads, "neuron": 3}[view]
        most = max(most, number * rows * columns)
    return most


def head_view(parts: Sequence[Part], theme: Theme = LIGHT) -> str:
    """Return bertviz's head view as a page of its own.

    Args:
        parts: of the model.
        theme: of the page around it.

    Raises:
        TraceError: bertviz, or a package with its scripts, is not installed.
    """
    return _composed("head", theme, _weights(parts, np.arange(parts[0].weights.shape[0])))


def model_view(parts: Sequence[Part], theme: Theme = LIGHT) -> str:
    """Return bertviz's model view; see `head_view`."""
    layers, heads = parts[0].weights.shape[:2]
    params = _weights(parts, np.arange(layers)) | {
        "include_heads": list(range(heads)),
        "display_mode": theme.name,
        "total_heads": heads,
    }
    return _composed("model", theme, params)


def neuron_view(seen: dict[str, Any], theme: Theme = LIGHT) -> str:
    """Return bertviz's neuron view of any model with queries and keys; see `head_view`.

    Args:
        seen: see `lab.attention.neurons.of_run`.
        theme: of the page around it.
    """
    tokens = _shown(seen["tokens"])
    params = {
        "attention": {
            "all": {
                "attn": _rounded(seen["weights"]),
                "left_text": tokens,
                "right_text": tokens,
                "queries": _rounded(seen["queries"]),
                "keys": _rounded(seen["keys"]),
            }
        },
        "default_filter": "all",
        "bidirectional": not seen["causal"],
        "display_mode": theme.name,
        "layer": 0,
        "head": 0,
    }
    return _composed("neuron", theme, params)


def _weights(parts: Sequence[Part], layers: np.ndarray) -> dict[str, Any]:
    return {
        "attention": [
            {
                "name": part.name,
                "attn": _rounded(part.weights),
                "left_text": _shown(part.rows),
                "right_text": _shown(part.columns),
            }
            for part in parts
        ],
        "default_filter": "0",
        "layer": None,
        "heads": None,
        "include_layers": layers.tolist(),
    }


def _rounded(array: np.ndarray) -> list:
    return np.round(np.asarray(array, dtype=np.float64), 4).tolist()


def _shown(tokens: Sequence[str]) -> list[str]:
    cut = LONGEST_TOKEN - 1
    return [t if len(t) <= LONGEST_TOKEN else t[:cut] + "…" for t in map(str, tokens)]


def in_script(value: Any) -> str:
    """Return a value as JSON that may stand inside a script element.

    No `<` is left, so no token can end the script, begin another or open a comment; no line
    separator either (U+2028 and U+2029 end a line in older JavaScript).
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _composed(view: str, theme: Theme, params: dict[str, Any]) -> str:
    names = ["layer", "att_head"] if view == "neuron" else ["layer"] if view == "head" else []
    selects = [
        f'<span class="dropdown-label">{"Head" if name == "att_head" else "Layer"}: </span>'
        f'<select id="{name}"></select> '
        for name in names
    ]
    parts = params["attention"]
    if isinstance(parts, list) and len(parts) > 1:
        options = "".join(
            f'<option value="{i}">{part["name"]}</option>' for i, part in enumerate(parts)
        )
        selects.append(f'Attention: <select id="filter">{options}</select>')
    return _PAGE.format(
        policy=_BLOCKED,
        view=view,
        root=ROOT,
        selects="".join(selects),
        params=in_script(params | {"root_div_id": ROOT}),
        d3=script_of("mpld3", "js", "d3.v5.min.js"),
        jquery=script_of("xstatic", "pkg", "jquery", "data", "jquery.min.js"),
        script=_bertviz(f"{view}_view.js"),
        background=theme.background,
        text=theme.text,
        marked=_MARKED[theme.name],
    )


@cache
def script_of(package: str, *path: str) -> str:
    """Return a script of an installed package, fit to stand inside a page.

    Raises:
        TraceError: the package or the file is missing.
    """
    found = find_spec(package)
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        file = Path(place, *path)
        if file.exists():
            # A string in the script could otherwise end the element that it stands in.
            return re.sub(r"</(?=script)", r"<\\/", file.read_text(encoding="utf-8"))
    raise TraceError(
        f"The {package} package with {path[-1]} is missing: install what requirements.txt names."
    )


@cache
def _bertviz(name: str) -> str:
    # PYTHON_PARAMS is bertviz's place for the data; it stands in a comment once more.
    return script_of("bertviz", name).replace("PYTHON_PARAMS", "window.bertviz_params", 1)
