"""Parts of the home page."""

from __future__ import annotations

from collections.abc import Sequence

import psutil
import streamlit as st

from lab.lesson import service
from lab.lesson.course import COURSE
from lab.lesson.kit import collect
from lab.lesson.kit.collect import lessons_of
from lab.lesson.kit.lesson import Lesson
from lab.lesson.kit.text import plain

_DEVICE_NAMES = {"cuda": "an NVIDIA GPU (CUDA)", "mps": "an Apple GPU (MPS)"}


def lesson_cards(lessons: Sequence[Lesson]) -> None:
    """Show a card with a link for every lesson."""
    for lesson in lessons:
        with st.container(border=True):
            st.page_link(lesson.file, label=f"**{lesson.title}**", icon=lesson.icon)
            st.markdown(lesson.summary)


def machine() -> None:
    """Show cores, memory and GPU, which are looked for in a worker and not here."""
    st.subheader("This machine")
    found = service.devices()
    _machine_lines(found)
    if found is None:
        _watch_devices()


def _machine_lines(found: list[str] | None) -> None:
    cores, workers = psutil.cpu_count(), service.run_queue().pool.slots
    gigabytes = psutil.virtual_memory().total / 2**30
    st.markdown(f"- **CPU:** {cores} cores, {workers} of them train at the same time")
    st.markdown(f"- **Memory:** {gigabytes:.0f} GiB")
    if found is None:
        st.markdown("- **GPU:** looking for one …")
        return
    names = [_DEVICE_NAMES[device] for device in found if device in _DEVICE_NAMES]
    st.markdown(f"- **GPU:** {' and '.join(names) or 'none found; every lesson works without one'}")


@st.fragment(run_every=1.0)
def _watch_devices() -> None:
    if service.devices() is not None:
        st.rerun()


def offline() -> None:
    """Say what works without the internet."""
    st.subheader("Without the internet")
    st.markdown(
        "Everything on this page works offline. Texts, models and charts are part of the lab, "
        "your own text stays on this machine, nothing is sent anywhere, and there is no telemetry."
    )


def runs_under_way() -> None:
    """List this browser's runs, newest first, with a link to each."""
    runs = service.run_queue().runs_of(service.session())
    if not runs:
        return
    st.subheader("Your runs")
    for run in runs[:5]:
        lesson = collect.lesson_of(run)
        if lesson is None:
            continue
        loss = "" if run.validation_loss is None else f", validation loss {run.validation_loss:.2f}"
        st.page_link(
            lesson.file,
            label=f"{plain(run.name)}: {run.status}, step {run.step:,}{loss}",
            icon=":material/timeline:",
            query_params={"runs": run.id},
        )


def course_map() -> None:
    """Show every topic of the course and the lesson where it can be run."""
    st.subheader("The course map")
    st.caption(
        "Topics in colour can be run now; the others are in the lectures, not yet in the lab."
    )
    columns = st.columns(3)
    for index, (part, rows) in enumerate(COURSE.items()):
        lines = []
        for row, topic in rows:
            first, *others = [*lessons_of(row), None]
            if first is None:
                lines.append(f"- :gray[{row} {topic}]")
                continue
            also = "".join(f"; [{more.title}](/{more.path})" for more in others if more)
            lines.append(f"- :primary[**{row}**] [{topic}](/{first.path}){also}")
        with columns[index % 3]:
            st.markdown(f"**{part}**\n\n" + "\n".join(lines))
