"""A lesson is a value: what it asks, what it runs, what it shows; and the order of its page.

    LESSON = TrainingLesson(
        name="caption", section=ATTENTION, ..., form=Form(CATALOGUE, FIRST, BUDGETS, HELP),
        data=scene_picker, predict=question, panel=Panel(facts, MEASURES, beside=through_time),
        tabs=(Tab("Your own scene", own_scene),), exercises=exercises, code=snippet,
    )

`TrainingLesson` is what trains through the runs, `Desk` what asks questions of the workers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.lesson.components import viewport
from lab.lesson.kit import form as forms
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import AnyKey, Choice, Key
from lab.lesson.kit.link import KIT, Link
from lab.lesson.kit.page import Exercise, Outcome, Page, Tab, declared
from lab.lesson.kit.question import Question
from lab.lesson.kit.text import Text
from lab.places import PAGES

__all__ = ["Desk", "Exercise", "Lesson", "Outcome", "Page", "Tab"]
Options = Sequence[str] | Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What every lesson declares.

    Args:
        name: of the page's file.
        section: of the course, one of `lab.lesson.course.SECTIONS`.
        place: within the section.
        icon: a Material symbol, such as ":material/hub:".
        path: of the page's address; the name with dashes if "".
        course: rows of the course that it covers.
        text: its texts, with at least the title and "question".
        link: the keys of its link, besides those of the frame.
        lead: texts that stand below the question, as large as the page.
        intro: texts that stand below them, as captions.
        presets: ready states.
        question: where the guess is kept; None where nothing is asked.
        tabs: of the page.
        exercises: from the page.
        notice: page -> name of the text with the points to look for; "notice" if None.
        notices: points to look for besides that text, from the page; before them.
        figures: what fills the gaps of that text, such as recorded figures; not of the page.
        answers: whether "notice" gives the answer away, so that it waits for the guess.
        below: drawn between the tabs and the notices.
        after: drawn after the exercises.
        opens: whether this is the lesson that opens trained models, one of all.
    """

    name: str
    section: str
    place: int
    icon: str
    text: Text
    path: str = ""
    course: tuple[str, ...] = ()
    link: Link = field(default_factory=Link)
    lead: tuple[str, ...] = ()
    intro: tuple[str, ...] = ()
    presets: tuple[Preset, ...] = ()
    question: Question | None = None
    tabs: tuple[Tab, ...] = ()
    exercises: Callable[[Any], Sequence[Exercise]] | None = None
    notice: Callable[[Any], str] | None = None
    notices: Callable[[Any], Sequence[str]] | None = None
    figures: Callable[[], Mapping[str, str]] | None = None
    answers: bool = True
    below: Callable[[Any], None] | None = None
    after: Callable[[Any], None] | None = None
    opens: bool = False

    def __post_init__(self) -> None:
        if not self.path:
            object.__setattr__(self, "path", self.name.replace("_", "-"))
        if self.question is not None and not self.question.lesson:
            named = Question(**{**vars(self.question), "lesson": self.name})
            object.__setattr__(self, "question", named)

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.text.title

    @property
    def summary(self) -> str:
        """The question that the lesson answers, a sentence."""
        return self.text("question")

    @property
    def file(self) -> str:
        """The page's file, absolute: Streamlit resolves relative paths against lab/."""
        return str(PAGES / f"{self.name}.py")

    @property
    def keys(self) -> Link:
        """The whole table of the link, the frame's keys included."""
        more: list[AnyKey] = [HIDE, PRESENT]
        if self.tabs:
            more.append(self._tab)
        if self.question is not None:
            more.append(self.question.key)
        return self.link.and_keys(*more)

    @property
    def _tab(self) -> Choice:
        return Choice("tab", "Tab", [tab.name for tab in self._all_tabs()])

    def _all_tabs(self) -> tuple[Tab, ...]:
        return self.tabs

    def show(self) -> None:
        """Draw the page."""
        st.title(self.title)
        st.markdown(f"##### {self.summary}")
        viewport.watch()
        self.keys.check()
        for key in self.lead:
            st.markdown(self.text(key))
        for key in self.intro:
            st.caption(self.text(key))
        page = self._body()
        if self.below is not None:
            self.below(page)
        self._notice(page)
        self._exercises(page)
        if self.after is not None:
            self.after(page)
        self._course()

    def _body(self) -> Page:
        raise NotImplementedError

    def hides(self, part: str) -> bool:
        """Return whether the link hides a part of this page."""
        return self.link.hides(part)

    def ask(
        self,
        page: Page,
        wording: str,
        options: Options,
        about: str = "",
        question: Question | None = None,
        also: str = "",
    ) -> str | None:
        """Ask for the guess of the page.

        Args:
            page: keeps the guess.
            wording, options, about, also: as for `Question.ask`.
            question: instead of the lesson's own, where parts of a page have each their own.
        """
        hidden = self.hides("controls") or self.hides("question")
        page.guess = declared(question or self.question, "question").ask(
            wording, options, about, hidden, also=also
        )
        return page.guess

    def offer(self, ready: Sequence[Preset], label: str = "") -> None:
        """Draw buttons of presets where a part of the page has its own; `label` before them."""
        if ready and not (self.hides("controls") or self.hides("presets")):
            guessed = self.question is None or self.question.made()
            forms.presets(ready, self.take, label, guessed)

    def _presets(self, page: Page) -> None:
        self.offer(self.presets, self.text("start-with") if self.text.has("start-with") else "")

    def take(self, preset: Preset) -> None:
        """Set the page to a preset, from a callback."""
        for key, value in preset.values.items():
            st.session_state[key] = value
        if preset.load is not None:
            preset.load()

    def _draw_tabs(self, page: Page) -> None:
        tabs = self._all_tabs()
        if not tabs:
            return
        lazy = any(tab.lazy for tab in tabs)
        drawn = st.tabs(
            [tab.name for tab in tabs],
            key="tab",
            bind="query-params",
            on_change="rerun" if lazy else "ignore",
        )
        for tab, place in zip(tabs, drawn, strict=True):
            with place:
                if tab.controls is not None:
                    tab.controls(page)
                if not tab.lazy or place.open:
                    tab.draw(page)

    def _notice(self, page: Page) -> None:
        name = self.notice(page) if self.notice else "notice"
        if self.hides("notice") or not self.text.has(name):
            return
        figures = self.figures() if self.figures else {}
        written = self.text.points(name, **figures)
        points = [*(self.notices(page) if self.notices else ()), *written]
        said = "\n".join(f"- {point}" for point in points)
        waits = self.answers and self.question is not None and not page.answered
        if waits:
            with st.expander(KIT("notice-after")):
                st.markdown(said)
        else:
            st.subheader(KIT("notice"))
            st.markdown(said)

    def _exercises(self, page: Page) -> None:
        if self.exercises is None or self.hides("exercises"):
            return
        st.subheader(KIT("exercises"))
        for number, exercise in enumerate(self.exercises(page), 1):
            _exercise(number, exercise)

    def _course(self) -> None:
        from lab.lesson.course import COURSE

        if self.hides("course"):
            return
        topics = {row: topic for rows in COURSE.values() for row, topic in rows}
        rows = ", ".join(f"{topics[row]} ({row})" for row in self.course)
        st.caption(KIT("in-the-course", rows=rows))


