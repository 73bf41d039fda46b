"""bertviz beside the lab's view, with a word on what it would cost."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention import bertviz
from lab.attention.trace import Trace, TraceError, decode
from lab.lesson.components.sandbox import sandbox
from lab.lesson.inside import TEXT
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source

VIEW = Choice(
    "bertviz", "View", {"head": "Head view", "model": "Model view", "neuron": "Neuron view"}
)
MOST_NEURONS = 64  # tokens of the neuron view
_PIXELS = {"head": 22.5, "model": 18, "neuron": 26}  # of a token


def draw(page: Page) -> None:
    """Draw the choice of a view, and the view or why it is not drawn."""
    view, trace = VIEW.draw(), page.found.trace
    st.caption(TEXT("bertviz", about=TEXT(f"bertviz-{view}")))
    theme = _theme()
    try:
        if view == "neuron":
            _neurons(page.chosen.source, page.chosen.text, trace, theme)
        else:
            _weights(view, trace, theme)
    except TraceError as error:
        st.warning(plain(str(error)), icon=":material/visibility_off:")


def _theme() -> bertviz.Theme:
    name = "dark" if st.context.theme.type == "dark" else "light"
    colours = (st.get_option(f"theme.{name}.{part}Color") for part in ("background", "text"))
    return bertviz.Theme(name, *colours)


def _weights(view: str, trace: Trace, theme: bertviz.Theme) -> None:
    parts = [
        bertviz.Part(
            block.name if len(trace.blocks) > 1 else None,
            block.rows,
            block.columns,
            decode(block.codes),
        )
        for block in trace.blocks
    ]
    parts = _fewer(view, parts, trace)
    if parts:
        draw = bertviz.head_view if view == "head" else bertviz.model_view
        tokens = max(len(tokens) for part in parts for tokens in (part.rows, part.columns))
        _frame(view, draw(parts, theme), tokens, parts)


def _fewer(view: str, parts: list[bertviz.Part], trace: Trace) -> list[bertviz.Part]:
    # Fewer layers where all are too many; nothing, with the reason, where one is.
    most = bertviz.MOST_LINES[view]
    if bertviz.lines(view, parts) <= most:
        return parts
    layers = max(1, most // max(p.weights[0].size for p in parts)) if view == "model" else 0
    first = [bertviz.Part(p.name, p.rows, p.columns, p.weights[:layers]) for p in parts]
    if layers and bertviz.lines(view, first) <= most:
        st.info(
            TEXT(
                "fewer-layers",
                layers=len(parts[0].weights),
                lines=f"{bertviz.lines(view, parts):,}",
                first=layers,
            ),
            icon=":material/compress:",
        )
        return first
    tokens = max(len(block.rows) for block in trace.blocks)
    fits = int(tokens * np.sqrt(most / bertviz.lines(view, first if layers else parts)))
    lines = f"{bertviz.lines(view, parts):,}"
    st.info(
        TEXT("too-many-lines", tokens=tokens, lines=lines, fits=fits), icon=":material/compress:"
    )
    return []


def _neurons(source: Source, text: str, trace: Trace, theme: bertviz.Theme) -> None:
    tokens = len(trace.blocks[0].rows)
    if 3 * tokens**2 > bertviz.MOST_LINES["neuron"] or tokens > MOST_NEURONS:
        st.info(
            TEXT("too-many-neurons", tokens=tokens, most=MOST_NEURONS), icon=":material/compress:"
        )
        return
    seen = source.ask("lab.attention.neurons", text=text)
    if seen is not None:
        _frame("neuron", bertviz.neuron_view(seen, theme), len(seen["tokens"]), [])


def _frame(view: str, page: str, tokens: int, parts: list[bertviz.Part]) -> None:
    height = int(_PIXELS[view] * tokens) + 140
    if view == "model":
        layers, heads = parts[0].weights.shape[:2]
        height = max(height, int(layers * (7 * 12 / heads * tokens + 10)) + 120)
    sandbox(page, min(height, 4_000), f"bertviz {view} view", f"bertviz-{view}")
