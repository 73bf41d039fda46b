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
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from lab.lesson.components import viewport
from lab.lesson.kit import form as forms
from lab.lesson.kit import keep, runs
from lab.lesson.kit.ask import refusal
from lab.lesson.kit.form import Form, Preset
from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.link import KIT, AnyKey, Choice, Key, Link
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.question import SKIP, Question
from lab.lesson.kit.text import Text
from lab.places import PAGES
from lab.runs import Run, View

T = TypeVar("T")
Options = Sequence[str] | Mapping[str, str]


class Outcome(NamedTuple):
    """What became of an exercise: whether it is done, and a sentence."""

    done: bool
    said: str


@dataclass(frozen=True)
class Exercise:
    """A task that checks itself.

    Args:
        task: what to do.
        check: returns None while nothing can be said.
    """

    task: str
    check: Callable[[], tuple[bool, str] | None]


@dataclass(frozen=True)
class Tab:
    """A tab of a page.

    Args:
        name: on the tab, and in the link.
        draw: draws it, from the page.
        lazy: whether it is drawn only while it is open.
        controls: drawn in it first, from the page, also while another tab is open: what they hold
            stays in the link, and other tabs can read it.
    """

    name: str
    draw: Callable[[Any], None]
    lazy: bool = True
    controls: Callable[[Any], None] | None = None


