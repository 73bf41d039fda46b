"""Texts with a label each: what a classifier learns from and what it is judged by. No torch."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from lab.places import ASSETS

VOCABULARY = ASSETS / "masked" / "vocab.txt"
LONGEST = 64  # tokens that are read of a text, [CLS] and [SEP] among them
MOST_CLASSES = 6
_WORD = re.compile(r"\w+|[^\w\s]")
_FOREIGN = "These are not labelled texts of the lab."


@dataclass(frozen=True)
class Examples:
    """Texts (N) and the number of the class of each (N)."""

    texts: tuple[str, ...]
    labels: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labelled texts.

    Args:
        name: of the set.
        classes: the K names of the classes.
        train: to learn from.
        held_out: to judge by; no text of it is among the first.
        remarks: what was done to a file, in sentences.
    """

    name: str
    classes: tuple[str, ...]
    train: Examples
    held_out: Examples
    remarks: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Name the contents: equal classes and texts, equal digest."""
        return hashlib.sha256(self._contents().encode()).hexdigest()[:32]

    @cached_property
    def new(self) -> np.ndarray:
        """Tell which held-out texts have a word that no text to learn from has: (N) bool."""
        known = {word for text in self.train.texts for word in words(text)}
        return np.array([bool(set(words(t)) - known) for t in self.held_out.texts], dtype=bool)

    @cached_property
    def majority(self) -> float:
        """The share of the held-out texts told right by always naming the most frequent class."""
        if not len(self.train) or not len(self.held_out):
            return 0.0
        often = Counter(self.train.labels).most_common(1)[0][0]
        return self.held_out.labels.count(often) / len(self.held_out)

    @cached_property
    def ids(self) -> dict[str, list[list[int]]]:
        """Token numbers of each text, [CLS] ... [SEP]: "train" and "held_out"."""
        return {part: tokenise(getattr(self, part).texts) for part in ("train", "held_out")}

    def chosen(self, examples: int, seed: int) -> np.ndarray:
        """Draw which texts are learned from: numbers, as many of each class as there can be.

        Args:
            examples: how many in all; 0 for every one.
            seed: of the draw. More examples contain fewer of the same seed.
        """
        labels = np.array(self.train.labels, dtype=np.int64)
        if not 0 < examples < len(labels):
            return np.arange(len(labels))
        order = np.random.default_rng(seed).permutation(len(labels))
        place = np.zeros(len(labels), dtype=np.int64)  # of a text among those of its class
        for label in range(len(self.classes)):
            mine = order[labels[order] == label]
            place[mine] = np.arange(len(mine))
        turns = np.lexsort((labels, place))  # one of each class, then the second of each, ...
        return np.sort(turns[:examples])

    def _contents(self) -> str:
        parts = [[list(part.texts), list(part.labels)] for part in (self.train, self.held_out)]
        return json.dumps([list(self.classes), *parts], ensure_ascii=False)

    def to_bytes(self) -> bytes:
        """Return everything as JSON."""
        return json.dumps([self.name, self._contents()], ensure_ascii=False).encode(
            "utf-8", "replace"
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> Labelled:
        """Read what `to_bytes` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            name, contents = json.loads(stored)
            classes, *parts = json.loads(contents)
            if len(parts) != 2 or not 1 < len(classes) <= MOST_CLASSES:
                raise ValueError(_FOREIGN)
            return cls(str(name), tuple(map(str, classes)), *(_examples(p, classes) for p in parts))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValueError(_FOREIGN) from None


def _examples(part: Any, classes: list) -> Examples:
    texts, labels = part
    if len(texts) != len(labels) or not all(label in range(len(classes)) for label in labels):
        raise ValueError(_FOREIGN)
    return Examples(tuple(map(str, texts)), tuple(map(int, labels)))


def words(text: str) -> list[str]:
    """Return the words and marks of a text in lower case."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """Return the tokenizer of the project's masked model."""
    from lab.masked.vocabulary import tokenizer_of

    found = tokenizer_of(VOCABULARY.read_text(encoding="utf-8").splitlines())
    found.enable_truncation(LONGEST)
    return found


def tokenise(texts: tuple[str, ...] | list[str]) -> list[list[int]]:
    """Return token numbers, at most 64 of each text, [CLS] first and [SEP] last."""
    return [encoding.ids for encoding in tokenizer().encode_batch(list(texts))]
