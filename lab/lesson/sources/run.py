"""Runs as sources: which ones a lesson takes, and what they are called, as their lessons say."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from lab.lesson import service
from lab.lesson.kit import ask
from lab.lesson.kit.collect import lesson_of, lessons
from lab.lesson.kit.runs import views_of
from lab.lesson.sources.source import Asked
from lab.runs import Run, View

_PREFIX = "run:"


@dataclass(frozen=True)
class RunSource(Asked):
    """A run with a checkpoint.

    Args:
        view: of the run.
        name: as it is offered.
    """

    view: View = field()
    name: str = field()

    @property
    def key(self) -> str:
        """As it stands in the link."""
        return f"{_PREFIX}{self.view.run.id}"

    @property
    def identity(self) -> str:
        """The key and the checkpoint."""
        return f"{self.key}:{self.view.run.checkpoint}"

    @property
    def task(self) -> str:
        """What it learned."""
        return _task(self.view.run.settings)

    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question; its answer is kept for this checkpoint."""
        return ask.asking(self.view, f"{question}:of_run", **given)


@dataclass(frozen=True)
class Runs:
    """Which runs a lesson takes.

    Args:
        tasks: that they learned; every task if empty.
        attending: whether only those with attention that can be looked at.
    """

    tasks: tuple[str, ...] = ()
    attending: bool = False

    def takes(self, run: Run) -> bool:
        """Return whether a run is one of them."""
        if self.tasks and _task(run.settings) not in self.tasks:
            return False
        return bool(run.checkpoint) and (not self.attending or attends(run.settings))

    def trained_in(self) -> list[Any]:
        """Return the lessons in which such a run is trained."""
        return [
            lesson
            for lesson in _trainers()
            if (not self.tasks or lesson.task in self.tasks)
            and (not self.attending or lesson.attends is not None)
        ]

    def at_hand(self, linked: Sequence[str] = ()) -> list[RunSource]:
        """Return the student's own runs of these, and those that a link names.

        Args:
            linked: keys of the link, "run:ID"; others are passed over.
        """
        own = [run.id for run in service.run_queue().runs_of(service.session())]
        named = [key.removeprefix(_PREFIX) for key in linked if key.startswith(_PREFIX)]
        views = views_of(list(dict.fromkeys([*own, *named])))
        return [RunSource(view, name_of(view.run)) for view in views if self.takes(view.run)]


def name_of(run: Run) -> str:
    """Return how a run is offered: what such a model is called, its name, steps and id."""
    trainer = lesson_of(run) or _trainer(run.settings)
    noun = trainer.noun if trainer else _task(run.settings).capitalize()
    return f"{noun} · {run.name} · {run.step:,} steps · {run.id[:4]}"


def attends(settings: Mapping[str, Any]) -> bool:
    """Return whether a run's network has attention to look at, as its lesson says."""
    trainer = _trainer(settings)
    return trainer is not None and trainer.attends is not None and trainer.attends(settings)


def _task(settings: Mapping[str, Any]) -> str:
    return str(settings.get("task", "language"))


def _trainers() -> list[Any]:
    # Also those that are declared in the course's table still.
    return [lesson for lesson in lessons() if getattr(lesson, "task", "")]


def _trainer(settings: Mapping[str, Any]) -> Any | None:
    return next((one for one in _trainers() if one.task == _task(settings)), None)
