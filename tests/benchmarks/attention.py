"""The lab's view of attention against bertviz's head view: bytes, and seconds to be usable.

Both draw the same random weights in the same browser, one after the other. bertviz's page is as its
`head_view` returns it, with d3 and jQuery in place of the addresses that it loads them from.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from pathlib import Path

import numpy as np

from lab.attention import bertviz as lab_bertviz
from lab.attention.trace import block
from lab.lesson.components.attention import HTML, script, style, travelling
from tests.benchmarks.tools import browser

SIZES = ((4, 4, 64), (12, 12, 64), (12, 12, 128))
PAGE = """<!doctype html><meta charset="utf-8"><style>{css}</style>
<body style="margin: 8px; --st-background-color: #fff; --st-text-color: #222">{html}
<script type="module">{script}
window.data = {data};
</script>
<script type="module">{call}</script></body>"""


def weights(layers: int, heads: int, tokens: int) -> np.ndarray:
    """Return random attention, as peaked as that of trained models (mean entropy about 2 bits)."""
    scores = np.random.default_rng(0).normal(0, 3, (layers, heads, tokens, tokens))
    grown = np.exp(scores)
    return (grown / grown.sum(-1, keepdims=True)).astype(np.float32)


def our_page(found: np.ndarray, tokens: list[str]) -> tuple[str, int]:
    """Return the lab's view as a page by itself, and the bytes that travel for it."""
    data = json.dumps(travelling(block("self-attention", tokens, tokens, found)))
    module = script().replace("export default function", "window.draw = function")
    call = "window.draw({data: window.data, parentElement: document.body, setStateValue() {}});"
    html = PAGE.format(css=style(), html=HTML, script=module, data=data, call=call)
    return html, len(data)


def their_page(found: np.ndarray, tokens: list[str]) -> tuple[str, int]:
    """Return bertviz's head view, and the bytes of it without d3 and jQuery."""
    import torch
    from bertviz import head_view

    layers = [torch.from_numpy(layer)[None] for layer in found]
    html = head_view(layers, tokens, html_action="return").data
    bare = re.sub(r"<script src=.*?</script>", "", html, count=1)
    d3 = lab_bertviz.script_of("mpld3", "js", "d3.v5.min.js")
    jquery = lab_bertviz.script_of("xstatic", "pkg", "jquery", "data", "jquery.min.js")
    stub = "window.require = {config() {}}; window.requirejs = (n, f) => f(jQuery, d3);"
    head = "".join(f"<script>{part}</script>" for part in (d3, jquery, stub))
    return f'<!doctype html><meta charset="utf-8">{head}<body>{bare}</body>', len(bare)


def seconds(page, html: str, ready: str) -> float:
    """Return the seconds from opening a page to the first frame after it is ready."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        started = time.perf_counter()
        page.goto(Path(file.name).as_uri(), timeout=300_000)
        page.wait_for_function(ready, timeout=300_000)
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        return time.perf_counter() - started


def main() -> None:
    """Print a table."""
    print("layers x heads x tokens | bytes: lab, bertviz, ratio | seconds: lab, bertviz, ratio")
    with browser() as chromium:
        for size in SIZES:
            tokens = [f"token{i}" for i in range(size[2])]
            found = weights(*size)
            (ours, our_bytes), (theirs, their_bytes) = (
                our_page(found, tokens),
                their_page(found, tokens),
            )
            timed = []
            for html, ready in (
                (ours, "document.querySelector('.attention')?.dataset.ready"),
                (theirs, "document.querySelectorAll('#vis line').length > 0"),
            ):
                page = chromium.new_page(viewport={"width": 1440, "height": 900})
                timed.append(seconds(page, html, ready))
                page.close()
            print(
                f"{' x '.join(map(str, size))} | {our_bytes / 1e6:.2f} MB, {their_bytes / 1e6:.1f} "
                f"MB, {their_bytes / our_bytes:.0f} | {timed[0]:.2f} s, {timed[1]:.2f} s, "
                f"{timed[1] / timed[0]:.0f}"
            )
