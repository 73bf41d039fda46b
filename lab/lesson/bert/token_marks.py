"""Tokens in running text, marked by what happened to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson.kit.text import plain
from lab.masked.objectives import Place

# Never by colour alone: a hidden token reads [MASK], a replaced one says what stood there.
_COLOURS = {"masked": "orange", "random": "red", "kept": "green", "segment": "blue"}


def marked(token: str, fate: str) -> str:
    """Return a token as Markdown, on the colour of its fate."""
    if fate not in _COLOURS:
        return plain(token)
    return f":{_COLOURS[fate]}-background[{plain(token)}]"


def row(places: Sequence[Place], framed: int) -> str:
    """Return a text as BERT reads it, one token framed."""
    parts = []
    for number, place in enumerate(places):
        part = marked(place.shown, place.fate)
        if place.fate == "random":
            part += f" :small[(was {plain(place.token)})]"
        parts.append(f"⟦{part}⟧" if number == framed else part)
    return " ".join(parts)


def legend(names: Mapping[str, str]) -> None:
    """Say what the colours mean."""
    st.markdown(" ".join(f":small[{marked(name, fate)}]" for fate, name in names.items()))
