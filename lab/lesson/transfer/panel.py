"""The experiment of the lesson: cards, loss and IoU while training, the map that sharpens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import streamlit as st

from lab.charts.image import to_image
from lab.charts.verdict import lined_chart, lined_rows
from lab.crops.network.layers import parameters
from lab.lesson import service
from lab.lesson.experiment import compare_guess
from lab.lesson.lineup import plain
from lab.lesson.measures import Measure, choose, metric, plot, values
from lab.lesson.shown import names, views
from lab.lesson.steering import cards, steer_all
from lab.lesson.transfer import marks
from lab.lesson.transfer.catalogue import CODES, NAMES
from lab.lesson.transfer.results import SCORE, crops, others, tuned_in
from lab.lesson.transfer.window import maps
from lab.runs import View

MEASURES = {
    "IoU": Measure(
        "iou",
        "IoU of the crop, validation part",
        False,
        "**IoU**: of all pixels that are the crop or are said to be, the share that are both. On "
        "the validation part of the scene that is tuned in: fields that nothing is learned from; "
        "all of them at the end, those near the map beside on the way. Step 0 is before any "
        "training: **zero-shot**, or random weights with RI.",
    ),
    "Loss": Measure(
        "",
        "Validation loss (nats per pixel)",
        False,
        "**Loss**: binary cross-entropy per pixel of the validation part. The lab's choice: the "
        "paper does not say which loss it used.",
    ),
}
_CLOSE = 0.02
_ABOUT_MARKS = (
    " Dashed, once they are measured: a random forest on the same tiles, and the rule that the VH "
    "of rice rises by 5 dB (it knows no barley)."
)


def draw(shown: Sequence[View]) -> None:
    """Draw the runs."""
    shown = crops(shown)
    if not shown:
        st.info("The runs of this link are of another lesson.", icon=":material/link_off:")
        return
    steer_all(shown)
    cards(shown, facts)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _chart(shown)
    with right:
        maps(shown)
    outcome(shown)
    doors(shown)


def doors(shown: Sequence[View]) -> None:
    """Lead to the lesson that shows the maps of a run in full."""
    links = [
        f"[{plain(name)}](regions?model={quote(f'Your run {view.run.name} {view.run.id}')})"
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.checkpoint and not view.run.status.alive
    ]
    if links:
        st.caption(f"Their maps and curves, region beside region: {', '.join(links)}.")


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], title: str, share: bool) -> dict:
    spec = lined_chart(labels, title, share).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def _rows(shown: Sequence[View], labels: Sequence[str], measure: Measure, most: int = 300):
    found = {label: values(v, measure.metric) for v, label in zip(shown, labels, strict=True)}
    return lined_rows(found, marks.lines(shown) if measure.metric else {}, most)


def _chart(shown: Sequence[View]) -> None:
    labels, chosen = names(shown), choose(MEASURES)
    spec = _spec(tuple(labels), chosen.title, chosen.share)
    more = _ABOUT_MARKS if chosen.metric else ""
    plot(_rows(shown, labels, chosen), spec, labels, chosen, more)


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what `lab.lesson.saving.downloads` asks for: a drawing of the chosen measure."""
    chosen = MEASURES[st.session_state.get("measure") or next(iter(MEASURES))]
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


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with what came out, over all seeds of this experiment."""
    every = [*shown, *others()]
    if any(view.run.status.alive for view in every):
        return
    found = figures(shown, every)
    several = min((len(values) for values in found.values()), default=0) > 1
    means = {name: sum(values) / len(values) for name, values in found.items()}
    fewest = min(map(len, found.values()), default=0)
    what = "Highest test IoU" + (f", mean over {fewest} seeds" if several else "")
    compare_guess(shown, means, what, 0 if several else _CLOSE, highest=True, form=".2f")
    if several and len(found) > 1:
        first, second = sorted(means, key=means.get, reverse=True)[:2]
        if min(found[first]) <= max(found[second]):
            st.caption(
                f"The ranges of {plain(first)} and {plain(second)} over the seeds meet: their "
                "order may be an accident."
            )


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


def further() -> None:
    """Say how far the other seeds are and what is measured beside, renewed while there is some."""
    shown = crops(views())
    if any(view.run.status.alive for view in shown):
        return
    busy = any(view.run.status.alive for view in others()) or marks.pending([*shown, *others()])
    st.fragment(_further, run_every=1.0 if busy else None)(busy)


def _further(polling: bool) -> None:
    runs = others()
    alive = [view for view in runs if view.run.status.alive]
    beside = not alive and marks.pending([*crops(views()), *runs])
    if polling and not alive and not beside:
        st.rerun()  # the whole page, once: the chart, the table and the exercises have news
    if beside:
        st.caption(":material/hourglass_empty: Forest, rule and zero-shot are measured …")
    if not alive:
        return
    done = len(runs) - len(alive)
    st.progress(done / len(runs), f"Other seeds: {done} of {len(runs)} runs have ended")
    mine = [v.run.id for v in alive if v.run.session == service.session()]
    if mine and st.button("Stop the other seeds", key="others-stop", icon=":material/stop:"):
        for run_id in mine:
            service.run_queue().stop(run_id, service.session())
