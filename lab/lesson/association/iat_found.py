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
from lab.lesson import downloads, pictures
from lab.lesson.frame import SKIP

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
    apart, means = abs(score.difference), f"{score.incompatible:,.0f} ms against"
    came = outcome(score)
    less = "more" if came != NEITHER else "less"
    trust = f"That is {less} than twice its standard error of {score.error:,.0f} ms" + (
        ": this sitting cannot tell it from none." if came == NEITHER else "."
    )
    way = "slower" if score.difference > 0 else "quicker"
    return (
        f"{who} **{apart:,.0f} ms {way}** when insects shared a key with pleasant "
        f"({means} {score.compatible:,.0f} ms): {abs(score.value):.2f} standard deviations. {trust}"
    )


def show(trials: Sequence[Trial], who: str, guess: str | None = None) -> None:
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
    _compare(score, guess)
    chart = response_times(rows(trials), 340 if pictures.on_phone() else 640)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        pictures.show(chart, "iat-times")
        st.caption(
            "A dot for each answer, the first of a block at the top; bars are means. Practice is "
            "not drawn, and not scored."
        )
        _downloads(trials, chart)
    with right:
        _scores(score, blocks)
    st.markdown(_trust(trials))


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


def _compare(score: Score, guess: str | None) -> None:
    if guess in (None, SKIP):
        return
    came = outcome(score)
    if guess == came:
        st.success(f"You guessed it: {came}.", icon=":material/psychology:")
    else:
        st.info(f"You guessed: {guess}. It came: {came}.", icon=":material/psychology:")


def _scores(score: Score, blocks: Sequence[np.ndarray]) -> None:
    st.markdown("**The course's formula**, all answers:")
    st.latex(_worked(score))
    st.markdown("**Improved score D** (Greenwald, Nosek and Banaji 2003):")
    try:
        improved = improved_d(*blocks)
    except ValueError as error:
        st.warning(str(error))
    else:
        if improved.dropped:
            st.latex(_worked(improved))
            late = f"{improved.dropped} answer{'s' * (improved.dropped > 1)}"
            st.markdown(f":small[{late} over 10,000 ms left out: see how far that moves it.]")
        else:
            st.markdown(
                f"**{improved.value:.2f}**, the same number: no answer took over 10,000 ms, and at "
                "most 10 % took less than 300 ms."
            )
    st.caption(
        "The standard deviation is over the answers of both blocks together (divisor n − 1). "
        "It holds the difference of the blocks too, so with equal blocks no score is beyond ±2, "
        "like WEAT's d. Errors count with the time until the right key. The paper's D is the mean "
        "of two such quotients; this short test has one."
    )


def _worked(score: Score) -> str:
    strut = r"\rule{0pt}{1.1em}"  # or the top of the numbers is cut
    above = f"{strut}{score.incompatible:.0f} - {score.compatible:.0f}"
    return rf"\frac{{{above}}}{{{score.sd:.0f}}} = {score.value:.2f}"


def _trust(trials: Sequence[Trial]) -> str:
    first = BLOCKS[trials[0].part].split(",")[0]
    return (
        "**How far to trust it**\n"
        "- One person, one short sitting: noisy. Do it again and look at both numbers.\n"
        f"- Order plays a part. Here *{first}* came first. The later block gains from practice, or "
        "suffers from sides that have just changed: compare with someone who had the other order.\n"
        "- Quick sorting has other reasons too, such as how well you know the words.\n"
        "- The course calls the IAT highly reliable; that is debated. Two meta-analyses of what "
        "IATs predict about behaviour differ: a mean correlation of .27 over all topics (Greenwald "
        "et al. 2009), .15 for race and ethnicity (Oswald et al. 2013), much of it for the studies "
        "they let in.\n"
        "- An association is not an intent, and not an act."
    )


def spread(slower: float) -> None:
    """Say how far sittings of simulated people scatter around one true difference."""
    low, high = _scatter(slower)
    st.info(
        f"Synthetic: {_PEOPLE} simulated people, all with a true difference of {slower:+.0f} ms, "
        f"sit the same test once. The middle 95 % of what is measured goes from {low:+,.0f} to "
        f"{high:+,.0f} ms.",
        icon=":material/groups:",
    )


@cache
def _scatter(slower: float) -> tuple[float, float]:
    low, high = np.quantile(simulated_differences(slower, _PEOPLE), [0.025, 0.975])
    return float(low), float(high)


def _downloads(trials: Sequence[Trial], chart) -> None:
    with st.container(horizontal=True, gap="small"):
        downloads.table("Times (CSV)", lambda: pd.DataFrame(rows(trials)), "iat.csv", "iat-csv")
        downloads.pictures("Chart", lambda: chart, "iat", "iat", 900, forms=("png",))
