"""A text ready for training: token ids, a part to learn from and a part to be judged by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lab.text.reading import TextError, clean
from lab.text.tokenizers import KINDS, LONGEST_WORD, Tokenizer, tokenizer_from_json

FORMAT = "glasshouse-corpus-1"
_FOREIGN = "This is not a corpus that Glasshouse saved: prepare it again from its text."
_NO_TEXT = np.zeros(2, dtype=np.int64)  # a part must hold 2 tokens


@dataclass(frozen=True, eq=False)
class Corpus:
    """Token ids of a training part and a validation part, and the tokenizer that made them.

    Args:
        name: what the page calls it; no part of the digest.
        tokenizer: turns the ids back into text.
        train: (T,) int64, the part that models learn from.
        validation: (T',) int64, the part that follows it, only ever used to measure.
        characters_per_token: characters of the validation part for each of its tokens; a loss in
            nats per token divided by this and by ln 2 is in bits per character.
    """

    name: str
    tokenizer: Tokenizer
    train: np.ndarray
    validation: np.ndarray
    characters_per_token: float = 1.0

    @classmethod
    def from_text(
        cls,
        text: str,
        tokenizer: str | Tokenizer = "character",
        validation: float = 0.1,
        name: str = "",
    ) -> Corpus:
        """Clean, split and encode a text.

        The split is contiguous: the first 90 % train, the last 10 % validate. Shuffled lines
        would leak: neighbouring lines share names, phrases and whole repetitions, so a model
        could score well on held-out lines by having learned the lines around them by heart. For
        the same reason the words of the vocabulary come from the training part alone. Characters
        come from the whole text, as usual: their set is closed, and knowing it gives nothing away.

        Args:
            text: any text; it goes through `lab.text.clean`.
            tokenizer: "character", "word", or a tokenizer fitted before, for instance that of a
                saved model.
            validation: share of the text held out, above 0 and at most 0.5.
            name: what the page calls it.

        Raises:
            TextError: the text cannot be used (see `clean`), or a part holds fewer than 2 tokens.
            ValueError: there is no such tokenizer, or the share is out of range.
        """
        if not 0 < validation <= 0.5:
            raise ValueError(f"The validation share must be above 0 and at most 0.5: {validation}.")
        if isinstance(tokenizer, str) and tokenizer not in KINDS:
            raise ValueError(f"There is no {tokenizer!r} tokenizer; there are {', '.join(KINDS)}.")
        text = clean(text)
        kind = tokenizer if isinstance(tokenizer, str) else tokenizer.kind
        cut = int(len(text) * (1 - validation))
        if kind == "word":
            cut = _word_end(text, cut)
        if isinstance(tokenizer, str):
            tokenizer = KINDS[kind].fit(text[:cut] if kind == "word" else text)
        train, held_out = tokenizer.encode(text[:cut]), tokenizer.encode(text[cut:])
        if min(len(train), len(held_out)) < 2:
            raise TextError(
                f"This text gives {len(train)} {kind} tokens for training and {len(held_out)} for "
                "validation, and each part needs at least 2: use a longer text."
            )
        return cls(name, tokenizer, train, held_out, len(text[cut:]) / len(held_out))

    @classmethod
    def without_text(cls, name: str, tokenizer: Tokenizer, characters_per_token: float) -> Corpus:
        """Stand in for a text that is not here: its vocabulary, and nothing to learn from."""
        return cls(name, tokenizer, _NO_TEXT, _NO_TEXT, characters_per_token)

    @property
    def has_text(self) -> bool:
        """Whether there is a text to learn from: False for what `without_text` gave."""
        return not all(np.array_equal(part, _NO_TEXT) for part in (self.train, self.validation))

    @property
    def vocabulary_size(self) -> int:
        """The number of classes V that a model of this text predicts."""
        return len(self.tokenizer)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hex digits) of tokenizer and ids: equal contents, equal digest, anywhere."""
        digest = hashlib.sha256(self.tokenizer.to_json().encode())
        for part in (self.train, self.validation):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(np.ascontiguousarray(part, dtype="<u4").tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """Give the corpus as a safetensors file; ids take 1, 2 or 4 bytes, as V needs."""
        from safetensors.numpy import save

        small = np.min_scalar_type(self.vocabulary_size - 1)
        parts = {"train": self.train.astype(small), "validation": self.validation.astype(small)}
        return save(
            parts,
            metadata={
                "format": FORMAT,
                "name": json.dumps(self.name),
                "tokenizer": self.tokenizer.to_json(),
                "characters_per_token": repr(float(self.characters_per_token)),
            },
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Corpus:
        """Read what `to_bytes` wrote.

        Raises:
            TextError: the bytes are something else, or damaged.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            length = int.from_bytes(data[:8], "little")
            about = json.loads(data[8 : 8 + length])["__metadata__"]
            if about["format"] != FORMAT:
                raise TextError(_FOREIGN)
            parts = load(data)
            ratio = float(about["characters_per_token"])
            name, tokenizer = json.loads(about["name"]), tokenizer_from_json(about["tokenizer"])
            train, validation = parts["train"], parts["validation"]
        except (ValueError, KeyError, TypeError, RecursionError, SafetensorError):
            raise TextError(_FOREIGN) from None
        whole = all(
            part.ndim == 1 and part.dtype.kind == "u" and part.size and part.max() < len(tokenizer)
            for part in (train, validation)
        )
        if not (whole and isinstance(name, str) and 0 < ratio < float("inf")):
            raise TextError(_FOREIGN)
        return cls(name, tokenizer, train.astype(np.int64), validation.astype(np.int64), ratio)


def _word_end(text: str, cut: int) -> int:
    # The first place from `cut` on where no word is torn: after white space. Chinese or a blob of
    # data may have none for long: then the place itself.
    for place in range(cut, min(cut + LONGEST_WORD, len(text))):
        if text[place - 1].isspace():
            return place
    return cut
