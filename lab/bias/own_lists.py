"""Word lists of one's own: typed as text, read from CSV, checked, and shared as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from lab.bias.stimuli import ROLES, Stimuli, StimuliError, WordSet

MOST = 200  # words of one list
LONGEST = 60  # characters of a word, a name or a title
LARGEST = 100_000  # characters of a file
FORMAT = "glasshouse-stimuli-1"


@dataclass(frozen=True)
class Finding:
    """Something to know about a word before it is used.

    Attributes:
        word: as it stands in the list.
        role: "X", "Y", "A" or "B"; several joined by "+".
        what: "duplicate", "in two sets", "missing" or "pieces".
        message: a sentence.
        stops: whether the word cannot be used.
    """

    word: str
    role: str
    what: str
    message: str
    stops: bool


def read_words(text: str) -> tuple[str, ...]:
    """Return words separated by commas, semicolons or lines, without space around them.

    Raises:
        StimuliError: there are too many, or one is too long.
    """
    if len(text) > LARGEST:
        raise StimuliError(f"This is longer than {LARGEST:,} characters: shorten the list.")
    found = tuple(" ".join(w.split()) for w in re.split(r"[,;\n\r]", text) if w.strip())
    _measured(found)
    return found


def _measured(words: Collection[str]) -> None:
    if len(words) > MOST:
        raise StimuliError(f"A list has {len(words)} words: keep at most {MOST}.")
    for word in words:
        if len(word) > LONGEST:
            raise StimuliError(f"“{word[:20]}…” is longer than {LONGEST} characters: shorten it.")


def own(
    X: str, Y: str, A: str, B: str, names: tuple[str, ...] = ROLES, title: str = "My words"
) -> Stimuli:
    """Return stimuli from four texts; see `read_words`.

    Args:
        X, Y: targets.
        A, B: attributes.
        names: of the four lists.
        title: of the test.

    Raises:
        StimuliError: a list is empty, too long, or has a long word.
    """
    sets = {
        role: WordSet(name.strip()[:LONGEST] or role, read_words(text))
        for role, name, text in zip(ROLES, names, (X, Y, A, B), strict=True)
    }
    for role, one in sets.items():
        if not one.words:
            raise StimuliError(f"The list {_called(role, one)} is empty: write a word or more.")
    return Stimuli("own", title.strip()[:LONGEST] or "My words", **sets)


def _called(role: str, one: WordSet) -> str:
    return role if one.name == role else f"{role} ({one.name})"


def read_csv(text: str, title: str = "My words") -> Stimuli:
    """Return stimuli from a table of four columns, one list each, their names in the first line.

    Commas, semicolons or tabs separate columns; columns may differ in length.

    Raises:
        StimuliError: it has not four columns, or is no table.
    """
    if len(text) > LARGEST:
        raise StimuliError(f"The file is longer than {LARGEST:,} characters: shorten the lists.")
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max("\t;,", key=first.count)  # the earlier one where equal
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if any(row)]
    except csv.Error:
        raise StimuliError("This is no table in CSV: save the sheet as CSV in UTF-8.") from None
    if not rows or len(rows[0]) != 4 or any(len(row) > 4 for row in rows):
        raise StimuliError("The table needs four columns: targets X and Y, attributes A and B.")
    columns = ["\n".join(row[place] for row in rows[1:] if len(row) > place) for place in range(4)]
    return own(*columns, names=tuple(rows[0]), title=title)


def to_json(stimuli: Stimuli) -> str:
    """Return stimuli as JSON that `from_json` reads."""
    sets = {r: {"name": s.name, "words": list(s.words)} for r, s in stimuli.sets.items()}
    given = {"format": FORMAT, "title": stimuli.title, "source": stimuli.source, **sets}
    return json.dumps(given, ensure_ascii=False, indent=1)


def from_json(text: str) -> Stimuli:
    """Return stimuli that somebody shared.

    Raises:
        StimuliError: it is not such a file; the message says which part is wrong.
    """
    if len(text) > LARGEST:
        raise StimuliError(f"The file is longer than {LARGEST:,} characters: shorten the lists.")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise StimuliError("This is no JSON: choose a file that the lab saved.") from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise StimuliError(f"This is no file of word lists ({FORMAT}): choose one of the lab's.")
    title, source = given.get("title", ""), given.get("source", "")
    if not isinstance(title, str) or not isinstance(source, str):
        raise StimuliError("The title or the source of this file is no text: write it in quotes.")
    sets = {role: _set(given.get(role), role) for role in ROLES}
    return Stimuli("own", title[:LONGEST] or "My words", **sets, source=source[:300])


def _set(given: object, role: str) -> WordSet:
    named = isinstance(given, dict) and isinstance(given.get("name"), str)
    words = given.get("words") if isinstance(given, dict) else None
    fine = (
        isinstance(words, list) and words and all(isinstance(w, str) and w.strip() for w in words)
    )
    if not named or not fine:
        raise StimuliError(f"The list {role} of this file needs a name and words in quotes.")
    words = tuple(" ".join(word.split()) for word in words)
    _measured(words)
    return WordSet(given["name"][:LONGEST], words)


def check(
    stimuli: Stimuli,
    known: Collection[str] | None = None,
    pieces: Callable[[str], int] | None = None,
) -> list[Finding]:
    """Return what is to know about words before they are used.

    Args:
        stimuli: the lists.
        known: words that have a vector; None where all do.
        pieces: number of pieces of a word for a model; None where words are whole.
    """
    found: list[Finding] = []
    roles: dict[str, list[str]] = {}
    for role, one in stimuli.sets.items():
        for word, times in Counter(one.words).items():
            roles.setdefault(word, []).append(role)
            if times > 1:
                said = f"“{word}” is {times} times in {role}, and counts as often."
                found.append(Finding(word, role, "duplicate", said, False))
    for word, places in roles.items():
        where = "+".join(places)
        if len(places) > 1:
            clash = where in ("X+Y", "A+B")
            said = f"“{word}” is in {' and '.join(places)}" + (
                ", so its own part cancels." if clash else ": its cosine to itself is 1."
            )
            found.append(Finding(word, where, "in two sets", said, False))
        if known is not None and word not in known:
            said = f"“{word}” has no vector here and is left out."
            found.append(Finding(word, where, "missing", said, True))
        elif pieces is not None and (count := pieces(word)) != 1:
            said = f"“{word}” is {count} pieces here: its vector is a mean of theirs."
            found.append(Finding(word, where, "pieces", said, False))
    return found


def without(stimuli: Stimuli, missing: Collection[str]) -> Stimuli:
    """Return the lists without some words.

    Raises:
        StimuliError: a list would be empty.
    """
    sets = {}
    for role, one in stimuli.sets.items():
        words = tuple(word for word in one.words if word not in missing)
        if not words:
            raise StimuliError(
                f"None of the words of {_called(role, one)} is known here: choose other words."
            )
        sets[role] = WordSet(one.name, words)
    rest = {name: getattr(stimuli, name) for name in ("about", "source", "variant", "note")}
    return Stimuli(stimuli.key, stimuli.title, **sets, **rest)
