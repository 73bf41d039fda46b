"""From text to numbers and back: one token a character, or one token a word.

A language model sees no letters, only the indices of tokens in a vocabulary. What counts as one
token decides how long the sequences are and how many outcomes each prediction has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np

from lab.text.reading import TextError

UNKNOWN = "<unk>"
JOINER = "\uffed"  # the half-width black square, OpenNMT's mark for "no space here"
LIMIT = 8_000  # default size of a vocabulary: what is rarer becomes <unk>
LONGEST_WORD = 60  # characters; a longer run (a data blob, a line of dashes) is cut into several
_VISIBLE = {" ": "␣", "\n": "↵", "\t": "⇥"}
_CLOSING, _OPENING = frozenset(",.;:!?)]}…%"), frozenset("([{¿¡")

# What is neither white space nor one of these is part of a word. Python's \w would not do: it
# leaves out the vowel signs of Indic scripts and would cut their words apart.
_MARKS = (
    r"!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb-\u00bf\u00d7\u00f7"
    r"\u055a-\u055f\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u2010-\u205e\u20a0-\u20cf"
    r"\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3030\ufe30-\ufe6f\uff00-\uff0f"
    r"\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff\U0001f000-\U0001faff"
)
# Chinese and Japanese write no spaces between words: there, each sign is a token of its own.
_SIGNS = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\s{_MARKS}{_SIGNS}]"
_PIECE = re.compile(
    rf"\n|{_LETTER}{{1,{LONGEST_WORD}}}(?:['’]{_LETTER}{{1,{LONGEST_WORD}}})?|[{_MARKS}]|[{_SIGNS}]"
)
_IS_SIGN = re.compile(rf"[{_SIGNS}]")
_IS_MARK = re.compile(rf"[{_MARKS}]")


class _Tokenizer:
    """What both tokenizers share: a list of distinct pieces, whose position is their id."""

    kind = ""

    def __init__(self, vocabulary: Sequence[str]):
        self.vocabulary = list(vocabulary)
        self._index = {piece: number for number, piece in enumerate(self.vocabulary)}
        if not self.vocabulary or len(self._index) != len(self.vocabulary):
            raise TextError("A vocabulary needs at least one token and no token twice.")
        self._unknown = self._index.get(UNKNOWN)

    def __len__(self) -> int:
        return len(self.vocabulary)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.vocabulary == other.vocabulary

    def __hash__(self) -> int:
        return hash((self.kind, tuple(self.vocabulary)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} tokens)"

    def _pieces(self, ids: Iterable[int]) -> list[str]:
        numbers = np.asarray(list(ids) if not isinstance(ids, np.ndarray) else ids)
        if numbers.size and not (numbers.min() >= 0 and numbers.max() < len(self)):
            raise ValueError(f"Token ids must lie between 0 and {len(self) - 1}.")
        return [self.vocabulary[number] for number in numbers.tolist()]

    def _known(self, numbers: np.ndarray) -> np.ndarray:
        # -1 stands for "not in the vocabulary" until here.
        if self._unknown is None:
            return numbers[numbers >= 0]
        return np.where(numbers < 0, self._unknown, numbers)

    def unknown_share(self, ids: np.ndarray) -> float:
        """Return the share of ids, from 0 to 1, that stand for `<unk>`."""
        if self._unknown is None or not len(ids):
            return 0.0
        return float(np.mean(np.asarray(ids) == self._unknown))

    def to_json(self) -> str:
        """Give the tokenizer as a JSON object with `kind` and `vocabulary` (ASCII only)."""
        return json.dumps({"kind": self.kind, "vocabulary": self.vocabulary})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Make the tokenizer that `to_json` described.

        Raises:
            TextError: it is not such a description, or one of another kind.
        """
        tokenizer = tokenizer_from_json(text)
        if not isinstance(tokenizer, cls):
            raise TextError(f"This is a {tokenizer.kind} tokenizer, not a {cls.kind} tokenizer.")
        return tokenizer


