"""Samples of language models: each token coloured by surprise, the alternatives at a click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_samples",
        html='<div class="samples"></div>',
        css=(_HERE / "samples.css").read_text(encoding="utf-8"),
        js=(_HERE / "samples.js").read_text(encoding="utf-8"),
    )


def samples_view(samples: Sequence[dict[str, Any]], key: str) -> None:
    """Draw samples one below the other.

    Args:
        samples: dicts with name (distinct), colour (CSS), when (such as "step 1,200"), step,
            prompt, tokens, probabilities (of the drawn tokens), alternatives (per position a list
            of (token, probability), most likely first).
        key: of the component.
    """
    _component()(key=key, data={"samples": list(samples)})