@dataclass
class Page:
    """One look at a lesson: what was chosen, guessed and found so far.

    Attributes:
        lesson: whose page it is.
        chosen: what the controls say; None while it cannot be asked about.
        guess: of the student; None while there is none, `SKIP` for who would rather not.
        found: the answer.
        unanswered: whether another question of the page, such as one in a tab, still waits for its
            guess.
        more: what the parts of a lesson tell each other, by name.
    """

    lesson: Lesson
    chosen: Any = None
    guess: str | None = None
    found: Any = None
    unanswered: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether the student has guessed, or need not."""
        return self.guess is not None and not self.unanswered


@dataclass
class Experiment(Page):
    """One look at a lesson that trains.

    Attributes:
        lesson: whose page it is.
        entries: the models of the form.
        budget: {"seconds": s}, {"tokens": n} or {"steps": n}; {} where the form is hidden.
        shown: the runs of the link that are this lesson's.
        awaits: whether the start waits for an answer of a worker; `start` says so.
    """

    lesson: TrainingLesson
    entries: Sequence[Entry] = ()
    budget: Mapping[str, float] = field(default_factory=dict)
    shown: list[View] = field(default_factory=list)
    awaits: bool = False

    @property
    def seed(self) -> int:
        """The seed of the form."""
        return int(forms.SEED.value)

    @property
    def names(self) -> list[str]:
        """Distinct names of the runs."""
        return runs.names(self.shown)


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
        page.guess = _declared(question or self.question, "question").ask(
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


def _declared(part: T | None, name: str) -> T:
    if part is None:
        raise TypeError(f"the lesson declares no {name}")
    return part


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


@dataclass(frozen=True)
class Start:
    """What an experiment starts with.

    Args:
        settings: `Hyperparameters` of each run, checked.
        data: what all learn from.
        live: what may change during a run.
        names: of the runs; those of the line-up if empty.
        aside: key of the link that names these runs, where they are not on the chart but stand
            behind those that are, such as other seeds.
    """

    settings: Sequence[Any]
    data: Any
    live: Mapping[str, Any] = field(default_factory=dict)
    names: Sequence[str] = ()
    aside: Key[list[str]] | None = None


def _wanted(page: Experiment) -> tuple[Any, ...]:
    """Return what an experiment is: with another text, model or budget it is another one."""
    return page.chosen, list(page.entries), dict(page.budget), forms.SEED.value


@dataclass(frozen=True, kw_only=True)
class TrainingLesson(Lesson):
    """A lesson that trains through the runs.

    Args:
        task: name of what is learned, as `lab.runs.kinds` knows it.
        noun: what such a model is called, such as "Captioner".
        form: the models and budgets on offer.
        data: draws the choice of data and returns it; None, with the reason on the page, if none.
        predict: page -> question, options; or question, options, about.
        panel: what is drawn of the runs.
        start: page -> what to start, several where runs learn from different data; raises
            ValueError (SettingsError) with a sentence. None while it cannot, with the reason on
            the page; if it is that a worker prepares the data, `page.awaits` is set, and the same
            experiment is started when the answer is there. Without it, the settings of the form on
            the chosen data.
        missing: page -> what keeps an experiment from being started although data are chosen, a
            sentence, or "".
        live: page -> what may change during a run.
        controls: draws the whole form instead of the three columns, and fills in the page.
        beside_budget: draws what belongs below the budget.
        columns: widths of data, models and budget.
        code: page -> the Python behind the experiment, or "" while there is none.
        attends: settings of a run -> whether it has attention to be looked at in "Inside a trained
            model"; None where none has.
        mine: whether a run of the task is of this lesson; None for all of them.
        in_tab: whether a tab draws presets, form and runs, by `lesson.experiment(page)`; they stand
            above the tabs otherwise.
    """

    task: str
    noun: str
    panel: Panel
    form: Form | None = None
    data: Callable[[Experiment], Any] | None = None
    predict: Callable[[Experiment], tuple[Any, ...]]
    start: Callable[[Experiment], Start | Sequence[Start] | None] | None = None
    missing: Callable[[Experiment], str] | None = None
    live: Callable[[Experiment], Mapping[str, Any]] | None = None
    controls: Callable[[Experiment], None] | None = None
    beside_budget: Callable[[Experiment], None] | None = None
    columns: tuple[int, int, int] = (5, 6, 5)
    code: Callable[[Experiment], str] | None = None
    attends: Callable[[Mapping[str, Any]], bool] | None = None
    mine: Callable[[Run], bool] | None = None
    in_tab: bool = False
    # Runs have one guess, whatever they were about: a link holds it bare.
    question: Question = field(default_factory=lambda: Question(prefixed=False))

    def belongs(self, run: Run) -> bool:
        """Return whether a run is of this lesson."""
        task = run.settings.get("task", "language")
        return task == self.task and (self.mine is None or self.mine(run))

    @property
    def keys(self) -> Link:
        """The whole table of the link, the frame's keys included."""
        frame = (*(self.form.keys if self.form else ()), runs.RUNS, *self.panel.keys)
        return super().keys.and_keys(*frame)

    def _all_tabs(self) -> tuple[Tab, ...]:
        standard = [Tab(KIT("save-and-load"), self._save, lazy=False)]
        if self.code is not None:
            standard.append(Tab(KIT("code"), self._code, lazy=False))
        return (*self.tabs, *standard)

    def take(self, preset: Preset) -> None:
        """Set the page to a preset, from a callback; after a first experiment it starts at once."""
        if preset.entries:
            _declared(self.form, "form").replace(preset.entries)
        super().take(preset)
        if st.session_state.get(self._has_run):
            st.session_state[self._start_now] = True
        else:  # who came by a link to a run must see that the folded controls have changed
            st.session_state[self._unfolded] = True

    @property
    def _has_run(self) -> str:
        return f"has-run-{self.name}"

    @property
    def _start_now(self) -> str:
        return f"start-now-{self.name}"

    @property
    def _unfolded(self) -> str:
        return f"unfolded-{self.name}"

    @property
    def _awaited(self) -> str:
        return f"awaited-{self.name}"

    def _body(self) -> Experiment:
        page = Experiment(self)
        if not self.in_tab:
            self.experiment(page)
        self._draw_tabs(page)
        return page

    def experiment(self, page: Experiment) -> None:
        """Draw presets, form and runs, and fill in the page."""
        if self.hides("controls"):
            st.session_state.pop(self._start_now, None)
        else:
            self._presets(page)
            with self._set_up():
                self._controls(page)
                self._ask(page)
                self._button(page)
        runs.tell_limit()
        runs.live(self.belongs, lambda shown: self.panel.draw(self, shown))
        page.shown = runs.of_link(self.belongs).own
        if page.shown and page.guess is None:
            page.guess = SKIP  # an experiment that is looked at answers its question
        if self.panel.after is not None:
            self.panel.after(page)
        self._doors(page.shown)

    def _set_up(self) -> AbstractContextManager[Any]:
        # Folded away once there is an experiment to look at.
        if runs.RUNS.get():
            unfolded = bool(st.session_state.get(self._unfolded))
            return st.expander(self.text("set-up"), icon=":material/tune:", expanded=unfolded)
        return st.container(border=True)

    def _controls(self, page: Experiment) -> None:
        if self.controls is not None:
            self.controls(page)
            return
        form, data = _declared(self.form, "form"), _declared(self.data, "data")
        left, middle, right = st.columns(list(self.columns), gap="medium")
        with left:
            page.chosen = data(page)
        with right:
            page.budget = form.draw_budget()
            if self.beside_budget is not None:
                self.beside_budget(page)
        with middle:
            page.entries = form.draw_models(page.chosen)

    def _ask(self, page: Experiment) -> None:
        self.ask(page, *self.predict(page))

    def _button(self, page: Experiment) -> None:
        """Draw the start button; a preset's start is taken or dropped, never left for later."""
        missing = self._missing(page)
        first = not st.session_state.get(self._has_run)
        waits = first and page.guess is None
        clicked = st.button(
            KIT("train"),
            type="primary",
            icon=":material/play_arrow:",
            key="train",
            disabled=bool(missing) or waits,
        )
        awaited = st.session_state.pop(self._awaited, None)
        by_itself = st.session_state.pop(self._start_now, False) or awaited == _wanted(page)
        if missing:
            st.caption(missing)
        elif waits:
            st.caption(KIT("guess-then-train"))
        elif clicked or by_itself:
            self._start(page)

    def _missing(self, page: Experiment) -> str:
        if page.chosen is None:
            return self.text("missing")
        return self.missing(page) if self.missing else ""

    def _start(self, page: Experiment) -> None:
        try:
            start = self.start(page) if self.start else self._plain_start(page)
        except ValueError as error:
            if not (said := refusal(error)):
                raise
            st.error(said, icon=":material/tune:")
            return
        if start is None:
            if page.awaits:
                st.session_state[self._awaited] = _wanted(page)
            return
        ids, limit = self._enqueue(page, [start] if isinstance(start, Start) else start)
        if ids:
            st.session_state[self._has_run] = True
            st.session_state.pop(self._unfolded, None)
            self.question.started(ids, page.guess)
        runs.begin(ids, limit)

    def _enqueue(self, page: Experiment, starts: Sequence[Start]) -> tuple[list[str], str]:
        ids: list[str] = []
        aside: dict[str, list[str]] = {}
        limit = ""
        for start in starts:
            names = start.names or _declared(self.form, "form").catalogue.labels(page.entries)
            more, limit = runs.enqueue(names, start.settings, start.data, dict(start.live))
            if start.aside is None:
                ids += more
            else:
                aside[start.aside.name] = [*aside.get(start.aside.name, ()), *more]
                start.aside.set(aside[start.aside.name])
            if limit:
                break
        return ids, limit

    def _plain_start(self, page: Experiment) -> Start:
        live = self.live(page) if self.live else {}
        settings = _declared(self.form, "form").settings(page.entries, page.budget)
        return Start(settings, page.chosen, live)

    def guessed(self, shown: Sequence[View]) -> str:
        """Return the guess that was made about these runs, or ""."""
        return self.question.of_runs([view.run.id for view in shown])

    def _doors(self, shown: Sequence[View]) -> None:
        """Link each run whose attention can be looked at to the lesson that opens it."""
        if self.attends is not None:
            keep.doors(shown, self.attends)

    def _save(self, page: Experiment) -> None:
        keep.runs_tab(self, page.shown, self.panel.drawing)

    def _code(self, page: Experiment) -> None:
        if self.code is None or page.chosen is None or not page.budget:
            return
        if code := self.code(page):
            st.code(code)
