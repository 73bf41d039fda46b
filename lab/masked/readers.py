"""One way to ask any masked model: the lab's own network, or a model folder from elsewhere.

A reader turns sentences into token numbers and tells the log-probability of every token at the
blanks. The head, a fifth of the work of a BERT on short sentences, is computed at the blanks only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.masked.batches import Batch, batches, lay, pack
from lab.masked.slots import BLANK
from lab.masked.vocabulary import MASK, UNK, tokenizer_of
from lab.models.bert import Bert
from lab.places import ASSETS

LONGEST = 1_000  # characters of a sentence


class Reader(ABC):
    """What the questions of `lab.masked.blanks` need of a model.

    Attributes:
        name: of the model.
        mask: its mask token, as it stands in a text.
        mask_id, unknown_id: their numbers; unknown_id may be None.
        longest: tokens that it can read.
        size: of its vocabulary, V.
        padded: whether rows of different lengths can be read together.
        packed: whether rows can be read side by side, see `lab.masked.batches`.
    """

    name: str
    mask: str
    mask_id: int
    unknown_id: int | None
    longest: int
    size: int
    padded: bool
    packed: bool

    @abstractmethod
    def numbers(self, sentences: Sequence[str]) -> list[list[int]]:
        """Return the token numbers of sentences in which blanks are the model's own."""

    @abstractmethod
    def show(self, ids: Sequence[int]) -> list[str]:
        """Return tokens as they are read."""

    @abstractmethod
    def logits(self, batch: Batch) -> Tensor:
        """Return logits (M, V) at the blanks of a batch."""

    @cached_property
    def cased(self) -> bool:
        """Whether it tells capital letters from small ones."""
        upper, lower = self.numbers(["He", "he"])
        return upper != lower

    def own(self, sentence: str) -> str:
        """Return a sentence with the model's mask token for each [MASK]."""
        return sentence.replace(BLANK, self.mask)

    def encode(self, sentences: Sequence[str]) -> list[list[int]]:
        """Return the token numbers of sentences with blanks.

        Raises:
            ValueError: one has no blank, or is too long; the message says which.
        """
        for sentence in sentences:
            if len(sentence) > LONGEST:
                raise ValueError(
                    f"A sentence has {len(sentence):,} characters, and {LONGEST:,} are read: "
                    "shorten it."
                )
        rows = self.numbers([self.own(sentence) for sentence in sentences])
        for sentence, row in zip(sentences, rows, strict=True):
            if self.mask_id not in row:
                raise ValueError(
                    f"There is no {BLANK} in “{sentence[:60]}”: write it where to guess."
                )
            if len(row) > self.longest:
                raise ValueError(
                    f"A sentence has {len(row)} tokens, and {self.name} reads {self.longest}: "
                    "shorten it."
                )
        return rows

    def blanks(self, row: Sequence[int]) -> list[int]:
        """Return the places of the blanks in a row of token numbers."""
        return [place for place, number in enumerate(row) if number == self.mask_id]

    def computed(self, row: Sequence[int]) -> int:
        """Return at how many places of a row the head is computed."""
        return len(self.blanks(row))

    def guesses(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, np.ndarray]]:
        """Read rows in batches.

        Args:
            rows: of `encode`; each has K >= 1 blanks, K its own.

        Yields:
            The number of a row and (K, V) float32 log-probabilities in nats, shorter rows first.
        """
        lanes = pack(rows, self.packed)
        for batch in batches(rows, lanes, lambda row: self.size * self.computed(row), self.padded):
            yield from self._guess(lay(rows, batch, self.mask_id, self.filler))

    @torch.inference_mode()
    def _guess(self, batch: Batch) -> list[tuple[int, np.ndarray]]:
        found = torch.log_softmax(self.logits(batch).float(), dim=1).numpy()
        return list(zip(batch.rows, np.split(found, np.cumsum(batch.counts)[:-1]), strict=True))

    @property
    def filler(self) -> int:
        """The number that fills short rows; nobody looks at it."""
        return 0


class OwnReader(Reader):
    """The lab's own network, whose rows are never padded.

    Args:
        model: ready to be used.
        tokens: its vocabulary.
        name: to call it by in messages.
    """

    padded = packed = False
    mask, mask_id, unknown_id = BLANK, MASK, UNK

    def __init__(self, model: Bert, tokens: Sequence[str], name: str = "this model") -> None:
        self.name, self.longest, self.size = name, model.context, len(tokens)
        self._model, self._tokens, self._tokenizer = model, tokens, tokenizer_of(tokens)

    def numbers(self, sentences: Sequence[str]) -> list[list[int]]:
        """See `Reader`."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(sentences))]

    def show(self, ids: Sequence[int]) -> list[str]:
        """See `Reader`."""
        return [self._tokens[number] for number in ids]

    def logits(self, batch: Batch) -> Tensor:
        """See `Reader`."""
        device = self._model.bias.device
        return self._model(batch.ids.to(device), batch.places.to(device)).cpu()


def from_run(checkpoint: bytes, rows: Any) -> OwnReader:
    """Return the reader of a run's checkpoint.

    Args:
        checkpoint: of a run of the task "masked".
        rows: what it learned from (`lab.masked.rows.Rows`).

    Raises:
        ValueError: it is no run of a masked model, or damaged.
    """
    from lab.masked.questions import load
    from lab.masked.rows import Rows

    if not isinstance(rows, Rows):
        raise ValueError("This run is no masked model: choose another.")
    return OwnReader(load(checkpoint, rows), rows.tokens)


_own: dict[str, OwnReader] = {}


def from_folder(path: str, name: str = "") -> Reader:
    """Return the reader of a model folder.

    The lab's own model is read by its own code: a worker that has not imported transformers yet
    answers seconds earlier.

    Args:
        path: of the folder.
        name: to call it by in messages; by default its folder.

    Raises:
        ModelError: it cannot be opened, or has no masked head.
    """
    if Path(path).parent != ASSETS:
        from lab.masked.folder_reader import FolderReader
        from lab.pretrained.loading import open_model

        reader = FolderReader(open_model(path))
        reader.name = name or reader.name
        return reader
    from lab.masked.export import load

    stamp = f"{path} {(Path(path) / 'model.safetensors').stat().st_mtime_ns}"
    if stamp not in _own:
        _own.clear()
        _own[stamp] = OwnReader(*load(Path(path)), name=name or "the lab's own model")
    return _own[stamp]
