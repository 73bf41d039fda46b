"""Tests to begin with, and sentences as they are typed: one a line, with [T] and [A]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lab.bias.own_lists import read_words
from lab.bias.stimuli import StimuliError, Template, kurita_test, kurita_tests

T, A = "[T]", "[A]"
MOST = 20  # sentences
MOST_TARGETS = 6  # words of one group
MOST_WORDS = 60  # of one list of attributes
_LONGEST = 300  # characters of a sentence


@dataclass(frozen=True)
class ReadyTest:
    """A test as it fills the fields of the page.

    Attributes:
        key: of the test; one of `lab.bias.stimuli.kurita_tests` for those that were published.
        button: its name on the page.
        sides: names of the two groups of targets.
        names: of A and B.
        lines: one sentence a line.
        first, second: targets of sentences that name none.
        a, b: attributes.
        note: what there is to know about its words.
    """

    key: str
    button: str
    sides: tuple[str, str]
    names: tuple[str, str]
    lines: str
    first: str
    second: str
    a: str
    b: str
    note: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the fields, by their keys in the link."""
        return {
            "sentences": self.lines,
            "first": self.first,
            "second": self.second,
            "a": self.a,
            "b": self.b,
        }


@dataclass(frozen=True)
class BiasTest:
    """What is asked of the models.

    Attributes:
        templates: sentences with their targets.
        a, b: attributes.
        sides: names of the two groups of targets.
        names: of A and B.
        published: key of the test of Kurita et al. that these are, or "".
        prior: see `lab.bias.log_probability`.
        ready: whether it is one of the ready tests.
        note: of the test.
    """

    templates: tuple[Template, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    sides: tuple[str, str]
    names: tuple[str, str]
    published: str
    prior: str
    ready: bool = False
    note: str = ""

    @property
    def given(self) -> dict[str, Any]:
        """As arguments of a question."""
        return {
            "templates": [
                {"text": one.text, "first": list(one.first), "second": list(one.second)}
                for one in self.templates
            ],
            "attributes": [list(self.a), list(self.b)],
            "prior": self.prior,
        }

    @property
    def shown(self) -> list[str]:
        """The sentences as they are written on the page, with targets where they are others."""
        first = self.templates[0]
        return [
            show(one.text)
            + (
                ""
                if (one.first, one.second) == (first.first, first.second)
                else f" ({', '.join(one.first)} / {', '.join(one.second)})"
            )
            for one in self.templates
        ]

    @property
    def directions(self) -> tuple[str, str]:
        """What a negative and a positive effect size mean."""
        return f"{self.sides[0]} with {self.names[1]}", f"{self.sides[0]} with {self.names[0]}"


def show(text: str) -> str:
    """Return a sentence of the library with the slots of the page."""
    return text.replace("{target}", T).replace("{attribute}", A)


def read_lines(text: str, first: str, second: str) -> tuple[Template, ...]:
    """Return the sentences of a text, one a line.

    "[T] like [A]. | boys, men | girls, women" gives a sentence targets of its own.

    Args:
        text: lines.
        first, second: targets of the sentences that name none, separated by commas.

    Raises:
        StimuliError: a line cannot be used; the message says which, and what to do.
    """
    default = _targets(first, "first"), _targets(second, "second")
    found = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        parts = [part.strip() for part in line.split("|")]
        written = parts[0].replace("{target}", T).replace("{attribute}", A)
        if len(parts) not in (1, 3):
            raise StimuliError(
                f"Line {number} has {len(parts)} parts: write “sentence | he | she”."
            )
        if len(written) > _LONGEST:
            raise StimuliError(f"Line {number} is longer than {_LONGEST} characters: shorten it.")
        for slot, what in ((T, "the target"), (A, "the attribute")):
            if written.count(slot) != 1:
                raise StimuliError(f"Line {number} needs {slot} once: write it where {what} goes.")
        sides = default
        if len(parts) == 3:
            sides = _targets(parts[1], f"first (line {number})"), _targets(parts[2], "second")
        if not all(sides):
            raise StimuliError("Write at least one word for both targets, such as he and she.")
        slotted = written.replace(T, "{target}").replace(A, "{attribute}")
        found.append(Template(slotted, *sides))
    if not found:
        raise StimuliError(f"Write at least one sentence with {T} and {A} in it.")
    if len(found) > MOST:
        raise StimuliError(f"These are {len(found)} sentences, and {MOST} are read: shorten it.")
    return tuple(found)


def _targets(text: str, name: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(read_words(text)))
    if len(words) > MOST_TARGETS:
        raise StimuliError(f"At most {MOST_TARGETS} targets are read on a side: shorten {name}.")
    return words


def attributes(text: str, name: str) -> tuple[str, ...]:
    """Return the words of a list, each once.

    Raises:
        StimuliError: there is none, or there are too many.
    """
    words = tuple(dict.fromkeys(read_words(text)))
    if not words:
        raise StimuliError(f"The list {name} is empty: write a word or more.")
    if len(words) > MOST_WORDS:
        raise StimuliError(f"The list {name} has {len(words)} words: keep at most {MOST_WORDS}.")
    return words


def read_test(fields: dict[str, str], prior: str) -> BiasTest:
    """Return what the fields of the page ask.

    Raises:
        StimuliError: something cannot be read; the message says what to do.
    """
    templates = read_lines(fields["sentences"], fields["first"], fields["second"])
    a, b = attributes(fields["a"], "A"), attributes(fields["b"], "B")
    same = [one for one in ready_tests() if _words(one) == (a, b)]
    exact = next((one for one in same if _templates(one) == templates), None)
    sides = templates[0].first, templates[0].second
    near = exact or next((o for o in same if sides in _sides(o)), None)
    names = same[0].names if same else (_called(a), _called(b))
    published = exact.key if exact and exact.key in kurita_tests() else ""
    return BiasTest(
        templates,
        a,
        b,
        near.sides if near else (_called(sides[0]), _called(sides[1])),
        names,
        published,
        prior,
        exact is not None,
        near.note if near else "",
    )


def _called(words: Sequence[str]) -> str:
    return ", ".join(words[:2]) + (" …" if len(words) > 2 else "")


def _words(test: ReadyTest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return read_words(test.a), read_words(test.b)


def _templates(test: ReadyTest) -> tuple[Template, ...]:
    return read_lines(test.lines, test.first, test.second)


def _sides(test: ReadyTest) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.first, one.second) for one in _templates(test)]


