"""What runs of this lesson measured, as rows of one table: the lab's own, recorded, the paper's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lab.crops.network import published
from lab.crops.network.data import CropData
from lab.crops.network.settings import CropSettings
from lab.lesson import service
from lab.lesson.kit.keys import Key
from lab.lesson.kit.lineup import MOST
from lab.lesson.kit.measures import metric
from lab.lesson.kit.runs import views_of
from lab.lesson.transfer import TEXT
from lab.lesson.transfer.catalogue import CATALOGUE, SHORT_NAMES
from lab.runs import Run, View
from lab.runs.kinds import kind_named

SCORE = "tiles"  # of the metrics at the end: the mean of tiles, as "mean IoU" of the paper is read
_MOST = 90  # runs that a page looks through
Row = dict[str, Any]


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in text.split(",") if part))[: 3 * MOST]


OTHERS: Key[list[str]] = Key("others", [], _ids, ",".join)  # runs of the further seeds


@st.cache_resource(max_entries=60, show_spinner=False)
def _data(digest: str) -> CropData:
    stored = service.run_queue().store.corpus_path(digest).read_bytes()
    return kind_named("crops").data(stored)


def data_of(run: Run) -> CropData | None:
    """Return what a run learned from; None if it is not here any more."""
    try:
        return _data(run.corpus)
    except (OSError, KeyError, ValueError):
        return None


def tuned_in(run: Run) -> str:
    """Return the key of the region that a run learned from."""
    data = data_of(run)
    if data is None:
        return "?"
    return data.train[0].key if data.train else "own"


def others() -> list[View]:
    """Return the runs of further seeds that the link names."""
    return crops(views_of(OTHERS.get()))


def crops(views: Sequence[View]) -> list[View]:
    """Return the runs of this lesson among some."""
    return [view for view in views if view.run.settings.get("task") == CropSettings.task]


def of_this_browser() -> list[View]:
    """Return the runs of this lesson that this browser ever started, the newest first."""
    runs = service.run_queue().runs_of(service.session())
    return crops(views_of([run.id for run in runs[:_MOST]]))


def variant(run: Run) -> str:
    """Return the method of a run, and what of it is not the lesson's own setting."""
    given = run.settings
    usual = CropSettings.default(given["model"])
    more = {key: given[key] for key in CATALOGUE.changes if given[key] != getattr(usual, key)}
    name = SHORT_NAMES[given["model"]] + CATALOGUE.list(more)
    if given["start"] != "korea" and given["model"] != "RI":
        name += f", from {given['start'].capitalize()}"
    if given["shots"]:
        name += f", {given['shots']} tile{'s' if given['shots'] > 1 else ''}"
    if given["seconds"] is not None:
        name += f", {given['seconds']:g} s"
    elif given["steps"] != usual.steps:
        name += f", {given['steps']} steps"
    return name


def measured(views: Sequence[View]) -> list[Row]:
    """Return the mean over seeds of every method, in every region that it was tested in.

    Args:
        views: runs; those that have not ended, or were tested nowhere, are left out. Of several
            with equal settings the first counts.

    Returns:
        method, tuned, tested, features, mean, low, high (over seeds), n (seeds), by_seed; IoU.
    """
    found: dict[tuple, dict[int, float]] = {}
    for view in views:
        run = view.run
        if run.status.alive:
            continue
        tuned = tuned_in(run)
        for tested in tested_in(view):
            value = metric(view, f"{SCORE}_{tested}")
            if value is None:
                continue
            key = (variant(run), tuned, tested, run.settings["features"])
            found.setdefault(key, {}).setdefault(run.settings["seed"], value)
    return [
        {
            "method": method,
            "tuned": tuned,
            "tested": tested,
            "features": features,
            **spread(values),
        }
        for (method, tuned, tested, features), values in found.items()
    ]


