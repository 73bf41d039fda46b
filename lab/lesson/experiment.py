"""A running experiment: polled while it lives, drawn by its lesson; what the guess was worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from lab.lesson.lineup import plain
from lab.lesson.shown import run_ids, views
from lab.runs import View

Draw = Callable[[Sequence[View]], None]


def panel(draw: Draw) -> None:
    """Draw the experiment of the link, renewed each second while a run is alive.

    Args:
        draw: draws the runs.
    """
    shown = views()
    missing = len(run_ids()) - len(shown)
    if missing:
        st.info(
            f"{missing} of the runs in this link are not on this server (any more): they were "
            "removed, or the link comes from another machine.",
            icon=":material/link_off:",
        )
    if not shown:
        return
    polling = any(view.run.status.alive for view in shown)
    st.fragment(_live, run_every=1.0 if polling else None)(polling, draw)


def _live(polling: bool, draw: Draw) -> None:
    shown = views()
    if polling and not any(view.run.status.alive for view in shown):
        st.rerun()  # the whole page, once: to stop the clock and to check the exercises
    if shown:
        draw(shown)


def compare_guess(
    shown: Sequence[View],
    figures: Mapping[str, float],
    what: str,
    close: float,
    highest: bool = False,
    form: str = ".3f",
    instead: str | None = None,
) -> None:
    """Compare the guess with what came out, once every run has ended.

    Args:
        shown: the runs.
        figures: name -> the figure that was to be guessed.
        what: its name at the beginning of a sentence, such as "Lowest validation loss".
        close: a margin below this is too close to call with one seed.
        highest: whether more is better.
        form: how to write a figure.
        instead: the guess that came true where the best figure is not what was asked for.
    """
    guess = st.query_params.get("guess", "")
    if any(view.run.status.alive for view in shown) or not figures:
        return
    best, *others = sorted(figures, key=figures.get, reverse=highest)
    result = f"{what}: **{plain(best)}** ({figures[best]:{form}})"
    if others:
        margin = abs(figures[others[0]] - figures[best])
        second = f"{plain(others[0])} ({figures[others[0]]:{form}})"
        result += f", before {second}, a margin of {margin:{form}}."
        if margin < close:
            result += " With one seed that is too close to call: try another seed."
    elif not guess:
        return
    if guess:
        right = guess == (instead or best)
        text = "You guessed it." if right else f"You guessed {plain(guess)}."
        (st.success if right else st.info)(f"{text} {result}", icon=":material/psychology:")
    else:
        st.info(result, icon=":material/flag:")
