"""What a student has seen in this session: the exercises ask about more than one outcome."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from lab.lesson.association.found import Found

_KEY = "association-seen"


class Seen(NamedTuple):
    """An outcome.

    Args:
        title: of the test.
        digest: of its words.
        source: key of where the vectors come from.
        reading: how a model was read, "" for others.
        d: effect size, with ddof 1.
        p: the lab's, its upper end.
    """

    title: str
    digest: str
    source: str
    reading: str
    d: float
    p: float


def remember(found: Found) -> None:
    """Keep an outcome with all of its words."""
    d, reading = found.lab["effect_size"], found.origin.reading
    if found.gone or d is None:
        return
    keep(
        found,
        found.origin.key,
        f"{reading.name} · {reading.template}" if reading else "",
        d,
        found.lab["p_high"],
    )


def keep(found: Found, source: str, reading: str, d: float, p: float) -> None:
    """Keep the outcome of a source or reading on the lists of a test."""
    one = Seen(found.test.title, found.digest, source, reading, d, p)
    seen = st.session_state.setdefault(_KEY, {})
    seen[one[1:4]] = one


def all_seen() -> list[Seen]:
    """Return the outcomes of this session."""
    return list(st.session_state.get(_KEY, {}).values())
