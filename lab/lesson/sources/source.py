"""What every source can do: it has a key for the link and a name, and answers questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from lab.lesson.kit import ask
from lab.pretrained.folders import Folder
from lab.runs import View


class Source(ABC):
    """Something that can be asked.

    Attributes:
        key: as it stands in the link: "run:ID", "model:NAME", "file:NAME", "recorded" ...
        name: as it is offered.
        view: of a run, else None.
        folder: of a model on this server's disk, else None.
        path: of a model folder or a file on this server, for the code behind; "" for others.
    """

    if TYPE_CHECKING:  # read only: a field of some sources, a property of others

        @property
        def key(self) -> str:
            """See above."""

        @property
        def name(self) -> str:
            """See above."""

        @property
        def view(self) -> View | None:
            """See above."""

        @property
        def folder(self) -> Folder | None:
            """See above."""

        @property
        def path(self) -> str:
            """See above."""
    else:
        view = folder = None
        path = ""

    @property
    def identity(self) -> str:
        """The key, with what tells one checkpoint or upload from another."""
        return self.key

    @property
    def task(self) -> str:
        """The task of a run; "model" for all others."""
        return "model"

    @property
    def own(self) -> bool:
        """Whether it is the project's own masked model."""
        return False

    @property
    def called(self) -> dict[str, str]:
        """The argument `name` for questions that name a model folder in their messages."""
        return {"name": self.name} if self.folder is not None else {}

    def open(self) -> Source | None:
        """Return what the choice of this one gives, itself; an upload draws its field first."""
        return self

    @abstractmethod
    def ask(self, question: str, /, **given: Any) -> Any:
        """Return the answer, or None with the reason on the page.

        Args:
            question: a module of the lab, see `lab.lesson.sources`.
            given: arguments, such as JSON can hold.
        """

    @abstractmethod
    def begin(self, question: str, /, **given: Any) -> None:
        """Ask without waiting, so that several sources work at once; the reason comes by `ask`."""

    @abstractmethod
    def under_way(self, question: str, /, **given: Any) -> bool:
        """Return whether a question is asked and not answered yet."""

    @abstractmethod
    def later(self, question: str, /, **given: Any) -> Future[Any]:
        """Ask without a page around, as a download does."""


class Asked(Source):
    """A source that workers answer for."""

    @abstractmethod
    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question, as `lab.lesson.kit.ask` takes them."""

    def ask(self, question: str, /, **given: Any) -> Any:
        """Return the answer, or None with the reason on the page; see `Source.ask`."""
        return ask.answer(*self.asking(question, **given), self.name)

    def begin(self, question: str, /, **given: Any) -> None:
        """Ask without waiting; see `Source.begin`."""
        ask.begin(*self.asking(question, **given))

    def under_way(self, question: str, /, **given: Any) -> bool:
        """Return whether a question is asked and not answered yet."""
        return ask.under_way(self.asking(question, **given)[0])

    def later(self, question: str, /, **given: Any) -> Future[Any]:
        """Ask without a page around; see `Source.later`."""
        return ask.later(*self.asking(question, **given))


def ask_each(
    sources: Sequence[Source],
    question: str,
    /,
    places: Sequence[AbstractContextManager[Any]] = (),
    **given: Any,
) -> list[Any]:
    """Return the answer of each source, None with the reason on the page; all work at once.

    A model folder is told its name, `Source.called`.

    Args:
        sources: distinct ones.
        question: a module of the lab, see `lab.lesson.sources`.
        places: of each source the container in which its wait or refusal is drawn; all where this
            is called, if none.
        given: as for `Source.ask`.
    """
    where: dict[str, AbstractContextManager[Any]] = {one.key: nullcontext() for one in sources}
    where |= {one.key: place for one, place in zip(sources, places, strict=False)}
    asked = [source for source in sources if isinstance(source, Asked)]
    questions = [(*one.asking(question, **given, **one.called), one.name) for one in asked]
    answers = ask.several(questions, [where[one.key] for one in asked])
    found = dict(zip([one.key for one in asked], answers, strict=True))
    for source in sources:
        if source.key not in found:
            with where[source.key]:
                found[source.key] = source.ask(question, **given)
    return [found[source.key] for source in sources]
