"""The runs of a link: those that belong to this lesson, and where the others belong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.kit import collect
from lab.lesson.kit.keys import Key
from lab.lesson.kit.lineup import MOST
from lab.lesson.kit.link import KIT, redraw
from lab.lesson.kit.text import plain
from lab.runs import LimitReached, Run, View

Belongs = Callable[[Run], bool]


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in text.split(",") if part))[:MOST]


RUNS: Key[list[str]] = Key("runs", [], _ids, ",".join)


def show(ids: Sequence[str]) -> None:
    """Put runs on the page, and into the link."""
    RUNS.set(list(ids)[:MOST])


def views_of(ids: Sequence[str]) -> list[View]:
    """Return snapshots of some runs; those that are gone are left out."""
    queue, found = service.run_queue(), []
    for run_id in ids:
        try:
            found.append(queue.view(run_id))
        except KeyError:
            continue
    return found


@dataclass(frozen=True)
class Shown:
    """The runs that a link names.

    Attributes:
        own: those of this lesson, in the link's order.
        others: those of other lessons.
        gone: how many are not on this server.
    """

    own: list[View] = field(default_factory=list)
    others: list[View] = field(default_factory=list)
    gone: int = 0


def of_link(belongs: Belongs, ids: Sequence[str] | None = None) -> Shown:
    """Part the runs of the link.

    Args:
        belongs: whether a run is of this lesson.
        ids: instead of the link's.
    """
    ids = RUNS.get() if ids is None else ids
    found = views_of(ids)
    own = [view for view in found if belongs(view.run)]
    others = [view for view in found if not belongs(view.run)]
    return Shown(own, others, len(ids) - len(found))


def tell(shown: Shown) -> None:
    """Say which runs of the link are not drawn here, and where they are."""
    if shown.gone:
        st.info(KIT("gone", count=shown.gone), icon=":material/link_off:")
    for view in shown.others:
        st.info(door(view.run), icon=":material/directions:")


def door(run: Run) -> str:
    """Return a sentence with a link to the lesson of a run."""
    lesson, name = collect.lesson_of(run), plain(run.name)
    if lesson is None:
        return KIT("no-lesson", run=name)
    link = f"{lesson.path}?runs={run.id}"
    return KIT("another-lesson", run=name, lesson=lesson.title, link=link)


def names(shown: Sequence[View]) -> list[str]:
    """Return a distinct name for each run: equal ones are numbered."""
    given: list[str] = []
    for view in shown:
        name, number = view.run.name, 1
        while name in given:
            number += 1
            name = f"{view.run.name} #{number}"
        given.append(name)
    return given


@st.cache_resource(max_entries=12, show_spinner=False)
def _stored(digest: str, _data: Any) -> bytes:
    # Made once for each digest.
    return _data.to_bytes()


def enqueue(
    names: Sequence[str], settings: Sequence[Any], data: Any, live: dict[str, Any]
) -> tuple[list[str], str]:
    """Put runs into the queue.

    Args:
        names: of the runs.
        settings: `Hyperparameters` of each, checked.
        data: what all learn from (`lab.training.kind.Data`).
        live: what may change during a run.

    Returns:
        Their ids, and the limit that was reached before the others, a sentence, or "".
    """
    queue, session, ids = service.run_queue(), service.session(), []
    stored = _stored(data.digest, data)
    try:
        for name, one in zip(names, settings, strict=True):
            ids.append(queue.submit(session, name, one.to_dict(), data.digest, stored, live))
    except LimitReached as error:
        return ids, str(error)
    return ids, ""


_LIMIT = "limit-reached"


def begin(ids: Collection[str], limit: str = "") -> None:
    """Show the runs that are in the queue now, and draw the page anew.

    Args:
        ids: of the runs; none, and the page stays as it is.
        limit: what kept the others out, said after the page is drawn anew.
    """
    if limit:
        st.session_state[_LIMIT] = limit
    if ids:
        show(list(ids))
    if ids or limit:
        st.rerun()


def tell_limit() -> None:
    """Say once which limit kept runs out of the queue; the place stays when the sentence goes."""
    with st.container():
        limit = st.session_state.pop(_LIMIT, None)
        if limit:
            st.error(limit, icon=":material/block:")


def live(belongs: Belongs, draw: Callable[[list[View]], None]) -> None:
    """Draw the runs of the link, anew each second while one is alive.

    Args:
        belongs: whether a run is of this lesson.
        draw: draws them.
    """
    shown = of_link(belongs)
    tell(shown)
    if not shown.own:
        return
    polling = any(view.run.status.alive for view in shown.own)
    st.fragment(_live, run_every=1.0 if polling else None)(polling, belongs, draw)


def _live(polling: bool, belongs: Belongs, draw: Callable[[list[View]], None]) -> None:
    own = of_link(belongs).own
    if polling and not any(view.run.status.alive for view in own):
        redraw()  # the whole page, once: to stop the clock and to check the exercises
    if own:
        draw(own)
