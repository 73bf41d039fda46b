"""A kind of run, as queue and workers need it: how to read its data, and what to do with them.

A lesson that trains adds one `KIND` (see `lab.runs.kinds`), beside its model and its task. Nothing
here loads torch before a worker asks for a task.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Protocol, TypeVar

import msgspec
from msgspec import Meta

from lab.training.hyperparameters import Hyperparameters
from lab.training.settings import Settings

if TYPE_CHECKING:
    from lab.text.corpus import Corpus
    from lab.training.language import LanguageTask
    from lab.training.task import Task

# Of files that come from anywhere: NaN and infinity are in no range.
Number = Annotated[float, Meta(ge=-1e18, le=1e18)]
Positive = Annotated[float, Meta(gt=0, le=1e18)]
Share = Annotated[float, Meta(ge=-0.001, le=1.001)]  # from 0 to 1, rounding aside
Token = Annotated[str, Meta(max_length=10_000)]  # no longer than a prompt may be


class Data(Protocol):
    """What a run learns from."""

    @property
    def name(self) -> str:
        """What a page calls it."""

    @property
    def digest(self) -> str:
        """Name the contents: equal contents, equal digest."""

    def to_bytes(self) -> bytes:
        """Return the data as they are stored and sent."""


S = TypeVar("S", bound=Hyperparameters)
D = TypeVar("D", bound=Data)


class Kind(ABC, Generic[S, D]):
    """How runs of one task are read, trained, asked and saved; `Kind[S, D]` for settings and data.

    Attributes:
        settings: the class of their settings.
        shown: what a sample of such a run is, as a file holds it.
    """

    settings: ClassVar[type[Hyperparameters]]
    shown: ClassVar[type[msgspec.Struct]]

    @abstractmethod
    def data(self, stored: bytes) -> D:
        """Read what `Data.to_bytes` gave; raise ValueError with one sentence if it is not that."""

    @abstractmethod
    def task(self, settings: S, data: D) -> Task[S, D, Any]:
        """Return the `lab.training.task.Task`."""

    @abstractmethod
    def questions(self) -> ModuleType:
        """Return the module whose functions (checkpoint, data, ...) answer short questions."""

    @abstractmethod
    def about(self, data: D) -> dict[str, Any]:
        """Return what a saved run must know of its data to be used without them."""

    @abstractmethod
    def from_about(self, about: Any) -> D:
        """Return data that hold the vocabulary and nothing to learn from.

        Raises:
            ValueError, TypeError, KeyError: `about` did not come from a saved run.
        """

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a sample that came from a file.

        Raises:
            ValueError: it is something else.
        """
        read = msgspec.convert(sample, self.shown)
        values: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(read))
        return values


class TextSample(msgspec.Struct):
    """A piece of text that a model wrote; see `lab.training.events.Sample`."""

    step: int
    prompt: str
    text: str
    tokens: Annotated[list[str], Meta(max_length=5_000)]
    probabilities: Annotated[list[Number], Meta(max_length=5_000)]
    alternatives: Annotated[
        list[Annotated[list[tuple[str, Number]], Meta(max_length=8)]], Meta(max_length=5_000)
    ]
    temperature: Number
    top_k: int | None = None

    def __post_init__(self) -> None:
        if not len(self.tokens) == len(self.probabilities) == len(self.alternatives):
            raise ValueError("tokens")


class LanguageKind(Kind[Settings, "Corpus"]):
    """Language models."""

    settings = Settings
    shown = TextSample

    def data(self, stored: bytes) -> Corpus:
        """Read a corpus."""
        from lab.text.corpus import Corpus

        return Corpus.from_bytes(stored)

    def task(self, settings: Settings, data: Corpus) -> LanguageTask:
        """Return the task of predicting the next token."""
        from lab.training.language import LanguageTask

        return LanguageTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a language model answers."""
        from lab.training import questions

        return questions

    def about(self, data: Corpus) -> dict[str, Any]:
        """Return the tokenizer of a corpus."""
        return {
            "name": data.name,
            "tokenizer": data.tokenizer.to_json(),
            "characters_per_token": data.characters_per_token,
        }

    def from_about(self, about: Any) -> Corpus:
        """Return a corpus with a tokenizer and no text."""
        from lab.text import Corpus, tokenizer_from_json

        ratio = msgspec.convert(about["characters_per_token"], Positive)
        tokenizer = tokenizer_from_json(about["tokenizer"])
        return Corpus.without_text(str(about["name"])[:60], tokenizer, ratio)

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a piece of text that a model wrote; its numbers in a vocabulary are left out."""
        return {**super().sample(sample), "ids": []}


KIND = LanguageKind()
