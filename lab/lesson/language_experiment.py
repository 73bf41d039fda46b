"""The experiment of the first lesson: cards, learning curves, samples, counters, the outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from lab.lesson import counters, samples
from lab.lesson.curves import baselines, chart
from lab.lesson.experiment import compare_guess
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.runs import View

COUNTS_NAME = "n-gram counts"


def draw(shown: Sequence[View]) -> None:
    """Draw the runs."""
    steer_all(shown)
    cards(shown, facts)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart(shown)
        outcome(shown)
    with right:
        samples.through_time(shown, names(shown))
    counters.table(shown, names(shown))


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says: the loss, and the same in other units."""
    loss = view.run.validation_loss
    if loss is None:
        return "", ":small[no loss yet]"
    perplexity = math.exp(min(loss, 700))
    bits = counters.bits_per_character(view)
    return (
        f"**{loss:.3f}** validation loss",
        f":small[{bits:.2f} bits/char]  \n:small[perplexity {perplexity:,.1f}]",
    )


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with the losses, those of plain counts among them."""
    losses = {
        name: view.run.validation_loss
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.validation_loss is not None
    }
    counted = baselines(shown)
    if counted:
        losses[COUNTS_NAME] = min(counted.values())
    compare_guess(shown, losses, "Lowest validation loss", close=0.03)
