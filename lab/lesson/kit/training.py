"""A lesson that trains through the runs: its form, its start, its runs, what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.lesson.kit import form as forms
from lab.lesson.kit import keep, runs
from lab.lesson.kit.ask import refusal
from lab.lesson.kit.form import Form, Preset
from lab.lesson.kit.keys import Key
from lab.lesson.kit.lesson import Lesson
from lab.lesson.kit.link import KIT, Link
from lab.lesson.kit.page import Experiment, Tab, declared
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.question import SKIP, Question
from lab.runs import Run, View


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
            declared(self.form, "form").replace(preset.entries)
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
        form, data = declared(self.form, "form"), declared(self.data, "data")
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
            names = start.names or declared(self.form, "form").catalogue.labels(page.entries)
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
        settings = declared(self.form, "form").settings(page.entries, page.budget)
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
