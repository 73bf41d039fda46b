"""The results of this session: the exercises ask about more than one."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from lab.lesson.association.result import Result

_KEY = "association-results"


class EarlierResult(NamedTuple):
    """A result of this session.

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


def remember(result: Result) -> None:
    """Keep a result with all of its words."""
    d, reading = result.lab["effect_size"], result.vectors.reading
    if result.gone or d is None:
        return
    add(
        result,
        result.vectors.key,
        f"{reading.name} · {reading.template}" if reading else "",
        d,
        result.lab["p_high"],
    )


def add(result: Result, source: str, reading: str, d: float, p: float) -> None:
    """Keep what a source or reading gave on the lists of a test."""
    one = EarlierResult(result.test.title, result.digest, source, reading, d, p)
    earlier = st.session_state.setdefault(_KEY, {})
    earlier[one[1:4]] = one


def earlier_results() -> list[EarlierResult]:
    """Return the results of this session."""
    return list(st.session_state.get(_KEY, {}).values())
