"""From a file of texts and labels to `Labelled`.

Whatever is wrong with a file becomes one sentence that says what to do.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lab.classify.texts import LONGEST, MOST_CLASSES, Examples, Labelled
from lab.text.reading import TextError, decode

LIMIT = 5_000_000  # bytes
FEWEST, MOST = 40, 20_000  # rows
_FEWEST_OF_A_CLASS = 5
HELD_OUT = 0.2  # of the rows of each class
_MOST_HELD_OUT = 1_000
_LONGEST_TEXT = 5_000  # characters: 64 tokens are read, so the rest only costs memory
_LONGEST_LABEL = 40
_SEPARATORS = "\t;,"
_NAMES = ("label", "class", "verdict", "sentiment", "category", "target", "y")
_SHAPE = "two columns, a text and its label, with a comma, a semicolon or a tab between them"


class LabelError(ValueError):
    """This file cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class _Row:
    line: int
    first: str
    second: str


def read_labelled(data: bytes, name: str = "Own texts", seed: int = 0) -> Labelled:
    """Read a table of two columns, a text and its label, in either order.

    The separator is a comma, a semicolon or a tab. A first row with names of the columns is
    recognised and left out. The column with fewer different entries is taken for the labels. Of
    each class a fifth is held out.

    Args:
        data: the file; UTF-8, Latin-1, or whatever `lab.text.reading.decode` recognises.
        name: what the page calls it.
        seed: decides what is held out.

    Returns:
        The texts; their `remarks` tell what was left out.

    Raises:
        LabelError: the file cannot be used.
    """
    try:
        text = decode(data, LIMIT)
    except TextError as error:
        raise LabelError(str(error)) from None
    pairs = _pairs(_rows(text.replace("\0", "")))
    found, remarks = _without_copies(pairs)
    if len(found) > MOST:
        remarks.append(f"Only the first {MOST:,} of {len(found):,} rows are used.")
        found = found[:MOST]
    classes = _classes(found)
    numbers = {label: number for number, label in enumerate(classes)}
    examples = [(text, numbers[label]) for text, label in found]
    remarks.append(f"Of a text the first {LONGEST - 2} tokens are read.")
    return Labelled(name[:60], classes, *_split(examples, seed), tuple(remarks))


def _rows(text: str) -> list[_Row]:
    separator = _separator(text)
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) == 1:
                raise LabelError(
                    f"Line {reader.line_num} has one column only: add its label, or delete the "
                    "line."
                )
            if len(fields) != 2:
                raise LabelError(
                    f"Line {reader.line_num} has {len(fields)} columns and two are needed, a text "
                    "and its label: put the text in quotation marks, or a tab before the label."
                )
            rows.append(_Row(reader.line_num, *(" ".join(field.split()) for field in fields)))
    except csv.Error:
        raise LabelError(
            f"Line {reader.line_num} cannot be read as a table: look for a quotation mark that is "
            "never closed."
        ) from None
    return rows


def _separator(text: str) -> str:
    """Return what gives the most lines two columns; a tab before ; before , if they are equal."""
    lines = [line for line in text.splitlines() if line.strip()][:200]
    counts = {separator: sum(_fits(lines, separator)) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=counts.__getitem__)
    if not lines or counts[best] < len(lines) / 4:
        raise LabelError(f"This file is no table: it needs {_SHAPE}, one text a line.")
    return best


def _fits(lines: list[str], separator: str) -> Iterator[float]:
    """Tell of each row how well a separator fits, from 0 to 1."""
    with contextlib.suppress(csv.Error):  # `_rows` meets it again, and says where
        for row in csv.reader(lines, delimiter=separator):
            if len(row) == 2:
                # A quotation mark that is left was no beginning of a column: a sign of another one.
                yield 0.7 if any('"' in field for field in row) else 1.0
            elif len(row) > 2:
                yield 0.5  # so that the message can name the line


def _pairs(rows: list[_Row]) -> list[tuple[str, str]]:
    """Return texts and labels, whichever column holds them."""
    columns = [{row.first for row in rows[1:]}, {row.second for row in rows[1:]}]
    swapped = len(columns[0]) < len(columns[1])
    parts = [
        (row.line, *((row.second, row.first) if swapped else (row.first, row.second)))
        for row in rows
    ]
    if parts and _is_header(parts[0][2], [label for _, _, label in parts[1:]]):
        parts = parts[1:]
    for line, text, label in parts:
        if not label:
            raise LabelError(f"Line {line} has no label: fill it in, or delete the line.")
        if not text:
            raise LabelError(f"Line {line} has no text: fill it in, or delete the line.")
    return [(text[:_LONGEST_TEXT], label) for _, text, label in parts]


def _is_header(first: str, others: list[str]) -> bool:
    # A name of a column comes once. So may a label, but then it has too few texts anyhow.
    return first not in others and (first.lower() in _NAMES or len(set(others)) <= MOST_CLASSES)


def _without_copies(pairs: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[str]]:
    # A text on both sides of the split would be judged by heart.
    seen: dict[str, tuple[str, str]] = {}
    for text, label in pairs:
        seen.setdefault(text.lower(), (text, label))
    copies = len(pairs) - len(seen)
    remarks = [f"Left out because the same text came before: {copies:,} rows."] if copies else []
    return list(seen.values()), remarks


def _classes(pairs: list[tuple[str, str]]) -> tuple[str, ...]:
    counts = Counter(label for _, label in pairs)
    if len(counts) > MOST_CLASSES:
        raise LabelError(
            f"This file has {len(counts):,} different labels and {MOST_CLASSES} are the most: keep "
            "the frequent ones."
        )
    if len(pairs) < FEWEST:
        raise LabelError(
            f"This file has {len(pairs)} different texts and at least {FEWEST} are needed: add "
            "some."
        )
    if len(counts) == 1:
        raise LabelError(
            f"All texts have the same label, {next(iter(counts))[:_LONGEST_LABEL]!r}: at least two "
            "are needed."
        )
    rare = min(counts, key=counts.__getitem__)
    if counts[rare] < _FEWEST_OF_A_CLASS:
        raise LabelError(
            f"The label {rare[:_LONGEST_LABEL]!r} has {counts[rare]} texts only: add some, at "
            f"least {_FEWEST_OF_A_CLASS}, or leave it out."
        )
    if max(map(len, counts)) > _LONGEST_LABEL:
        raise LabelError(f"A label is longer than {_LONGEST_LABEL} characters: shorten it.")
    return tuple(sorted(counts))


def _split(examples: list[tuple[str, int]], seed: int) -> tuple[Examples, Examples]:
    random = np.random.default_rng(seed)
    share = min(HELD_OUT, _MOST_HELD_OUT / len(examples))
    held: set[int] = set()
    for label in {label for _, label in examples}:
        mine = [n for n, (_, other) in enumerate(examples) if other == label]
        held.update(random.permutation(mine)[: max(1, round(share * len(mine)))].tolist())
    order = random.permutation(len(examples)).tolist()
    parts = [[examples[n] for n in order if (n in held) == out] for out in (False, True)]
    return tuple(Examples(*map(tuple, zip(*part, strict=True))) for part in parts)


def to_table(data: Labelled) -> bytes:
    """Return the texts to learn from as a CSV file that `read_labelled` reads."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(("text", "label"))
    for text, label in zip(data.train.texts, data.train.labels, strict=True):
        writer.writerow((text, data.classes[label]))
    return stream.getvalue().encode()
