"""Saving and loading: what the lab saves it can load again.

A lesson names what can be kept, and `show` draws the buttons; a file is made when it is asked for:

    keep.show(Table("All figures", rows, "list.csv"), Picture("Chart", chart, "list"), code=snippet)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

from lab.charts.image import to_image
from lab.lesson import service
from lab.lesson.kit import ask, collect, runs
from lab.lesson.kit.ask import refusal
from lab.lesson.kit.lineup import MOST
from lab.lesson.kit.link import KIT
from lab.lesson.kit.text import plain
from lab.runs import LimitReached, Run, View, transfer, worker
from lab.runs.kinds import kind_of

Drawing = Callable[[Sequence[View], Sequence[str]], Callable[[str], bytes]]
UPLOAD_MB = 100  # of a saved run: a classifier with its optimiser takes 63 MB
_LOADING = "loading"  # in the session: two files are being read
WAIT = 60  # seconds that a download, which has no page around it, waits for a worker
# Ending -> (MIME type, icon).
_KINDS = {
    "csv": ("text/csv", ":material/table:"),
    "geojson": ("application/geo+json", ":material/data_object:"),
    "json": ("application/json", ":material/data_object:"),
    "npz": ("application/octet-stream", ":material/data_array:"),
    "png": ("image/png", ":material/image:"),
    "safetensors": ("application/octet-stream", ":material/save:"),
    "svg": ("image/svg+xml", ":material/image:"),
    "tif": ("image/tiff", ":material/map:"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


@dataclass(frozen=True)
class File:
    """A file to keep.

    Args:
        label: of its button, Markdown: what somebody typed goes through `plain` first.
        make: returns the contents; called when the button is pressed, outside the page.
        file: its name; the ending decides the kind.
        more: other arguments of `st.download_button`, such as help or disabled.
    """

    label: str
    make: Callable[[], bytes] | bytes
    file: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, key: str) -> None:
        """Draw the button."""
        kind, icon = _KINDS[self.file.rsplit(".", 1)[1]]
        st.download_button(
            self.label,
            self.make,
            self.file,
            kind,
            key=key,
            icon=icon,
            on_click="ignore",
            **self.more,
        )


@dataclass(frozen=True)
class Table:
    """A table to keep as CSV, safe to open in a spreadsheet; arguments as for `File`."""

    label: str
    make: Callable[[], pd.DataFrame]
    file: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, key: str) -> None:
        """Draw the button."""
        File(self.label, lambda: csv(self.make()), self.file, self.more).draw(key)


@dataclass(frozen=True)
class Picture:
    """A chart to keep as PNG and SVG.

    Args:
        label: of the buttons; the form is added in brackets.
        make: returns the Altair chart.
        stem: of the files' names.
        width: of the plot in pixels; the chart's own if None.
        forms: of the files.
        more: as for `File`.
    """

    label: str
    make: Callable[[], Any]
    stem: str
    width: int | None = None
    forms: tuple[str, ...] = ("png", "svg")
    more: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, key: str) -> None:
        """Draw the buttons."""
        for form in self.forms:
            file = File(
                f"{self.label} ({form.upper()})", self._as(form), f"{self.stem}.{form}", self.more
            )
            file.draw(f"{key}-{form}")

    def _as(self, form: str) -> Callable[[], bytes]:
        def make() -> bytes:
            chart = self.make()
            return to_image(chart, form, chart.width if self.width is None else self.width)

        return make


def show(*kept: File | Table | Picture, prefix: str = "save", code: str = "") -> None:
    """Draw the buttons of what can be kept in a row, and the code behind it.

    Args:
        kept: the files.
        prefix: of the widgets' keys; distinct for each row of a page.
        code: Python that makes the same figures, or "".
    """
    with st.container(horizontal=True, gap="small"):
        for number, one in enumerate(kept):
            name = one.stem if isinstance(one, Picture) else one.file
            one.draw(f"{prefix}-{number}-{name}")
    if code:
        st.code(code)


def csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in which no cell that somebody typed is a formula."""
    safe = table.copy()
    safe.columns = [_cell(name) for name in safe.columns]
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(column):
            safe.isetitem(place, column.map(_cell))
    return safe.to_csv(index=False).encode()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.replace("\r", " ")  # a line's end to some readers, and pandas does not quote it
    return f"'{text}" if value.startswith(_FORMULA) else text


def metrics(shown: Sequence[View], labels: Sequence[str]) -> pd.DataFrame:
    """Return every point of every curve, with a column for each measure."""
    frames = []
    for view, name in zip(shown, labels, strict=True):
        points = [
            {key: value for key, value in point.items() if key != "metrics"}
            | dict(point.get("metrics") or {})
            for point in view.history.points
        ]
        frame = pd.DataFrame(points)
        frame.insert(0, "model", name)
        frames.append(frame)
    return pd.concat(frames) if frames else pd.DataFrame()


def runs_tab(lesson: Any, shown: Sequence[View], drawing: Drawing) -> None:
    """Draw the tab of a lesson that trains: earlier runs, files to keep, and loading them."""
    earlier(lesson, shown)
    downloads(shown, drawing)
    load(lesson)


