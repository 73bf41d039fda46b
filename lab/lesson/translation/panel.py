"""The experiment of the lesson: cards, the measures, and the alignment as it comes about."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.experiment import compare_guess
from lab.lesson.lineup import plain
from lab.lesson.measures import chart, metric
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.lesson.translation import heatmap
from lab.lesson.translation.measures import MEASURES
from lab.lesson.translation.start import NONE
from lab.runs import View


def draw(shown: Sequence[View]) -> None:
    """Draw the runs."""
    steer_all(shown)
    cards(shown, facts)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        chart(shown, MEASURES)
        outcome(shown)
    with right:
        through_time(shown)


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says: exact match, and what else was measured."""
    exact, aligned = metric(view, "exact match"), metric(view, "alignment accuracy")
    if exact is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[loss {view.run.validation_loss:.3f}]"]
    if aligned is not None:
        lines.append(f":small[alignment {aligned:.0%}]")
    return f"**{exact:.1%}** exact match", "  \n".join(lines)


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with the exact match on the held-out pairs."""
    figures = {}
    for view, name in zip(shown, names(shown), strict=True):
        value = metric(view, "exact match")
        if value is None:
            return
        figures[name] = value
    instead = NONE if max(figures.values()) < 0.5 else None
    compare_guess(shown, figures, "Best exact match", 0.02, True, ".1%", instead)


def through_time(shown: Sequence[View]) -> None:
    """Draw the alignment of the watched sentence, of one run, at one moment of its budget."""
    labels = names(shown)
    ready = [place for place, view in enumerate(shown) if view.history.samples]
    if not ready:
        st.caption("The first alignment comes with the first second of training.")
        return
    attending = [place for place in ready if shown[place].run.settings.get("score") != "none"]
    first = (attending or ready)[0]
    chosen = st.selectbox(
        "Alignment of",
        range(len(shown)),
        index=first,
        format_func=lambda place: labels[place],
        key="aligned",
        disabled=len(shown) == 1,
    )
    share = st.slider(
        "Through the run",
        0,
        100,
        100,
        format="%d%%",
        key="when",
        help="0 % is before training, 100 % is the latest one.",
    )
    view = shown[chosen]
    sample = view.history.sample_at(view.run.step * share / 100)
    if sample is None:
        st.caption("This run has not begun yet.")
        return
    heatmap.draw(sample["shown"], key="alignment", note=f"step {sample['step']:,}")
    with st.expander("Five held-out sentences"):
        for source, output, reference in sample["examples"]:
            mark = ":green[:material/check:]" if output == reference else ":red[:material/close:]"
            right = "" if output == reference else f" (right: {plain(reference)})"
            st.markdown(f"{mark} {plain(source)} → **{plain(output) or '∅'}**{right}")
