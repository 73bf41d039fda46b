"""Word lists of published tests, where sources differ, and their published values.

The lists are those of Caliskan et al. 2017, which took them from studies with people, and of
Kurita et al. 2019. They are in US English, know two genders, and let names stand for groups:
what a test finds is about these words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lab.places import ASSETS

FOLDER = ASSETS / "stimuli"
ROLES = ("X", "Y", "A", "B")


class StimuliError(ValueError):
    """Word lists that cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class WordSet:
    """A named list of words."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Stimuli:
    """The four lists of an association test.

    Attributes:
        key: such as "weat7".
        title: as it is shown.
        X, Y: targets.
        A, B: attributes.
        about: "things", "gender", "names", "health" or "own": what the words stand for.
        source: where they come from.
        variant: of the source that is followed, "" for the one of the published values.
        note: what the variant changes.
    """

    key: str
    title: str
    X: WordSet
    Y: WordSet
    A: WordSet
    B: WordSet
    about: str = "own"
    source: str = ""
    variant: str = ""
    note: str = ""

    @property
    def sets(self) -> dict[str, WordSet]:
        """The lists by role."""
        return {role: getattr(self, role) for role in ROLES}

    @property
    def words(self) -> list[str]:
        """All words, each once, in their order."""
        return list(dict.fromkeys(word for one in self.sets.values() for word in one.words))


@dataclass(frozen=True)
class Template:
    """A sentence of a log-probability test.

    Attributes:
        text: with {target} and {attribute}.
        first, second: words of the two target groups that fit this sentence.
    """

    text: str
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class Sentences:
    """A log-probability test: sentences, two groups of targets, two lists of attributes.

    Attributes:
        key, title, about, variant, note: as of `Stimuli`.
        first, second: names of the target groups.
        templates: the sentences.
        A, B: attributes.
    """

    key: str
    title: str
    first: str
    second: str
    templates: tuple[Template, ...]
    A: WordSet
    B: WordSet
    about: str = "own"
    variant: str = ""
    note: str = ""
    source: str = field(default="Kurita et al. 2019, notebook weat_result_replication")


@cache
def _read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def weat_tests() -> dict[str, str]:
    """Return key -> title of WEAT 1 to 10."""
    return {test["key"]: test["title"] for test in _read("weat.json")["tests"]}


def variants(key: str) -> list[str]:
    """Return the names of the variants of a test, of WEAT or of Kurita et al."""
    return [variant["name"] for variant in _entry(key)["variants"]]


def weat_test(key: str, variant: str = "") -> Stimuli:
    """Return the lists of a WEAT test.

    Args:
        key: "weat1" to "weat10".
        variant: one of `variants(key)`, or "" for the lists that give the published values.

    Raises:
        StimuliError: there is no such test or variant.
    """
    test = _entry(key)
    if "X" not in test:
        raise StimuliError(f"{key!r} is a test of sentences: choose one of weat1 to weat10.")
    chosen = _variant(test, variant)
    sets = {}
    for role in ROLES:
        gone = chosen.get("remove", {}).get(role, [])
        words = [word for word in test[role]["words"] if word not in gone]
        sets[role] = WordSet(test[role]["name"], (*words, *chosen.get("add", {}).get(role, [])))
    return Stimuli(
        key,
        test["title"],
        **sets,
        about=test["about"],
        source=test["source"],
        variant=variant,
        note=chosen.get("note", ""),
    )


def kurita_tests() -> dict[str, str]:
    """Return key -> title of the five tests of Kurita et al. 2019, flowers and insects first."""
    return {test["key"]: test["title"] for test in _read("kurita.json")["tests"]}


def kurita_test(key: str, variant: str = "") -> Sentences:
    """Return one of the tests of Kurita et al. 2019, as their notebook runs it.

    Raises:
        StimuliError: there is no such test or variant.
    """
    test = _entry(key)
    if "templates" not in test:
        raise StimuliError(f"{key!r} has no sentences: choose one of {', '.join(kurita_tests())}.")
    chosen = _variant(test, variant)
    templates = tuple(
        Template(one["text"], tuple(one["first"]), tuple(one["second"]))
        for one in chosen.get("templates", test["templates"])
    )
    a, b = (WordSet(test[role]["name"], tuple(test[role]["words"])) for role in "AB")
    given = {name: test[name] for name in ("title", "first", "second", "about")}
    return Sentences(
        key, templates=templates, A=a, B=b, variant=variant, note=chosen.get("note", ""), **given
    )


def kurita_recorded(key: str) -> dict[str, list[tuple[str, float, float]]]:
    """Return what bert-base-uncased gave for a test of Kurita et al., from their notebook.

    Returns:
        {"A": rows, "B": rows}, each row (word, log-odds of the two targets in nats, the authors'
        prior), template by template.
    """
    _entry(key)
    rows = _read("kurita_recorded.json")["rows"].get(key)
    if rows is None:
        raise StimuliError(f"Nothing is recorded of {key!r}: choose a test of Kurita et al.")
    return {role: [tuple(row) for row in rows[role]] for role in "AB"}


def published(key: str) -> dict[str, Any]:
    """Return the published values of a test, with "source"; empty where there are none."""
    for paper in ("caliskan2017", "kurita2019"):
        found = _read("published.json")[paper]
        if key in found["values"]:
            why = {"why": found["why"][key]} if "why" in found else {}
            return {**found["values"][key], **why, "source": found["source"]}
    return {}


def _entry(key: str) -> dict[str, Any]:
    tests = [*_read("weat.json")["tests"], *_read("kurita.json")["tests"]]
    found = next((test for test in tests if test["key"] == key), None)
    if found is None:
        raise StimuliError(f"There is no test {str(key)[:40]!r}: choose one of the list.")
    return found


def _variant(test: dict[str, Any], name: str) -> dict[str, Any]:
    if not name:
        return {}
    found = next((one for one in test["variants"] if one["name"] == name), None)
    if found is None:
        raise StimuliError(f"{test['key']} has no variant {name[:40]!r}: leave it out.")
    return found