def spread(values: Mapping[int, float]) -> Row:
    """Return mean, low, high and n of figures by seed, and those themselves."""
    figures = list(values.values())
    return {
        "mean": sum(figures) / len(figures),
        "low": min(figures),
        "high": max(figures),
        "n": len(figures),
        "by_seed": dict(values),
    }


def tested_in(view: View) -> list[str]:
    """Return the keys of the regions in which a run was tested."""
    start = f"{SCORE}_"
    last = view.history.points[-1] if view.history.points else {}
    names = [name for name in (last.get("metrics") or {}) if name.startswith(start)]
    return [name.removeprefix(start) for name in names]


def paper() -> list[Row]:
    """Return the paper's table with the lesson's names of methods; nobody says its seeds."""
    names = {"RF": "Forest", "RI": "RI", "FT": "FT", "FT_E": "FT_E"}
    return [
        {
            **row,
            "method": names[str(row["method"])],
            "low": row["mean"],
            "high": row["mean"],
            "n": 0,
        }
        for row in published.rows()
    ]


def compared(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> Row:
    """Compare the order of methods, pair by pair, wherever both tables have two of them.

    A seed draws the same scenes for all methods, so ours are compared seed by seed: two are apart
    when one is ahead on every seed that both have, and of those there must be two at least.

    Returns:
        "agree", "differ", "close": lists of (tuned, tested, features, better of theirs, other).
    """
    found: Row = {"agree": [], "differ": [], "close": []}
    settings = dict.fromkeys(parted(row["method"])[1] for row in ours)
    for setting in settings:  # such as ", 40 steps": only equal ones are compared
        some = [row for row in ours if parted(row["method"])[1] == setting]
        _compare(found, some, theirs)
    return found


def parted(method: str) -> tuple[str, str]:
    """Return a method's name and what of it is not the lesson's setting, "FT" and ", 40 steps"."""
    end = min((at for at in (method.find(","), method.find(" (")) if at >= 0), default=None)
    return (method, "") if end is None else (method[:end], method[end:])


def _compare(
    found: Row, ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]
) -> None:
    mine = {(r["tuned"], r["tested"], r["features"], parted(r["method"])[0]): r for r in ours}
    places = dict.fromkeys((r["tuned"], r["tested"], r["features"]) for r in theirs)
    for place in places:
        some = [r for r in theirs if (r["tuned"], r["tested"], r["features"]) == place]
        for n, one in enumerate(some):
            for other in some[n + 1 :]:
                a, b = mine.get((*place, one["method"])), mine.get((*place, other["method"]))
                if a is None or b is None or one["mean"] == other["mean"]:
                    continue
                if one["mean"] < other["mean"]:
                    a, b = b, a
                found[_verdict(a, b)].append((*place, a["method"], b["method"]))


def _verdict(better: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    margins = [
        value - other["by_seed"][seed]
        for seed, value in better["by_seed"].items()
        if seed in other["by_seed"]
    ]
    if len(margins) < 2 or min(margins) <= 0 <= max(margins):
        return "close"
    return "agree" if min(margins) > 0 else "differ"


def in_words(found: Mapping[str, Sequence], name: Callable[[str], str], whose: str) -> str:
    """Say where an order of methods agrees with the paper's, and where it does not.

    Args:
        found: of `compared`.
        name: key of a region -> its name.
        whose: such as "The recorded numbers".
    """
    counts = {key: len(found[key]) for key in ("agree", "differ", "close")}
    total = sum(counts.values())
    if not total:
        return TEXT("no-pairs", whose=whose)
    told = TEXT("pairs", whose=whose, total=total, **counts)
    if not found["differ"]:
        return told
    places: dict[tuple, list[str]] = {}
    for tuned, tested, features, better, other in found["differ"]:
        places.setdefault((tuned, tested, features), []).append(f"{better} over {other}")
    alone = "; ".join(
        f"{name(tuned)} → {name(tested)}, {features}: {', '.join(pairs)}"
        for (tuned, tested, features), pairs in places.items()
    )
    return f"{told} {TEXT('paper-alone', pairs=alone)}"
