"""The runs of the lesson: cards, loss and IoU while training, the outcome over all seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import streamlit as st

from lab.charts.image import to_image
from lab.charts.verdict import lined_chart, lined_rows
from lab.crops.network.layers import parameters
from lab.lesson import service
from lab.lesson.kit import measures
from lab.lesson.kit.cards import steer
from lab.lesson.kit.measures import Measure, metric
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.panel import compare_best
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.transfer import TEXT, rivals
from lab.lesson.transfer.catalogue import CODES, NAMES
from lab.lesson.transfer.results import SCORE, others, tuned_in
from lab.runs import View

MEASURES = {
    "IoU": Measure("iou", "IoU of the crop, validation part", False, TEXT("iou")),
    "Loss": Measure("", "Validation loss (nats per pixel)", False, TEXT("loss")),
}
_CLOSE = 0.02  # of IoU: too close to call with one seed


def doors(shown: Sequence[View]) -> None:
    """Lead to the lesson that shows the maps of a run in full."""
    links = [
        f"[{plain(name)}](regions?model={quote(f'Your run {view.run.name} {view.run.id}')})"
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.checkpoint and not view.run.status.alive
    ]
    if links:
        st.caption(TEXT("doors", links=", ".join(links)))


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], title: str, share: bool) -> dict[str, Any]:
    spec = lined_chart(labels, title, share).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def _rows(
    shown: Sequence[View], labels: Sequence[str], measure: Measure, most: int = 300
) -> list[dict[str, Any]]:
    found = {
        label: measures.values(view, measure.metric)
        for view, label in zip(shown, labels, strict=True)
    }
    return lined_rows(found, rivals.lines(shown) if measure.metric else {}, most)


def chart(shown: Sequence[View]) -> None:
    """Draw the chosen measure through training, with the rivals as lines."""
    labels, chosen = names(shown), measures.choose(MEASURES)
    spec = _spec(tuple(labels), chosen.title, chosen.share)
    more = f" {TEXT('rival-lines')}" if chosen.metric else ""
    measures.plot(_rows(shown, labels, chosen), spec, labels, chosen, more)


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what makes the chart of the chosen measure as a file."""
    chosen = MEASURES[measures.key(MEASURES).value]
    rows = _rows(shown, labels, chosen, 2_000)
    picture = lined_chart(labels, chosen.title, chosen.share, rows)
    return lambda form: to_image(picture, form)


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    s, tuned = view.run.settings, tuned_in(view.run)
    trained, every = parameters(s["model"], s["width"], s["features"])
    start = "random" if s["model"] == "RI" else CODES.get(s["start"], "?")
    tiles = f"{s['shots']} tiles" if s["shots"] else "all tiles"
    lines = [
        f":small[{start} → {CODES.get(tuned, plain(tuned))}, {s['features']}, {tiles}]",
        f":small[trains {trained / every:.0%} of its weights]",
    ]
    tests = [
        f"{CODES.get(key, key)} {value:.2f}"
        for key in dict.fromkeys((tuned, *NAMES))
        if (value := metric(view, f"{SCORE}_{key}")) is not None
    ]
    if tests:
        lines.insert(0, f":small[test {', '.join(tests)}]")
    now = metric(view, "iou")
    return "" if now is None else f"IoU **{now:.2f}** :small[validation]", "  \n".join(lines)


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with what came out, over all seeds of this experiment."""
    every = [*shown, *others()]
    if any(view.run.status.alive for view in every):
        return
    found = figures(shown, every)
    fewest = min(map(len, found.values()), default=0)
    means = {name: sum(values) / len(values) for name, values in found.items()}
    what = "Highest test IoU" + (f", mean over {fewest} seeds" if fewest > 1 else "")
    close = 0 if fewest > 1 else _CLOSE
    compare_best(guess, means, what, close, highest=True, form=".2f")
    if fewest > 1 and len(found) > 1:
        first, second = sorted(means, key=lambda name: means[name], reverse=True)[:2]
        if min(found[first]) <= max(found[second]):
            st.caption(TEXT("ranges-meet", first=plain(first), second=plain(second)))


def figures(shown: Sequence[View], every: Sequence[View]) -> Mapping[str, list[float]]:
    """Return for each run on the chart its test IoU, over all seeds of its settings."""
    found: dict[str, list[float]] = {}
    for view, name in zip(shown, names(shown), strict=True):
        alike = [view, *(o for o in every if o is not view and _same(view, o))]
        values = [metric(one, f"{SCORE}_{tuned_in(one.run)}") for one in alike]
        found[name] = [value for value in values if value is not None]
    return {name: values for name, values in found.items() if values}


def _same(one: View, other: View) -> bool:
    a, b = ({**view.run.settings, "seed": 0} for view in (one, other))
    apart = one.run.settings["seed"] != other.run.settings["seed"]
    return apart and a == b and tuned_in(one.run) == tuned_in(other.run)


def further_seeds(page: Experiment) -> None:
    """Say how far the other seeds are, and then what is measured beside, until all is there."""
    if any(view.run.status.alive for view in page.shown):
        return
    behind = others()
    if any(view.run.status.alive for view in behind):
        st.fragment(_progress, run_every=1.0)()
    else:
        rivals.measure([*page.shown, *behind])


def _progress() -> None:
    behind = others()
    alive = [view for view in behind if view.run.status.alive]
    if not alive:
        st.rerun()  # the whole page, once: the chart, the table and the exercises have news
    done = len(behind) - len(alive)
    st.progress(done / len(behind), f"Other seeds: {done} of {len(behind)} runs have ended")
    mine = [view.run.id for view in alive if view.run.session == service.session()]
    if mine:
        st.button(
            "Stop the other seeds",
            key="others-stop",
            icon=":material/stop:",
            on_click=steer,
            args=("stop", mine),
        )