def downloads(shown: Sequence[View], drawing: Drawing) -> None:
    """Draw the download buttons of the runs on the page.

    Args:
        shown: the runs.
        drawing: returns a function from "png" or "svg" to a picture of the chart. A download is
            made later, outside the page: what the chart depends on is read when this is called.
    """
    if not shown:
        return
    labels = runs.names(shown)
    draw = drawing(shown, labels)
    show(
        Table("Metrics (CSV)", lambda: metrics(shown, labels), "metrics.csv"),
        File("Chart (PNG)", lambda: draw("png"), "chart.png"),
        File("Chart (SVG)", lambda: draw("svg"), "chart.svg"),
    )
    for view, name in zip(shown, labels, strict=True):
        if view.run.checkpoint:
            show(*_of_run(view, name), prefix=f"save-{view.run.id}")


def _of_run(view: View, name: str) -> tuple[File, File]:
    stem = "".join(c if c.isalnum() else "-" for c in name).strip("-").lower() or "run"
    path = service.run_queue().store.checkpoint_path(view.run)
    label, alive = plain(name), view.run.status.alive
    weights = File(
        f"{label}: weights",
        path.read_bytes if path.exists() else b"",
        f"{stem}.safetensors",
        {"disabled": alive or not path.exists(), "help": KIT("weights-help")},
    )
    about = File(
        f"{label}: settings and curves", lambda: _json(view), f"{stem}.json", {"disabled": alive}
    )
    return weights, about


def _json(view: View) -> bytes:
    path = service.run_queue().store.corpus_path(view.run.corpus)
    data = kind_of(view.run.settings).data(path.read_bytes())
    return transfer.to_json(view.run, view.history, data).encode()


def load(lesson: Any) -> None:
    """Let the student load a saved run from its two files."""
    files = st.file_uploader(
        KIT("load"),
        key="load",
        accept_multiple_files=True,
        type=["safetensors", "json"],
        max_upload_size=UPLOAD_MB,
    )
    weights = next((f for f in files if f.name.endswith(".safetensors")), None)
    about = next((f for f in files if f.name.endswith(".json")), None)
    if files and not (weights and about):
        st.info(KIT("both-files"))
    pressed = st.button(
        "Load", key="load-run", disabled=not (weights and about), icon=":material/upload:"
    )
    if pressed:
        st.session_state[_LOADING] = True
    if weights and about and st.session_state.get(_LOADING):
        _take_in(lesson, weights, about)


def _take_in(lesson: Any, weights: Any, about: Any) -> None:
    """Let a worker read two uploaded files, and put the run on the page once it has."""
    try:
        run, events, corpus, digest = transfer.from_json(about.getvalue(), service.session())
    except ValueError as error:
        st.session_state.pop(_LOADING)
        st.error(plain(refusal(error)), icon=":material/broken_image:")
        return
    queue, empty = service.run_queue(), corpus.to_bytes()

    def send() -> Any:
        # Torch stays out of this process, and so does a broken file.
        given = (weights.getvalue(), run.settings, empty)
        return queue.call(worker.check, *given, session=service.session())

    key = ("load", weights.file_id, about.file_id)
    if ask.answer(key, send) is None:
        if not ask.asked_or_cancelled(key):  # refused: another press asks again
            st.session_state.pop(_LOADING)
        return
    st.session_state.pop(_LOADING)
    try:
        data = queue.store.corpus_path(digest).read_bytes()
        run.corpus = digest
    except (OSError, KeyError):
        data = empty
    try:
        run_id = queue.adopt(run, events, weights.getvalue(), data)
    except LimitReached as error:
        st.error(plain(str(error)), icon=":material/block:")
        return
    _show_loaded(lesson, run_id)


def _show_loaded(lesson: Any, run_id: str) -> None:
    loaded = runs.views_of([run_id])[0].run
    if lesson.belongs(loaded):
        runs.show([*runs.RUNS.get(), run_id][-MOST:])
        st.rerun()
    st.info(runs.door(loaded), icon=":material/directions:")


def earlier(lesson: Any, shown: Sequence[View]) -> None:
    """Let the student put earlier runs of this lesson on the page, beside the present ones."""
    mine = service.run_queue().runs_of(service.session())
    own = [run for run in mine if lesson.belongs(run)]
    if not own:
        st.caption(KIT("no-runs"))
        return
    here = [view.run.id for view in shown]
    # A label must not change while the run trains: the choice is kept by its label.
    labels = {run.id: _label(run) for run in own} | {v.run.id: _label(v.run) for v in shown}
    chosen = st.multiselect(
        f"On the chart (up to {MOST})",
        list(labels),
        default=here,
        format_func=lambda run_id: labels[run_id],
        max_selections=MOST,
        key="compare-" + "-".join(here),
        help=KIT("compare-help"),
    )
    if chosen != here:
        runs.show(chosen)
        st.rerun()


def _label(run: Run) -> str:
    return f"{run.name}, started {time.strftime('%H:%M:%S', time.localtime(run.created))}"


def doors(shown: Sequence[View], attends: Callable[[Mapping[str, Any]], bool]) -> None:
    """Write a link for each run whose attention can be looked at, to the lesson that opens it."""
    opener = next((one for one in collect.lessons() if getattr(one, "opens", False)), None)
    if opener is None:
        return
    links = [
        f"[{plain(name)}]({opener.path}?model={quote(f'run:{view.run.id}', safe='')})"
        for view, name in zip(shown, runs.names(shown), strict=True)
        if view.run.checkpoint and attends(view.run.settings)
    ]
    if links:
        said = KIT("every-head", lesson=opener.title, links=", ".join(links))
        st.caption(f":material/hub: {said}")
