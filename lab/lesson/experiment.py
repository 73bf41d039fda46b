"""A running experiment: cards that steer, the chart, the samples, and what the guess was worth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from lab.charts import RUN_COLOURS
from lab.charts.loss import X_AXES, Curve, loss_chart, loss_rows
from lab.lesson import counters, samples, service
from lab.lesson.lineup import MOST, plain
from lab.runs import LimitReached, NotYours, Status, View

COUNTS_NAME = "n-gram counts"
_STATUS = {
    Status.WAITING: ("waiting", ":material/hourglass_empty:"),
    Status.RUNNING: ("training", ":material/play_arrow:"),
    Status.PAUSED: ("paused", ":material/pause:"),
    Status.FINISHED: ("finished", ":material/check:"),
    Status.STOPPED: ("stopped", ":material/stop:"),
    Status.FAILED: ("ended", ":material/warning:"),
    Status.INTERRUPTED: ("interrupted", ":material/power_off:"),
}


def run_ids() -> list[str]:
    """Return the runs that the link names."""
    return [part for part in st.query_params.get("runs", "").split(",") if part][:MOST]


def show_runs(ids: Sequence[str]) -> None:
    """Put runs on the chart, and into the link."""
    if ids:
        st.query_params["runs"] = ",".join(ids)
    elif "runs" in st.query_params:
        del st.query_params["runs"]


def views() -> list[View]:
    """Return snapshots of the runs in the link; runs that are gone are left out."""
    queue, found = service.run_queue(), []
    for run_id in run_ids():
        try:
            found.append(queue.view(run_id))
        except KeyError:
            continue
    return found


def names(shown: Sequence[View]) -> list[str]:
    """Return a distinct name for each run: equal ones are numbered."""
    given, seen = [], {}
    for view in shown:
        seen[view.run.name] = seen.get(view.run.name, 0) + 1
        number = seen[view.run.name]
        given.append(view.run.name if number == 1 else f"{view.run.name} #{number}")
    return given


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
    _steer_all(shown)
    cards(shown)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart(shown)
        outcome(shown)
    with right:
        samples.through_time(shown, names(shown))
    counters.table(shown, names(shown))


# Steering ---------------------------------------------------------------------------------


def _attempt(action, *arguments, **keywords) -> None:
    try:
        action(*arguments, **keywords)
    except (LimitReached, NotYours) as error:
        st.toast(str(error), icon=":material/block:")
    except KeyError:
        st.toast("This run is gone.", icon=":material/block:")


def _all(action: str, ids: Sequence[str]) -> None:
    queue, session = service.run_queue(), service.session()
    for run_id in ids:
        _attempt(getattr(queue, action), run_id, session)


def _steer_all(shown: Sequence[View]) -> None:
    mine = [view for view in shown if view.run.session == service.session()]
    if not mine:
        st.caption("You are watching runs that another browser started; it alone can steer them.")
        return
    moving = [v.run.id for v in mine if v.run.status in (Status.WAITING, Status.RUNNING)]
    paused = [v.run.id for v in mine if v.run.status is Status.PAUSED]
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
            on_click=_all,
            args=("pause", moving),
        )
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            key="resume-all",
            disabled=not (paused or lost),
            on_click=_all,
            args=("resume", paused + lost),
        )
        st.button(
            "Single step",
            icon=":material/skip_next:",
            key="step-all",
            disabled=not paused,
            on_click=_all,
            args=("step", paused),
            help="One optimiser step for each paused run.",
        )
        st.button(
            "Stop",
            icon=":material/stop:",
            key="stop-all",
            disabled=not (moving or paused),
            on_click=_all,
            args=("stop", moving + paused),
        )


def cards(shown: Sequence[View]) -> None:
    """Draw a card for each run: where it is, and a menu to steer it."""
    with st.container(horizontal=True, gap="small"):
        for view, name, colour in zip(shown, names(shown), RUN_COLOURS, strict=False):
            with st.container(border=True, width=235, gap="small"):
                _card(view, name, colour)


def _card(view: View, name: str, colour: str) -> None:
    run = view.run
    word, icon = _STATUS[run.status]
    st.markdown(f"**{plain(name)}**")
    place = f", turn {view.place}" if run.status is Status.WAITING and view.place else ""
    st.caption(f"{icon} {word}{place} · step {run.step:,}")
    st.progress(counters.progress(view))
    if run.validation_loss is not None:
        bits = counters.bits_per_character(view)
        perplexity = math.exp(min(run.validation_loss, 700))
        st.markdown(
            f"**{run.validation_loss:.3f}** validation loss  \n"
            f"{bits:.2f} bits per character, perplexity {perplexity:,.1f}"
        )
    if run.message and run.status is not Status.INTERRUPTED:
        st.caption(plain(run.message))
    if run.session == service.session():
        with st.popover("Steer", icon=":material/tune:", width="stretch"):
            _menu(view)


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
    show_runs([other for other in run_ids() if other != run_id])


# The chart --------------------------------------------------------------------------------


def baselines(shown: Sequence[View]) -> dict[str, float] | None:
    """Return label -> loss of the n-gram counts; None while they are counted.

    Only when all runs learn from one text: losses on different texts share no line.
    """
    digests = {view.run.corpus for view in shown}
    if len(digests) != 1:
        return {}
    found = service.counts(digests.pop())
    if found is None:
        return None
    return {f"{row['order']}-gram counts": row["validation_loss"] for row in found}


def curves(shown: Sequence[View]) -> list[Curve]:
    """Return the curves of the runs for `lab.charts`."""
    return [
        Curve(
            name,
            [point for point in view.history.points if not point.get("interim")]
            + [point for point in view.history.points[-1:] if point.get("interim")],
        )
        for view, name in zip(shown, names(shown), strict=True)
    ]


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(names: tuple[str, ...], x: str, log: bool, log_x: bool, unit: str) -> dict:
    return loss_chart(names, x, log, log_x, unit=unit).to_dict()


def unit(shown: Sequence[View]) -> str:
    """Return the unit of the losses: a token is a character or a word."""
    kinds = {counters.corpus_facts(view.run.corpus)["kind"] for view in shown}
    return f"nats per {kinds.pop()}" if len(kinds) == 1 else "nats per token"


def chart(shown: Sequence[View]) -> None:
    """Draw the learning curves with the axes that the student chose."""
    lines = baselines(shown)
    x = st.session_state.get("x") or "step"
    log, log_x = bool(st.session_state.get("log")), bool(st.session_state.get("log_x"))
    counted = {k: v for k, v in (lines or {}).items() if k in _shown_counts()}
    rows = loss_rows(curves(shown), counted, x)
    given = names(shown)
    st.vega_lite_chart(
        rows,
        _spec(tuple(given), x, log, log_x, unit(shown)),
        key="losses",
        width="stretch",
        alt="Loss against training for " + ", ".join(given) + "; the same numbers stand below.",
    )
    st.caption(
        "Solid: **validation** (while training an estimate on a fixed sample of the held-out part, "
        "at the end all of it). Dashed: **training**. Grey: **n-gram counts**"
        + (", being counted …" if lines is None else ".")
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Across",
            list(X_AXES),
            default="step",
            key="x",
            required=True,
            bind="query-params",
            format_func=str.capitalize,
        )
        st.toggle("Logarithmic loss", key="log", bind="query-params")
        st.toggle("Logarithmic across", key="log_x", bind="query-params")
        st.pills(
            "Counts",
            [1, 2, 3, 4, 5],
            selection_mode="multi",
            default=[2, 3, 5],
            key="orders",
            bind="query-params",
            format_func=lambda n: f"{n}-gram",
        )


def _shown_counts() -> set[str]:
    orders = st.session_state.get("orders")
    return {f"{order}-gram counts" for order in ([2, 3, 5] if orders is None else orders)}


# The guess --------------------------------------------------------------------------------


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
