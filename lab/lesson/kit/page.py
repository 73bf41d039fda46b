"""One look at a lesson: what its parts draw into, ask about and tell each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lab.lesson.kit import form as forms
from lab.lesson.kit import runs
from lab.lesson.kit.lineup import Entry
from lab.runs import View

if TYPE_CHECKING:
    from lab.lesson.kit.lesson import Lesson
    from lab.lesson.kit.training import TrainingLesson

T = TypeVar("T")


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


def declared(part: T | None, name: str) -> T:
    """Return a part that a lesson may leave out, where it is needed; a fault of ours without it."""
    if part is None:
        raise TypeError(f"the lesson declares no {name}")
    return part
