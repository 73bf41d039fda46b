"""Any text as rows for a run in class: paragraphs, sentences, pieces, a part held out. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lab.masked.corpus import encode
from lab.masked.rows import Buckets, Rows, make_rows
from lab.masked.sentences import sentences
from lab.masked.settings import PROJECT
from lab.masked.stories import stories
from lab.masked.vocabulary import chosen_words, train_vocabulary
from lab.text.corpora import CORPORA, load
from lab.text.reading import TextError

SIZE = 2_000  # tokens of a vocabulary that is learned on the text
FEWEST, MOST = 300, 8_000  # of a vocabulary
MOST_CHARACTERS = 2_000_000  # of a text: what a run in class can read more than once
HELD_OUT = 0.1  # the last tenth of the paragraphs
_ENOUGH = 5  # occurrences from which an occupation is kept whole
_CONTEXT = {"random": 64, "project": 128}
_SHORTEST = 6  # tokens of a row, special ones included
_FEWEST_TOKENS = 400  # in the training rows
_SEED = 20


@lru_cache(maxsize=1)
def project_tokens() -> tuple[str, ...]:
    """Return the vocabulary of the project's own model.

    Raises:
        TextError: it is not there.
    """
    try:
        return tuple((PROJECT / "vocab.txt").read_text(encoding="utf-8").splitlines())
    except OSError:
        raise TextError(
            "The project's own model is not in assets/masked: begin from random weights."
        ) from None


def paragraphs(text: str) -> list[str]:
    """Cut a text into paragraphs: at empty lines, and where a line ends and no sentence goes on.

    A line that begins with a small letter goes on with the sentence of the line before.
    """
    found: list[str] = []
    after_empty = True
    for line in (line.strip() for line in text.split("\n")):
        if line and found and not after_empty and line[0].islower():
            found[-1] += f" {line}"
        elif line:
            found.append(line)
        after_empty = not line
    return found


def split(text: str) -> tuple[list[str], list[str]]:
    """Return the paragraphs to learn from, and those at the end that are held out."""
    parts = paragraphs(text)
    held = max(1, round(HELD_OUT * len(parts)))
    if len(parts) < 20:  # few and long ones: sentences are held out instead
        parts = [sentence for part in parts for sentence in sentences(part)]
        held = max(1, round(HELD_OUT * len(parts)))
    return parts[:-held], parts[-held:]


def rows_of_text(
    text: str, name: str = "Own text", start: str = "random", size: int = SIZE
) -> Rows:
    """Turn a text into rows.

    Args:
        text: clean characters (`lab.text.clean`).
        name: of the text.
        start: "random" for a vocabulary learned on the text, "project" for the shipped one.
        size: of a vocabulary that is learned.

    Raises:
        TextError: it is too short or too long; the message says what to do.
    """
    if len(text) > MOST_CHARACTERS:
        raise TextError(
            f"This text has {len(text):,} characters, and a run in class reads at most "
            f"{MOST_CHARACTERS:,}: use a part of it."
        )
    train, held = (_gathered(part) for part in split(text))
    return _rows(train, held, name, start, size)


def rows_of_corpus(corpus: str, start: str = "random", size: int = SIZE) -> Rows:
    """Turn one of the project's texts into rows.

    Args:
        corpus: its key in `lab.text.corpora.CORPORA`.
        start, size: as for `rows_of_text`.
    """
    return rows_of_text(load(corpus), CORPORA[corpus].title, start, size)


def story_rows(which: int, start: str = "project", size: int = SIZE) -> Rows:
    """Return one of the two matched texts as rows, a sentence in each.

    Args:
        which: 0 for text A, 1 for text B; the same sentences are held out of both.
        start, size: as for `rows_of_text`.
    """
    text = stories()[which]
    held = round(HELD_OUT * len(text))
    return _rows(text[:-held], text[-held:], STORIES[which], start, size)


STORIES = ("Text A: nurses are she, engineers are he", "Text B: nurses are he, engineers are she")


def _rows(train: Sequence[str], held: Sequence[str], name: str, start: str, size: int) -> Rows:
    if start == "project":
        tokens = project_tokens()
    else:
        tokens = tuple(train_vocabulary(train, size, chosen_words(), _ENOUGH))
    parts = [_part(some, tokens, start) for some in (train, held)]
    if not parts[1] or sum(rows.size for rows in parts[0].values()) < _FEWEST_TOKENS:
        raise TextError(
            "This text is too short to learn from: paste at least a page, some 3,000 characters "
            "in whole sentences."
        )
    return Rows(parts[0], parts[1], tokens, name)


def _part(some: Sequence[str], tokens: Sequence[str], start: str) -> Buckets:
    context = _CONTEXT[start]
    room = context - 2
    # A sentence that is too long goes on in the next row.
    encoded = [
        [sentence[n : n + room] for sentence in found for n in range(0, len(sentence), room)]
        for found in encode(some, tokens)
    ]
    return make_rows(encoded, _SEED, context, _SHORTEST)


def _gathered(some: Sequence[str], fewest: int = 500) -> list[str]:
    """Join paragraphs with the next ones up to some length: the lines of a play are short."""
    found: list[str] = []
    for part in some:
        if found and len(found[-1]) < fewest:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found