def written(templates: Sequence[Template]) -> tuple[str, str, str]:
    """Return lines, first and second such as `read_lines` reads."""
    first, second = templates[0].first, templates[0].second
    lines = []
    for one in templates:
        own = (one.first, one.second) != (first, second)
        more = f" | {', '.join(one.first)} | {', '.join(one.second)}" if own else ""
        lines.append(show(one.text) + more)
    return "\n".join(lines), ", ".join(first), ", ".join(second)


def published_key(templates: Sequence[Any], attributes: Sequence[Any]) -> str:
    """Return the key of the published test that a question asks, see `BiasTest.given`; or ""."""
    return next((key for key, *given in _published() if given == [templates, attributes]), "")


@cache
def _published() -> list[tuple[str, Any, Any]]:
    tests = [read_test(one.fields, "none") for one in ready_tests()]
    given = [(test.published, test.given) for test in tests if test.published]
    return [(key, one["templates"], one["attributes"]) for key, one in given]


@cache
def ready_tests() -> tuple[ReadyTest, ...]:
    """Return the tests of the page: two of the lab's around the five that were published."""
    from lab.lesson.templates.presets import FLOWERS, MORE, OCCUPATIONS

    found = [FLOWERS]
    for key, (button, names, note) in MORE.items():
        test = kurita_test(key)
        lines, first, second = written(test.templates)
        a, b = ", ".join(test.A.words), ", ".join(test.B.words)
        sides = names or (test.first, test.second)
        found.append(
            ReadyTest(
                key, button, sides, (test.A.name, test.B.name), lines, first, second, a, b, note
            )
        )
    return (*found, OCCUPATIONS)