def _exercise(number: int, exercise: Exercise) -> None:
    outcome = exercise.check()
    mark = ":material/radio_button_unchecked:"
    if outcome is not None:
        mark = ":green[:material/check_circle:]" if outcome[0] else ":material/pending:"
    st.markdown(f"{mark} **{number}.** {exercise.task}")
    if outcome is not None:
        st.caption(outcome[1])


def _short(text: str) -> str:
    if len(text) > 200:
        raise ValueError(text[:40])
    return text


HIDE: Key[str] = Key("hide", "", _short)
PRESENT: Key[str] = Key("present", "", _short)


@dataclass(frozen=True, kw_only=True)
class Desk(Lesson):
    """A lesson that asks questions of the workers, or computes what is small by itself.

    The page calls, in this order, what is declared: `choose`, `predict`, `find`, `picture`, tabs.

    Args:
        choose: draws the controls and returns what they say; None, with the reason on the page,
            where it cannot be asked about.
        predict: asks for the guess through `page.lesson.ask(page, ...)`, once something is chosen.
        find: returns the answer, once something is chosen and guessed.
        picture: draws what stands above the tabs, once it is found (without `find`: chosen).
        tabs_wait: whether the tabs come with the picture only.
    """

    choose: Callable[[Page], Any] | None = None
    predict: Callable[[Page], Any] | None = None
    find: Callable[[Page], Any] | None = None
    picture: Callable[[Page], None] | None = None
    tabs_wait: bool = False

    def _body(self) -> Page:
        page = Page(self)
        self._presets(page)
        if self.choose is not None:
            page.chosen = self.choose(page)
        if page.chosen is not None and self.predict is not None:
            self.predict(page)
            if not page.answered:
                st.caption(KIT("guess-first"))
        ready = page.chosen is not None and (self.predict is None or page.answered)
        if ready and self.find is not None:
            page.found = self.find(page)
        there = ready and (self.find is None or page.found is not None)
        if there and self.picture is not None:
            self.picture(page)
        if there or not self.tabs_wait:
            self._draw_tabs(page)
        return page
