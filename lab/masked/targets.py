"""Which tokens a word is, where it takes the place of a blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.masked.readers import Reader

MOST = 12  # words at once
LONGEST = 60  # characters of a word
_ENDS = (".", "!", "?", ":")


class TargetError(ValueError):
    """A word that cannot stand in a blank; the message is one sentence."""


@dataclass(frozen=True)
class Target:
    """A word as a model writes it in a blank.

    Args:
        word: as it was asked for.
        ids: numbers of its pieces.
        pieces: the same as tokens.
        refused: why it is not scored, or "".
    """

    word: str
    ids: tuple[int, ...] = ()
    pieces: tuple[str, ...] = ()
    refused: str = ""

    @property
    def single(self) -> bool:
        """Whether it is one token, so that its probability can stand beside others."""
        return not self.refused and len(self.ids) == 1


def check(words: Sequence[str]) -> list[str]:
    """Return words without white space around them, each once.

    Raises:
        TargetError: there are too many, or one is too long.
    """
    found = list(dict.fromkeys(" ".join(word.split()) for word in words if word.strip()))
    if len(found) > MOST:
        raise TargetError(f"These are {len(found)} words, and {MOST} are compared: take some away.")
    for word in found:
        if len(word) > LONGEST:
            raise TargetError(f"“{word[:20]}…” is too long for a word to compare.")
    return found


def resolve(
    reader: Reader, sentence: str, words: Sequence[str], blank: int = 0, in_pieces: bool = False
) -> list[Target]:
    """Find the tokens of words in their sentence, with the space and the capital that it asks for.

    RoBERTa's " he" inside a sentence is another token than its "he"; a model that tells capitals
    gets one at the beginning of a sentence.

    Args:
        reader: the model.
        sentence: with blanks.
        words: to put there.
        blank: which of the blanks, from 0.
        in_pieces: whether a word of several pieces is accepted.
    """
    parts = reader.own(sentence).split(reader.mask)
    before = reader.mask.join(parts[: blank + 1])
    after = reader.mask.join(parts[blank + 1 :])
    begins = not before.strip() or before.rstrip().endswith(_ENDS)
    written = [w[:1].upper() + w[1:] if begins and reader.cased else w for w in words]
    rows = reader.numbers([reader.own(sentence), *(f"{before}{w}{after}" for w in written)])
    place = reader.blanks(rows[0])[blank]
    return [
        _target(reader, word, rows[0], row, place, in_pieces)
        for word, row in zip(words, rows[1:], strict=True)
    ]


def _target(
    reader: Reader, word: str, blank: list[int], row: list[int], place: int, in_pieces: bool
) -> Target:
    count = len(row) - len(blank) + 1
    same = row[:place] == blank[:place] and row[place + count :] == blank[place + 1 :]
    if count < 1 or not same or reader.mask_id in row[place : place + count]:
        return Target(word, refused=f"“{word}” grows together with what stands beside the blank.")
    ids = tuple(row[place : place + count])
    pieces = tuple(reader.show(ids))
    if reader.unknown_id in ids:
        return Target(word, ids, pieces, f"{reader.name} does not know “{word}”.")
    if count > 1 and not in_pieces:
        return Target(
            word,
            ids,
            pieces,
            f"For {reader.name} “{word}” is {count} pieces ({' + '.join(pieces)}): one blank holds "
            "one.",
        )
    return Target(word, ids, pieces)
