"""Save and load: weights and settings, metrics, the chart; earlier runs beside the present ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.lesson.downloads import button
from lab.lesson.lineup import MOST
from lab.lesson.shown import names, run_ids, show_runs
from lab.runs import LimitReached, Run, View, transfer, worker
from lab.runs.kinds import kind_of

Drawing = Callable[[Sequence[View], Sequence[str]], Callable[[str], bytes]]
WAIT = 60  # seconds


def metrics(shown: Sequence[View], labels: Sequence[str]) -> bytes:
    """Return every point of every curve as CSV."""
    frames = []
    for view, name in zip(shown, labels, strict=True):
        frame = pd.DataFrame(view.history.points)
        frame.insert(0, "model", name)
        frames.append(frame)
    table = pd.concat(frames) if frames else pd.DataFrame()
    return table.to_csv(index=False).encode()


def _json(view: View) -> bytes:
    path = service.run_queue().store.corpus_path(view.run.corpus)
    data = kind_of(view.run.settings).data(path.read_bytes())
    return transfer.to_json(view.run, view.history, data).encode()


def downloads(shown: Sequence[View], drawing: Drawing) -> None:
    """Draw the download buttons of the runs on the chart.

    Args:
        shown: the runs.
        drawing: returns a function from "png" or "svg" to a picture of the chart. A download is
            made later, outside the page: what the chart depends on is read when this is called.
    """
    if not shown:
        return
    labels = names(shown)
    draw = drawing(shown, labels)
    with st.container(horizontal=True, gap="small"):
        button("Metrics (CSV)", lambda: metrics(shown, labels), "metrics.csv", "save-csv")
        for form in ("png", "svg"):
            button(
                f"Chart ({form.upper()})",
                lambda form=form: draw(form),
                f"chart.{form}",
                f"save-{form}",
            )
    store = service.run_queue().store
    for view, name in zip(shown, labels, strict=True):
        if not view.run.checkpoint:
            continue
        stem = "".join(c if c.isalnum() else "-" for c in name).strip("-").lower() or "run"
        path = store.checkpoint_path(view.run)
        with st.container(horizontal=True, gap="small"):
            button(
                f"{name}: weights",
                path.read_bytes if path.exists() else b"",
                f"{stem}.safetensors",
                f"save-weights-{view.run.id}",
                disabled=view.run.status.alive or not path.exists(),
                help="safetensors: weights and the state of the optimiser. Pause does not end a "
                "run; stop it, or let it finish, to save it.",
            )
            button(
                f"{name}: settings and curves",
                lambda view=view: _json(view),
                f"{stem}.json",
                f"save-json-{view.run.id}",
                disabled=view.run.status.alive,
            )


def load() -> None:
    """Let the student load a saved run from its two files."""
    files = st.file_uploader(
        "Load a saved run: its safetensors file and its JSON file",
        key="load",
        accept_multiple_files=True,
        type=["safetensors", "json"],
        max_upload_size=100,
    )
    weights = next((f for f in files if f.name.endswith(".safetensors")), None)
    about = next((f for f in files if f.name.endswith(".json")), None)
    if files and not (weights and about):
        st.info("Both files are needed: the weights and the JSON that was saved with them.")
    if st.button(
        "Load", key="load-run", disabled=not (weights and about), icon=":material/upload:"
    ):
        try:
            run_id = _take_in(weights.getvalue(), about.getvalue())
        except (ValueError, LimitReached) as error:
            st.error(str(error), icon=":material/broken_image:")
            return
        show_runs([*run_ids(), run_id][-MOST:])
        st.rerun()


def _take_in(weights: bytes, about: bytes) -> str:
    queue = service.run_queue()
    run, events, corpus, digest = transfer.from_json(about, service.session())
    # A worker reads the file first: torch stays out of this process, and so does a broken file.
    empty = corpus.to_bytes()
    queue.call(worker.check, weights, run.settings, empty).result(timeout=WAIT)
    try:
        data = queue.store.corpus_path(digest).read_bytes()
        run.corpus = digest
    except (OSError, KeyError):
        data = empty
    return queue.adopt(run, events, weights, data)


def earlier(shown: Sequence[View]) -> None:
    """Let the student put earlier runs of this browser on the chart, beside the present ones."""
    runs = service.run_queue().runs_of(service.session())
    if not runs:
        st.caption("Runs that you train are listed here, also after a reload of the page.")
        return
    here = [view.run.id for view in shown]
    # A label must not change while the run trains: the choice is kept by its label.
    labels = {run.id: _label(run) for run in runs} | {v.run.id: _label(v.run) for v in shown}
    chosen = st.multiselect(
        f"On the chart (up to {MOST})",
        list(labels),
        default=here,
        format_func=labels.get,
        max_selections=MOST,
        key="compare-" + "-".join(here),
        help="Losses can be compared where the text and the tokens are the same.",
    )
    if chosen != here:
        show_runs(chosen)
        st.rerun()


def _label(run: Run) -> str:
    return f"{run.name}, started {time.strftime('%H:%M:%S', time.localtime(run.created))}"
