"""A running experiment: cards that steer, the chart, the samples, and what the guess was worth."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson import counters, samples
from lab.lesson.curves import baselines, chart
from lab.lesson.lineup import plain
from lab.lesson.shown import names, run_ids, views
from lab.lesson.steering import cards, steer_all
from lab.runs import View

COUNTS_NAME = "n-gram counts"


def panel() -> None:
    """Draw the experiment of the link, renewed each second while a run is alive."""
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
    st.fragment(_live, run_every=1.0 if polling else None)(polling)


def _live(polling: bool) -> None:
    shown = views()
    if polling and not any(view.run.status.alive for view in shown):
        st.rerun()  # the whole page, once: to stop the clock and to check the exercises
    if not shown:
        return
    steer_all(shown)
    cards(shown)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart(shown)
        outcome(shown)
    with right:
        samples.through_time(shown, names(shown))
    counters.table(shown, names(shown))


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with what came out, once every run has ended."""
    guess = st.query_params.get("guess", "")
    if any(view.run.status.alive for view in shown):
        return
    losses = {
        name: view.run.validation_loss
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.validation_loss is not None
    }
    counted = baselines(shown)
    if counted:
        losses[COUNTS_NAME] = min(counted.values())
    if len(losses) < 2:
        return
    ranked = sorted(losses, key=losses.get)
    best, second = ranked[:2]
    margin = losses[second] - losses[best]
    result = (
        f"Lowest validation loss: **{plain(best)}** ({losses[best]:.3f}), before "
        f"{plain(second)} ({losses[second]:.3f}), a margin of {margin:.3f}."
    )
    if margin < 0.03:
        result += " With one seed that is too close to call: try another seed."
    if guess and guess in losses:
        right = guess == best
        text = "You guessed it." if right else f"You guessed {plain(guess)}."
        (st.success if right else st.info)(f"{text} {result}", icon=":material/psychology:")
    else:
        st.info(result, icon=":material/flag:")
