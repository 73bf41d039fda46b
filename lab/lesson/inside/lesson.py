"""Inside a trained model: what its heads look at, on a text of the student's."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.lesson.course import ATTENTION
from lab.lesson.inside import TEXT, attention_view, bertviz_views, heads, save_and_code
from lab.lesson.inside.attention_view import HEAD, HIDDEN, PART, TEXTS, Reading
from lab.lesson.inside.bertviz_views import VIEW
from lab.lesson.inside.exercises import exercises
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.kit.question import Question
from lab.lesson.sources import hub
from lab.lesson.sources.picker import MODEL, pick_model
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source

RUNS = Runs(attending=True)


@dataclass(frozen=True)
class Chosen:
    """A model and a text for it."""

    source: Source
    text: str


def choose(page: Page) -> Chosen | None:
    """Draw the choice of model and text, and ask for the guess; the view comes without one."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        source = pick_model(RUNS)
        if not page.lesson.hides("controls"):
            hub.draw()
    if source is None:
        return None
    with right:
        text = attention_view.text_of(source)
    page.lesson.ask(page, TEXT("predict"), heads.GUESSES, source.key)
    return Chosen(source, text)


def read(page: Page) -> Reading | None:
    """Ask for the attention of the model on the text, and let a part of the model be chosen."""
    return attention_view.read(page.chosen.source, page.chosen.text)


def exercises_of(page: Page) -> tuple:
    """Return the exercises over what the page shows."""
    reading: Reading | None = page.found
    return exercises(reading.trace, reading.block) if reading else exercises(None)


LESSON = Desk(
    name="inside",
    section=ATTENTION,
    place=2,
    icon=":material/hub:",
    course=("P4", "A9"),
    text=TEXT,
    opens=True,
    link=Link(MODEL, *TEXTS.values(), HIDDEN, HEAD, PART, VIEW),
    question=Question(),
    choose=choose,
    find=read,
    picture=lambda page: attention_view.draw(page.chosen.source, page.found),
    tabs=(
        Tab("What the heads look at", heads.draw, lazy=False),
        Tab("bertviz", bertviz_views.draw),  # its page holds every weight once more, as text
        Tab("Save and code", save_and_code.draw, lazy=False),
    ),
    tabs_wait=True,
    exercises=exercises_of,
)
