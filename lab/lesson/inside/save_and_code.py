"""Taking it home: one head as a picture, all weights as NumPy arrays, the code behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lab.attention.trace import Block, decode
from lab.charts.heads import head_heatmap
from lab.lesson.inside import TEXT
from lab.lesson.kit import keep
from lab.lesson.kit.page import Page
from lab.lesson.sources.source import Source
from lab.pretrained.folders import in_code

MOST_CELLS = 160 * 160  # of a picture that still has readable labels
WAIT = 120  # seconds for the weights


def draw(page: Page) -> None:
    """Draw the downloads of what is shown, and the code behind."""
    source, text, block = page.chosen.source, page.chosen.text, page.found.block
    picked, hidden = st.session_state["inside-picked"], list(st.session_state["inside-hidden"])
    title, weights = chosen(block, picked)
    st.markdown(TEXT("enlarged", title=title))
    large = len(block.rows) * len(block.columns) > MOST_CELLS
    keep.show(
        keep.Picture(
            "Picture",
            lambda: head_heatmap(block.rows, block.columns, weights, title),
            "attention",
            more={"disabled": large, "help": TEXT("large-picture") if large else None},
        ),
        keep.File(
            "All weights (NPZ)",
            lambda: _weights(source, text, hidden),
            "attention.npz",
            {"help": TEXT("weights-help")},
        ),
        prefix="inside",
        code=snippet(source, text, hidden, *place(block, picked)),
    )


def _weights(source: Source, text: str, hidden: Sequence[int]) -> bytes:
    asked = source.later("lab.attention.export", text=text, hidden=hidden)
    return asked.result(timeout=WAIT)


def chosen(block: Block, picked: str) -> tuple[str, np.ndarray]:
    """Return name and weights (T, S) of what is enlarged.

    The view and the page speak of different texts for a moment: what is not here is left out.
    """
    if picked == "rollout" and block.rolled is not None:
        return "Rollout over all layers", decode(block.rolled)
    layer, head = place(block, picked)
    title = f"Layer {layer + 1}, " + ("mean of its heads" if head is None else f"head {head + 1}")
    return title, block.weights(layer, head)


def place(block: Block, picked: str) -> tuple[int, int | None]:
    """Return layer and head (None for the mean) of what the view told."""
    layer, _, head = picked.partition(".")
    last = block.first + len(block.codes) - 1
    if not layer.isdecimal() or not block.first <= int(layer) <= last:
        return last, None
    if head.isdecimal() and int(head) < block.codes.shape[1]:
        return int(layer), int(head)
    return int(layer), None


def snippet(source: Source, text: str, hidden: Sequence[int], layer: int, head: int | None) -> str:
    """Return Python that gives the same weights in a notebook."""
    given = f"{text!r}" + (f", hidden={list(hidden)}" if hidden else "")
    given += f", layer={layer}"
    if source.folder is not None:
        imported, folder = in_code(source.folder.path)
        return f"""from lab.attention.pretrained import trace
{imported}
found = trace({folder}, {given})
for block in found.blocks:
    print(block.name, block.codes.shape)   # layers, heads, tokens, tokens
print(block.weights(layer={layer}, head={head}).round(2))
"""
    return f"""from pathlib import Path

from lab.attention.own import trace
from lab.runs import transfer

# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
found = trace(checkpoint, data, {given})
for block in found.blocks:
    print(block.name, block.codes.shape)   # layers, heads, rows, columns
print(block.weights(layer={layer}, head={head}).round(2))
"""
