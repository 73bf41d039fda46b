"""A sitting of an association test in the browser: keys E and I, or two large buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from lab.bias.iat_session import FLOWERS, INSECTS, plan

_HERE = Path(__file__).parent
_SAID = (
    "First, things.",
    "Now the other kind of words.",
    "Both kinds together.",
    "Look: flowers and insects have changed sides.",
    "Both kinds together, with the new sides.",
)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_iat",
        html='<div class="iat"></div>',
        css=(_HERE / "iat.css").read_text(encoding="utf-8"),
        js=(_HERE / "iat.js").read_text(encoding="utf-8"),
    )


def sitting(seed: int, key: str, done: Callable[[int, Any], None]) -> None:
    """Draw the test; another seed begins it anew.

    Args:
        seed: of the sitting, see `lab.bias.iat_session.plan`.
        key: of the component.
        done: is told the seed and what the browser sent at the end of a whole sitting; that can
            be anything, `lab.bias.iat_session.read` checks it. A sitting that is stopped tells
            nothing.
    """
    blocks = [
        {**asdict(block), "lefts": block.lefts, "said": said}
        for block, said in zip(plan(seed), _SAID, strict=True)
    ]
    _component()(
        key=key,
        data={"seed": seed, "things": [FLOWERS, INSECTS], "blocks": blocks},
        on_result_change=lambda: _tell(seed, key, done),
    )


def _tell(seed: int, key: str, done: Callable[[int, Any], None]) -> None:
    result = (st.session_state.get(key) or {}).get("result")
    if result is not None:
        done(seed, result)
