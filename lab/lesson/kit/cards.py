"""A card for each run, with what steers it: pause, step, stop, learning rate, name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.kit.runs import RUNS, names, show
from lab.lesson.kit.text import plain
from lab.runs import LimitReached, NotYours, Status, View

Facts = Callable[[View], tuple[str, str]]
_STATUS = {
    Status.WAITING: ("waiting", ":material/hourglass_empty:"),
    Status.RUNNING: ("training", ":material/play_arrow:"),
    Status.PAUSED: ("paused", ":material/pause:"),
    Status.FINISHED: ("finished", ":material/check:"),
    Status.STOPPED: ("stopped", ":material/stop:"),
    Status.FAILED: ("ended", ":material/warning:"),
    Status.INTERRUPTED: ("interrupted", ":material/power_off:"),
}


def _attempt(action: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
    try:
        action(*arguments, **keywords)
    except (LimitReached, NotYours) as error:
        st.toast(str(error), icon=":material/block:")
    except KeyError:
        st.toast("This run is gone.", icon=":material/block:")


def steer(action: str, ids: Sequence[str]) -> None:
    """Pause, resume, step or stop runs, from a callback; what cannot be is said."""
    queue, session = service.run_queue(), service.session()
    for run_id in ids:
        _attempt(getattr(queue, action), run_id, session)


def steer_all(shown: Sequence[View]) -> None:
    """Draw the buttons that steer all runs of this browser at once."""
    mine = [view for view in shown if view.run.session == service.session()]
    if not mine:
        st.caption("You are watching runs that another browser started; it alone can steer them.")
        return
    moving = [v.run.id for v in mine if v.run.status in (Status.WAITING, Status.RUNNING)]
    paused = [v.run.id for v in mine if v.run.status is Status.PAUSED]
    still = [v.run.id for v in mine if v.run.status is Status.PAUSED and not v.training]
    lost = [v.run.id for v in mine if v.run.status is Status.INTERRUPTED]
    if not (moving or paused or lost):
        return
    if lost:
        st.warning(
            "The server went away while these runs were training. Their last checkpoints are "
            "safe: resume them?",
            icon=":material/power_off:",
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Pause",
            icon=":material/pause:",
            key="pause-all",
            disabled=not moving,
            on_click=steer,
            args=("pause", moving),
        )
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            key="resume-all",
            disabled=not (paused or lost),
            on_click=steer,
            args=("resume", paused + lost),
        )
        st.button(
            "Single step",
            icon=":material/skip_next:",
            key="step-all",
            disabled=not still,
            on_click=steer,
            args=("step", still),
            help="One optimiser step for each paused run.",
        )
        st.button(
            "Stop",
            icon=":material/stop:",
            key="stop-all",
            disabled=not (moving or paused),
            on_click=steer,
            args=("stop", moving + paused),
        )


def cards(shown: Sequence[View], facts: Facts) -> None:
    """Draw a card for each run: where it is, what it has reached, and a menu to steer it.

    Args:
        shown: the runs.
        facts: run -> a line in Markdown, and smaller ones below it.
    """
    with st.container(horizontal=True, gap="small"):
        for view, name in zip(shown, names(shown), strict=True):
            with st.container(border=True, width=224, gap="xsmall"):
                _card(view, name, facts)


def progress(view: View) -> float:
    """Return the share of the budget that is used, from 0 to 1."""
    settings, run = view.run.settings, view.run
    for budget, used in (("seconds", run.seconds), ("tokens", run.tokens), ("steps", run.step)):
        if settings.get(budget):
            return min(1.0, used / settings[budget])
    return 0.0


def _card(view: View, name: str, facts: Facts) -> None:
    run = view.run
    word, icon = _STATUS[run.status]
    place = f", turn {view.place}" if run.status is Status.WAITING and view.place else ""
    st.markdown(f"**{plain(name)}**")
    st.progress(progress(view), f":small[{icon} {word}{place} · step {run.step:,}]")
    first, others = facts(view)
    if first:
        st.markdown(first)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(others, width="stretch")
        if run.session == service.session():
            with st.popover("Steer", type="tertiary"):
                _menu(view)
    if run.message and run.status is not Status.INTERRUPTED:
        st.caption(plain(run.message))


def _menu(view: View) -> None:
    run, queue, session = view.run, service.run_queue(), service.session()
    moving = run.status in (Status.WAITING, Status.RUNNING)
    resumable = run.status not in (Status.WAITING, Status.RUNNING, Status.FINISHED)

    def button(label: str, icon: str, action: str, enabled: bool) -> None:
        st.button(
            label,
            icon=icon,
            key=f"{action}-{run.id}",
            disabled=not enabled,
            on_click=_attempt,
            args=(getattr(queue, action), run.id, session),
        )

    with st.container(horizontal=True, gap="small"):
        button("Pause", ":material/pause:", "pause", moving)
        button("Resume", ":material/play_arrow:", "resume", resumable)
        button("Step", ":material/skip_next:", "step", run.status is Status.PAUSED)
        button("Stop", ":material/stop:", "stop", run.status.alive)
    rate = run.live.get("learning_rate") or run.settings["learning_rate"]
    st.number_input(
        "Learning rate from now on",
        1e-6,
        1.0,
        float(rate),
        format="%.2g",
        step=float(rate) / 2,
        key=f"rate-{run.id}",
        disabled=not run.status.alive,
        on_change=_set_rate,
        args=(run.id,),
        help="Takes effect with the next slice, within about a second.",
    )
    st.text_input(
        "Name", run.name, max_chars=60, key=f"name-{run.id}", on_change=_rename, args=(run.id,)
    )
    st.button(
        "Remove this run",
        icon=":material/delete:",
        key=f"remove-run-{run.id}",
        on_click=_remove,
        args=(run.id,),
    )


def _set_rate(run_id: str) -> None:
    _attempt(
        service.run_queue().set_live,
        run_id,
        service.session(),
        learning_rate=st.session_state[f"rate-{run_id}"],
    )


def _rename(run_id: str) -> None:
    _attempt(
        service.run_queue().rename, run_id, service.session(), st.session_state[f"name-{run_id}"]
    )


def _remove(run_id: str) -> None:
    _attempt(service.run_queue().remove, run_id, service.session())
    show([other for other in RUNS.get() if other != run_id])