class CharacterTokenizer(_Tokenizer):
    """One token for each character (Unicode code point), ids in the order of the code points.

    The vocabulary is closed: it holds every character of the text it was fitted on and needs no
    `<unk>`, so the 65 symbols of Tiny Shakespeare give exactly 65 classes. Only a text with more
    than `limit` distinct characters gets an `<unk>` (id 0), for the rarest. A tokenizer without
    `<unk>` leaves unknown characters of a prompt out: no network has learned anything about a
    symbol that never came up. `unknown` tells which these are, to be shown.

    Args:
        vocabulary: distinct characters, and `<unk>` if there is to be one.
    """

    kind = "character"

    def __init__(self, vocabulary: Sequence[str]):
        super().__init__(vocabulary)
        if any(len(piece) != 1 and piece != UNKNOWN for piece in self.vocabulary):
            raise TextError("A character tokenizer has tokens of one character each.")
        self._table = np.full(0x110000, -1, dtype=np.int32)  # id of each code point
        for piece, number in self._index.items():
            if piece != UNKNOWN:
                self._table[ord(piece)] = number

    @classmethod
    def fit(cls, text: str, limit: int = LIMIT) -> CharacterTokenizer:
        """Collect the distinct characters of `text`, at most `limit` tokens, rarest left out.

        Raises:
            TextError: the text is empty.
        """
        codes, counts = np.unique(_code_points(text), return_counts=True)
        if not codes.size:
            raise TextError("There is no text to make a vocabulary from: give some text first.")
        if codes.size <= limit:
            return cls([chr(code) for code in codes])
        frequent = np.sort(codes[np.argsort(-counts, kind="stable")[: limit - 1]])
        return cls([UNKNOWN, *(chr(code) for code in frequent)])

    def encode(self, text: str) -> np.ndarray:
        """Turn text into ids, (T,) int64; see the class for unknown characters."""
        return self._known(self._table[_code_points(text)].astype(np.int64))

    def decode(self, ids: Iterable[int]) -> str:
        """Turn ids back into text; `<unk>` becomes the replacement character U+FFFD.

        Raises:
            ValueError: an id is outside the vocabulary.
        """
        return "".join("\ufffd" if piece == UNKNOWN else piece for piece in self._pieces(ids))

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Name each token so that it can be seen: a space is ␣, a line end ↵, a tab ⇥."""
        return [visible(piece) for piece in self._pieces(ids)]

    def unknown(self, text: str) -> list[str]:
        """List the distinct characters of `text` that the vocabulary lacks, in order of use."""
        codes = _code_points(text)
        missing = codes[self._table[codes] < 0]
        return [chr(code) for code in dict.fromkeys(missing.tolist())]


class WordTokenizer(_Tokenizer):
    """One token for each word, punctuation mark and line end; ids in order of frequency.

    Spaces are no tokens. Two tokens have a space between them unless a joiner (U+FFED) says that
    there is none: the comma of "yes, no" is the token "￭,", the quotation mark that opens is
    another token than the one that closes. So decoding gives back the text that was encoded, but
    for runs of white space (one space within a line, none at its ends) and for rare words, which
    become `<unk>` (id 0).
    Chinese and Japanese signs are tokens of their own and stand without spaces.

    Source of the joiner: Klein et al. 2017, OpenNMT, and its Tokenizer ("joiner annotation").

    Args:
        vocabulary: distinct tokens, `<unk>` among them.
    """

    kind = "word"

    def __init__(self, vocabulary: Sequence[str]):
        super().__init__(vocabulary)
        if self._unknown is None:
            raise TextError("A word tokenizer needs <unk> in its vocabulary.")

    @classmethod
    def fit(cls, text: str, limit: int = LIMIT) -> WordTokenizer:
        """Take the most frequent words of `text`: at most `limit` tokens with `<unk>`.

        Equally frequent words go in alphabetical order, so that the result is always the same.

        Raises:
            TextError: the text holds no word and no mark.
        """
        counts = Counter(split_words(text))
        if not counts:
            raise TextError("There are no words to make a vocabulary from: give some text first.")
        ordered = sorted(counts, key=lambda piece: (-counts[piece], piece))
        return cls([UNKNOWN, *ordered[: limit - 1]])

    def encode(self, text: str) -> np.ndarray:
        """Turn text into ids, (T,) int64; words that the vocabulary lacks become `<unk>`."""
        index, unknown = self._index, self._unknown
        return np.array([index.get(piece, unknown) for piece in split_words(text)], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> str:
        """Turn ids back into text with spaces where they belong.

        Raises:
            ValueError: an id is outside the vocabulary.
        """
        parts, joined, sign = [], True, False
        for piece in self._pieces(ids):
            core, left, right = _unjoin(piece)
            is_sign = bool(_IS_SIGN.fullmatch(core))
            if not (joined or left or core == "\n" or (sign and is_sign)):
                parts.append(" ")
            parts.append(core)
            joined, sign = right or core == "\n", is_sign
        return "".join(parts)

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Name each token so that it can be seen: a line end is ↵; the joiner is left out where
        it is usual (before a comma), and a space is shown as ␣ where it is unusual."""
        return [_visible_word(piece) for piece in self._pieces(ids)]

    def unknown(self, text: str) -> list[str]:
        """List the distinct words and marks of `text` that the vocabulary lacks."""
        missing = (piece for piece in split_words(text) if piece not in self._index)
        return list(dict.fromkeys(_unjoin(piece)[0] for piece in missing))


