"""Every layer and head of a model's attention on one page: heatmaps or lines, drawn on a canvas."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from lab.attention.trace import Block
from lab.lesson.components import colours

_HERE = Path(__file__).parent
_SCRIPTS = ("codes.js", "drawing.js", "view.js")
HTML = '<div class="attention"></div>'


def style() -> str:
    """Return the style sheet of the view."""
    return (_HERE / "attention.css").read_text(encoding="utf-8")


def script() -> str:
    """Return the script of the view, a module."""
    own = [(_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return "\n".join([colours.script(), *own])


@cache
def _component() -> Any:
    return st.components.v2.component("glasshouse_attention", html=HTML, css=style(), js=script())


def travelling(
    block: Block,
    hides: str = "",
    hidden: tuple[int, ...] = (),
    before: Block | None = None,
    text: str = "",
    picked: str = "",
) -> dict[str, Any]:
    """Return what is sent to the browser; arguments as for `attention_view`."""
    earlier = before and before.packed
    return {
        "digest": hashlib.sha256(f"{block.packed}{earlier}".encode()).hexdigest(),
        "rows": list(block.rows),
        "columns": list(block.columns),
        "part": block.name,
        "layers": len(block.codes),
        "heads": block.codes.shape[1],
        "first": block.first,
        "total": block.layers,
        "codes": block.packed,
        "rolled": block.packed_rollout,
        "before": earlier,
        "rolledBefore": before and before.packed_rollout,
        "text": text,
        "picked": picked,
        "hides": hides,
        "hidden": list(hidden),
    }


def attention_view(
    block: Block,
    key: str,
    *,
    hides: str = "",
    hidden: tuple[int, ...] = (),
    before: Block | None = None,
    text: str = "",
    picked: str = "",
) -> Any:
    """Draw the attention of one part of a model.

    Args:
        block: what is drawn.
        key: of the component.
        hides: how a token is hidden by a double click, see `lab.attention.trace.Trace`.
        hidden: places that are hidden now.
        before: the same with nothing hidden, to show what changed.
        text: names the text, so that places of another one are not taken for places of this.
        picked: what is enlarged at first, as below; "" for the last layer's mean.

    Returns:
        What the student chose: picked ("layer.head", counted from 0, "layer.mean" or "rollout"),
        layer (where one travels at a time), hidden ({"text", "places"}).
    """
    data = travelling(block, hides, hidden, before, text, picked)
    return _component()(
        key=key,
        data=data,
        default={
            "picked": picked,
            "layer": block.first,
            "hidden": {"text": text, "places": list(hidden)},
        },
        on_picked_change=lambda: None,
        on_layer_change=lambda: None,
        on_hidden_change=lambda: None,
    )
