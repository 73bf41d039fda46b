"""Texts cut into paragraphs and sentences, and a part of them held out. Plain Python.

A held-out document must not be seen in training under another name: paragraphs that occur again
and windows that were cut from a held-out one are taken out of the training part.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

# A full stop after one of these, or after a single letter, does not end a sentence.
_SHORT = "Mr Mrs Ms Dr St Jr Sr No Vol vs Co Gen Col Lt Prof Rev Hon Capt Sgt Gov Sen Rep Inc Ltd"
_NOT_AFTER = "".join(rf"(?<!\b{word}\.)" for word in _SHORT.split()) + r"(?<!\b[A-Za-z]\.)"
_END = re.compile(rf'[.!?]{_NOT_AFTER}["\'”’)]*\s+(?=["\'“‘(]?[A-Z0-9])')
_LONGEST_DOCUMENT = 40  # paragraphs: a book has no blank lines, and is held out by the stretch
_SHORTEST_COPY = 40  # characters from which a sentence that occurs twice is taken for a copy


def sentences(paragraph: str) -> list[str]:
    """Cut a paragraph into sentences: after . ! or ?, where a capital or a digit follows."""
    starts = [0, *(match.end() for match in _END.finditer(paragraph)), len(paragraph)]
    pieces = [paragraph[a:b].strip() for a, b in pairwise(starts)]
    return [piece for piece in pieces if piece]


def documents(lines: Iterable[str]) -> list[list[str]]:
    """Group paragraphs, one a line, into documents: blank lines part them.

    A document longer than 40 paragraphs is cut into stretches of that length.
    """
    found: list[list[str]] = [[]]
    for line in lines:
        line = line.strip()
        if not line or len(found[-1]) == _LONGEST_DOCUMENT:
            found.append([])
        if line:
            found[-1].append(line)
    return [document for document in found if document]


def read_documents(path: Path) -> list[list[str]]:
    """Read an .xz file of paragraphs.

    Raises:
        OSError, lzma.LZMAError: it is not there, or not such a file.
    """
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return documents(file)


def hold_out(
    texts: list[list[list[str]]], share: float, seed: int, copies: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """Part paragraphs into training and held-out ones, by whole documents.

    Args:
        texts: of each source its documents, lists of paragraphs.
        share: of the documents that are held out, from 0 to 1.
        seed: of the draw.
        copies: paragraphs cut from the texts, for training only.

    Returns:
        The training paragraphs and the held-out ones. No training paragraph contains a held-out
        sentence of 40 characters or more.
    """
    random = np.random.default_rng(seed)
    kept: list[str] = []
    held: list[str] = []
    for source in texts:
        out = random.random(len(source)) < share
        for document, is_out in zip(source, out, strict=True):
            (held if is_out else kept).extend(document)
    secret = {s for paragraph in held for s in sentences(paragraph) if len(s) >= _SHORTEST_COPY}
    kept.extend(copies)
    return [p for p in kept if secret.isdisjoint(sentences(p))], held