Tokenizer = CharacterTokenizer | WordTokenizer
KINDS: dict[str, type[CharacterTokenizer] | type[WordTokenizer]] = {
    "character": CharacterTokenizer,
    "word": WordTokenizer,
}


def tokenizer_from_json(text: str) -> Tokenizer:
    """Make the tokenizer of either kind that `to_json` described.

    Raises:
        TextError: it is not such a description.
    """
    try:
        data = json.loads(text)
        kind, vocabulary = KINDS[data["kind"]], data["vocabulary"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TextError("This is not the description of a tokenizer.") from None
    if not isinstance(vocabulary, list) or not all(isinstance(item, str) for item in vocabulary):
        raise TextError("The vocabulary of a tokenizer must be a list of texts.")
    return kind(vocabulary)


def split_words(text: str) -> list[str]:
    """Cut text into words, marks and line ends, with joiners where no space stands between.

    Only marks carry joiners; a word does so only when it follows another word without a space,
    as the pieces of an overlong one do.
    """
    pieces: list[str] = []
    end, last = -1, "\n"  # where the piece before ended, and what it was: word, mark, sign, "\n"
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece == "\n":
            kind = "\n"
        elif len(piece) == 1 and _IS_MARK.match(piece):
            kind = "mark"
        else:
            kind = "sign" if len(piece) == 1 and _IS_SIGN.match(piece) else "word"
        if match.start() == end and kind != "\n" and last != "\n":
            if kind == "mark":
                piece = JOINER + piece
            elif last == "mark":
                pieces[-1] += JOINER
            elif "word" in (kind, last):
                piece = JOINER + piece
        pieces.append(piece)
        end, last = match.end(), kind
    return pieces


def visible(piece: str) -> str:
    """Write a piece so that each of its characters leaves a mark on the page."""
    if piece == UNKNOWN:
        return piece
    return "".join(_visible_character(character) for character in piece)


def _visible_character(character: str) -> str:
    if character in _VISIBLE:
        return _VISIBLE[character]
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Mc"):  # a combining mark needs something to stand on
        return "\u25cc" + character
    if category[0] in "CZ":
        return f"U+{ord(character):04X}"
    return character


def _unjoin(piece: str) -> tuple[str, bool, bool]:
    # The core of a piece, and whether it stands without a space on its left and on its right.
    left = piece.startswith(JOINER) and len(piece) > 1
    core = piece[1:] if left else piece
    right = core.endswith(JOINER) and len(core) > 1
    return core[:-1] if right else core, left, right


def _visible_word(piece: str) -> str:
    core, left, right = _unjoin(piece)
    before = ("" if left else "␣") if core in _CLOSING else (JOINER if left else "")
    after = ("" if right else "␣") if core in _OPENING else (JOINER if right else "")
    # Within a word, combining marks stand on their letters already.
    return before + (core if len(core) > 1 else visible(core)) + after


def _code_points(text: str) -> np.ndarray:
    # (T,) uint32; lone surrogates pass, so that no text at all can break the encoding.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
