"""What is drawn of the runs of a lesson: cards, a chart, what stands beside it, the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.lesson.kit import measures as chart
from lab.lesson.kit.cards import cards, steer_all
from lab.lesson.kit.keys import AnyKey
from lab.lesson.kit.measures import Measure
from lab.lesson.kit.question import compare
from lab.lesson.kit.text import plain
from lab.runs import View

Draw = Callable[[Sequence[View]], None]


@dataclass(frozen=True)
class Panel:
    """What a lesson shows of its runs; it is drawn anew each second while one of them is alive.

    Args:
        facts: run -> what its card says: a line in Markdown, and smaller ones below it.
        measures: name -> what the chart can show; empty where `chart` draws it.
        chart: draws another chart than that of the measures.
        outcome: (guess, runs) -> compares the guess with what came out; draws nothing while runs
            are under way.
        beside: stands right of the chart.
        below_chart: stands below the chart and the outcome, in their column.
        under: stands below both.
        after: page -> stands below the panel and is not drawn anew each second.
        columns: widths of the chart and what stands beside it.
        more_keys: of the link, besides that of the measure.
        draws: (runs, labels) -> ("png" or "svg" -> bytes): the chart as a file; that of the
            measures if None.
    """

    facts: Callable[[View], tuple[str, str]]
    measures: Mapping[str, Measure] | None = None
    chart: Draw | None = None
    outcome: Callable[[str, Sequence[View]], None] | None = None
    beside: Draw | None = None
    below_chart: Draw | None = None
    under: Draw | None = None
    after: Callable[[Any], None] | None = None
    columns: tuple[float, float] = (1, 1)
    more_keys: tuple[AnyKey, ...] = ()
    draws: Callable[[Sequence[View], Sequence[str]], Callable[[str], bytes]] | None = None

    @property
    def keys(self) -> tuple[AnyKey, ...]:
        """The keys of the panel in the link."""
        return (*((chart.key(self.measures),) if self.measures else ()), *self.more_keys)

    @property
    def drawing(self) -> Callable[[Sequence[View], Sequence[str]], Callable[[str], bytes]]:
        """What makes the chart as a file."""
        return self.draws or chart.drawing(self.measures or {})

    def draw(self, lesson: Any, shown: Sequence[View]) -> None:
        """Draw the runs."""
        steer_all(shown)
        cards(shown, self.facts)
        if self.beside is None:
            self._chart(lesson, shown)
        else:
            left, right = st.columns(list(self.columns), gap="medium")
            with left:
                self._chart(lesson, shown)
            with right:
                self.beside(shown)
        if self.under is not None:
            self.under(shown)

    def _chart(self, lesson: Any, shown: Sequence[View]) -> None:
        if self.chart is not None:
            self.chart(shown)
        elif self.measures:
            chart.chart(shown, self.measures)
        if self.outcome is not None and not any(view.run.status.alive for view in shown):
            self.outcome(lesson.guessed(shown), shown)
        if self.below_chart is not None:
            self.below_chart(shown)


def compare_best(
    guess: str,
    figures: Mapping[str, float],
    what: str,
    close: float,
    highest: bool = False,
    form: str = ".3f",
    instead: str | None = None,
) -> None:
    """Compare the guess of the best with what came out, once every run has ended.

    Args:
        guess: of the student, or "".
        figures: name -> the figure that was to be guessed.
        what: its name at the beginning of a sentence, such as "Lowest validation loss".
        close: a margin below this is too close to call with one seed.
        highest: whether more is better.
        form: how to write a figure.
        instead: the guess that came true where the best figure is not what was asked for.
    """
    if not figures:
        return
    best, *others = sorted(figures, key=lambda name: figures[name], reverse=highest)
    result = f"{what}: **{plain(best)}** ({figures[best]:{form}})"
    if others:
        margin = abs(figures[others[0]] - figures[best])
        second = f"{plain(others[0])} ({figures[others[0]]:{form}})"
        result += f", before {second}, a margin of {margin:{form}}."
        if margin < close:
            result += " With one seed that is too close to call: try another seed."
    elif not guess:
        return
    compare(guess, guess == (instead or best), result)
