"""What came out of an association test: times, scores, and how far to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
import streamlit as st

from lab.bias.iat import Score, course_score, improved_d
from lab.bias.iat_session import (
    COMPATIBLE,
    INCOMPATIBLE,
    Trial,
    simulated_differences,
    times,
)
from lab.charts.iat import response_times
from lab.lesson import pictures
from lab.lesson.association import TEXT
from lab.lesson.kit import keep
from lab.lesson.kit.question import SKIP, compare

LONGER, SHORTER, NEITHER = (
    "insects share a key with pleasant",
    "flowers share a key with pleasant",
    "no clear difference",
)
OPTIONS = (LONGER, SHORTER, NEITHER)
BLOCKS = {
    COMPATIBLE: "flowers + pleasant, insects + unpleasant",
    INCOMPATIBLE: "insects + pleasant, flowers + unpleasant",
}
_CLEAR = 2.0  # standard errors
_PEOPLE = 200


def outcome(score: Score) -> str:
    """Return which option came true: a difference is clear from two standard errors on."""
    if abs(score.difference) < _CLEAR * score.error:
        return NEITHER
    return LONGER if score.difference > 0 else SHORTER


def sentence(score: Score, who: str) -> str:
    """Say what a score means, in words that change with it."""
    clear = outcome(score) != NEITHER
    return TEXT(
        "difference",
        who=who,
        apart=f"{abs(score.difference):,.0f}",
        way="slower" if score.difference > 0 else "quicker",
        incompatible=f"{score.incompatible:,.0f}",
        compatible=f"{score.compatible:,.0f}",
        deviations=f"{abs(score.value):.2f}",
        trust=TEXT("clear" if clear else "not-clear", error=f"{score.error:,.0f}"),
    )


def draw(trials: Sequence[Trial], who: str, guess: str | None = None) -> None:
    """Draw the times, both scores and the honest word.

    Args:
        trials: of one sitting.
        who: begins the sentence, such as "You were".
        guess: one of OPTIONS.
    """
    blocks = [times(trials, part) for part in (COMPATIBLE, INCOMPATIBLE)]
    try:
        score = course_score(*blocks)
    except ValueError as error:
        st.warning(str(error))
        return
    st.markdown(sentence(score, who))
    if guess not in (None, SKIP):
        came = outcome(score)
        compare(guess, guess == came, TEXT("came", came=came))
    chart = response_times(rows(trials), 340 if pictures.on_phone() else 640)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        pictures.show(chart, "iat-times")
        st.caption(TEXT("dots"))
        keep.show(
            keep.Table("Times (CSV)", lambda: pd.DataFrame(rows(trials)), "iat.csv"),
            keep.Picture("Chart", lambda: chart, "iat", 900, forms=("png",)),
            prefix="iat",
        )
    with right:
        _scores(score, blocks)
    st.markdown(TEXT("trust", first=BLOCKS[trials[0].part].split(",")[0]))


def rows(trials: Sequence[Trial]) -> list[dict[str, object]]:
    """Return the rows of the chart and of the table, in the order of the sitting."""
    return [
        {
            "block": BLOCKS[trial.part],
            "number": trial.number,
            "word": trial.word,
            "category": trial.category,
            "milliseconds": trial.milliseconds,
            "errors": trial.errors,
        }
        for trial in trials
    ]


def _scores(score: Score, blocks: Sequence[np.ndarray]) -> None:
    st.markdown(TEXT("course-formula"))
    st.latex(_worked(score))
    st.markdown(TEXT("improved"))
    try:
        improved = improved_d(*blocks)
    except ValueError as error:
        st.warning(str(error))
    else:
        if improved.dropped:
            st.latex(_worked(improved))
            late = f"{improved.dropped} answer{'s' * (improved.dropped > 1)}"
            st.markdown(TEXT("improved-late", late=late))
        else:
            st.markdown(TEXT("improved-same", score=f"{improved.value:.2f}"))
    st.caption(TEXT("scores"))


def _worked(score: Score) -> str:
    strut = r"\rule{0pt}{1.1em}"  # or the top of the numbers is cut
    above = f"{strut}{score.incompatible:.0f} - {score.compatible:.0f}"
    return rf"\frac{{{above}}}{{{score.sd:.0f}}} = {score.value:.2f}"


def draw_spread(slower: float) -> None:
    """Say how far sittings of simulated people scatter around one true difference."""
    low, high = _scatter(slower)
    figures = {"slower": f"{slower:+.0f}", "low": f"{low:+,.0f}", "high": f"{high:+,.0f}"}
    st.info(TEXT("spread", people=_PEOPLE, **figures), icon=":material/groups:")


@cache
def _scatter(slower: float) -> tuple[float, float]:
    low, high = np.quantile(simulated_differences(slower, _PEOPLE), [0.025, 0.975])
    return float(low), float(high)
