"""Pairs of sentences ready for training: tokens, vocabularies, a held-out part, gold alignments."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lab.models.tokens import END, SPECIALS, UNKNOWN
from lab.seq2seq import packing, words
from lab.text.generators.dice import Dice

_FOREIGN = "This is no collection of pairs that Glasshouse saved: prepare it again from its text."


class PairError(ValueError):
    """Pairs cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation.

    Args:
        source, target: tokens, without the special ones.
        sure: gold alignment, pairs (source index, target index), both from 0. Empty: no gold.
        possible: links that may be there too; contains all of `sure`.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    sure: frozenset[tuple[int, int]] = frozenset()
    possible: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self):
        if not self.sure <= self.possible:
            object.__setattr__(self, "possible", self.possible | self.sure)


@dataclass(frozen=True, eq=False)
class PairCorpus:
    """Pairs to learn from and pairs to be judged by.

    Args:
        name: what the page calls it; no part of the digest.
        unit, target_unit: "character" or "word", how each side is split.
        source_vocabulary, target_vocabulary: the tokens that a model knows; a token's id is its
            place. The four of `lab.models.tokens.SPECIALS` come first.
        train, held_out: the pairs. No source sentence stands in both.
        remarks: what a reader left out or changed, one sentence each; no part of the digest.
    """

    name: str
    unit: str
    target_unit: str
    source_vocabulary: tuple[str, ...]
    target_vocabulary: tuple[str, ...]
    train: tuple[Pair, ...]
    held_out: tuple[Pair, ...]
    remarks: tuple[str, ...] = ()

    @classmethod
    def from_pairs(
        cls,
        name: str,
        pairs: Iterable[Pair],
        unit: str = "word",
        target_unit: str | None = None,
        held_out: float | int = 0.1,
        seed: int = 0,
        group: Callable[[Pair], Hashable] | None = None,
        taught: Collection[tuple[str, ...]] = (),
        vocabulary: int | None = None,
        remarks: Sequence[str] = (),
    ) -> PairCorpus:
        """Split pairs into a training part and a held-out part, and count the vocabularies.

        What is held out is drawn by lot, but pairs of one group stay together. Without this a
        sentence with two translations would be trained with one and tested with the other. The
        words of the vocabularies come from the training part alone.

        Args:
            held_out: number of pairs if a whole number, else their share.
            seed: decides what is held out.
            group: label of a pair; pairs with equal labels go to the same part. It must depend on
                the source alone; by default it is the source.
            taught: sources that always stay in the training part.
            vocabulary: keep only that many of the most frequent tokens a side.

        Raises:
            PairError: too few pairs to have both parts.
        """
        pairs = tuple(pairs)
        chosen = _draw(pairs, held_out, seed, group or (lambda pair: pair.source), taught)
        train = tuple(pair for number, pair in enumerate(pairs) if number not in chosen)
        if not (train and chosen):
            raise PairError(
                f"{len(pairs)} pairs cannot be split into a part to learn from and a part to be "
                "judged by: use more sentences that differ."
            )
        held_out = (pairs[number] for number in sorted(chosen))
        return cls.from_parts(name, train, held_out, unit, target_unit, vocabulary, remarks)

    @classmethod
    def from_parts(
        cls,
        name: str,
        train: Iterable[Pair],
        held_out: Iterable[Pair],
        unit: str = "word",
        target_unit: str | None = None,
        vocabulary: int | None = None,
        remarks: Sequence[str] = (),
    ) -> PairCorpus:
        """Count the vocabularies of pairs that are split already; see `from_pairs`."""
        train = tuple(train)
        target_unit = target_unit or unit
        words.check_unit(unit)
        words.check_unit(target_unit)
        return cls(
            name,
            unit,
            target_unit,
            _vocabulary((pair.source for pair in train), vocabulary),
            _vocabulary((pair.target for pair in train), vocabulary),
            train,
            tuple(held_out),
            tuple(remarks),
        )

    @cached_property
    def _source_ids(self) -> dict[str, int]:
        return _ids(self.source_vocabulary)

    @cached_property
    def _target_ids(self) -> dict[str, int]:
        return _ids(self.target_vocabulary)

    def encode_source(self, tokens: Sequence[str]) -> list[int]:
        """Ids of a source sentence with END after it; what is not in the vocabulary is UNKNOWN."""
        return [*(self._source_ids.get(token, UNKNOWN) for token in tokens), END]

    def encode_target(self, tokens: Sequence[str]) -> list[int]:
        """Ids of a target sentence with END after it; what is not in the vocabulary is UNKNOWN."""
        return [*(self._target_ids.get(token, UNKNOWN) for token in tokens), END]

    def split_source(self, text: str) -> tuple[tuple[str, ...], list[str]]:
        """Split a sentence that somebody typed, as the corpus is split.

        Returns:
            Its tokens, and those of them that the model has never seen, each once. A letter that
            is known in the other case only is taken in that case; an unknown hyphen joins words
            ("twenty-one") and is left out.
        """
        known = self._source_ids
        tokens = words.split(text, self.unit)
        if self.unit == "character":
            tokens = tuple(
                next((s for s in (t, t.lower(), t.upper()) if s in known), t) for t in tokens
            )
        elif "-" not in known:
            tokens = tuple(token for token in tokens if token != "-")
        return tokens, list(dict.fromkeys(token for token in tokens if token not in known))

    def source_text(self, tokens: Sequence[str]) -> str:
        """Write source tokens as a line to read."""
        return words.join(tokens, self.unit)

    def target_text(self, tokens: Sequence[str]) -> str:
        """Write target tokens as a line to read."""
        return words.join(tokens, self.target_unit)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hex digits) of everything but name and remarks: equal data, equal digest."""
        about, parts = packing.pack(self)
        del about["name"], about["remarks"]
        digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
        for key in sorted(parts):
            part = np.ascontiguousarray(parts[key], dtype="<u4")
            digest.update(part.size.to_bytes(8, "little") + part.tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """Give the corpus as a safetensors file: ids, lengths and links as small integers."""
        return packing.save(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> PairCorpus:
        """Read what `to_bytes` wrote.

        Raises:
            PairError: the bytes are something else, or damaged.
        """
        try:
            fields = packing.load(data)
        except packing.DamagedError:
            raise PairError(_FOREIGN) from None
        for part in ("train", "held_out"):
            fields[part] = tuple(Pair(*pair) for pair in fields[part])
        return cls(**fields)


def _draw(pairs, held_out, seed, group, taught) -> set[int]:
    # Numbers of the pairs to hold out: whole groups in random order, as long as they fit.
    wanted = held_out if isinstance(held_out, int) else max(1, round(held_out * len(pairs)))
    taught = frozenset(taught)
    groups: dict[Hashable, list[int]] = {}
    for number, pair in enumerate(pairs):
        groups.setdefault(group(pair), []).append(number)
    free = [
        members
        for members in groups.values()
        if not any(pairs[number].source in taught for number in members)
    ]
    # Drawing from a shrinking list one by one would cost the square of its length.
    order = Dice(seed)
    keys = sorted((order.below(1 << 40), place) for place in range(len(free)))
    chosen: set[int] = set()
    for _, place in keys:
        if len(chosen) + len(free[place]) <= wanted and len(chosen) < len(pairs) - 1:
            chosen.update(free[place])
    return chosen


def _vocabulary(sentences: Iterable[Sequence[str]], most: int | None) -> tuple[str, ...]:
    counts = Counter(token for sentence in sentences for token in sentence)
    ranked = sorted(counts.keys() - set(SPECIALS), key=lambda token: (-counts[token], token))
    return (*SPECIALS, *ranked[:most])


def _ids(vocabulary: Sequence[str]) -> dict[str, int]:
    # A word of the text that looks like a special token is none.
    special = len(SPECIALS)
    return {token: place for place, token in enumerate(vocabulary[special:], start=special)}
