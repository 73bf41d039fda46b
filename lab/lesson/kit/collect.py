"""All lessons, collected from the folders of `lab/lesson`: nowhere is there a list of them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lab.runs import Run

if TYPE_CHECKING:
    from lab.lesson.kit.lesson import Lesson
    from lab.lesson.kit.training import TrainingLesson

LESSONS = Path(__file__).parent.parent


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return every lesson, in the order of the course: by section, and by place within it."""
    from lab.lesson.course import SECTIONS

    folders = sorted(path.parent.name for path in LESSONS.glob("*/lesson.py"))
    found = [import_module(f"lab.lesson.{name}.lesson") for name in folders if name != "kit"]
    order = list(SECTIONS)
    every = [one.LESSON for one in found]
    return tuple(sorted(every, key=lambda one: (order.index(one.section), one.place)))


def named(name: str) -> Lesson:
    """Return the lesson of a page file's name.

    Raises:
        KeyError: there is none.
    """
    return {lesson.name: lesson for lesson in lessons()}[name]


def training() -> list[TrainingLesson]:
    """Return the lessons that train."""
    from lab.lesson.kit.training import TrainingLesson

    return [lesson for lesson in lessons() if isinstance(lesson, TrainingLesson)]


def lesson_of(run: Run) -> TrainingLesson | None:
    """Return the lesson that a run belongs to; None if no lesson trains its task.

    Of several the one that is narrower, which asks for more than the task, comes first.
    """
    found = [lesson for lesson in training() if lesson.belongs(run)]
    return min(found, key=lambda lesson: lesson.mine is None, default=None)


def lessons_of(row: str) -> list[Lesson]:
    """Return the lessons that cover a row of the course, in their order."""
    return [lesson for lesson in lessons() if row in lesson.course]
