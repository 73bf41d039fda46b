"""From a file of sentence pairs, perhaps with a gold alignment, to a `PairCorpus`.

Whatever is wrong with a file becomes one sentence with the number of the line and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from lab.models.tokens import SPECIALS
from lab.seq2seq import words
from lab.seq2seq.pairs import Pair, PairCorpus, PairError
from lab.text.reading import TextError, decode

LIMIT = 10_000_000  # bytes
FEWEST, MOST = 20, 20_000  # pairs
LONGEST = 80  # tokens a side
VOCABULARY = 8000  # tokens a side
_LONGEST_TOKEN = 100  # characters
_LONGEST_LINE = LONGEST * _LONGEST_TOKEN  # characters a side; longer ones are not even split
_LINE_END = re.compile("\r\n|\n|\r")
_LINK = re.compile("([0-9]{1,6})([-p])([0-9]{1,6})")

Links = tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]  # sure, possible


def read_pairs(data: bytes, name: str, unit: str = "word", gold: bytes | None = None) -> PairCorpus:
    """Read one pair a line: source and target with a tab or " ||| " between them.

    What follows a second tab (Tatoeba's exports name the authors there) is ignored, and so are
    empty lines. With a gold alignment the words are those that white space separates, because
    the alignment counts them; else punctuation is split off. All is lower case, except where
    characters are the tokens.

    Args:
        data: the file; UTF-8, or whatever `lab.text.reading.decode` recognises.
        name: what the page calls it.
        unit: "word" or "character", for both sides.
        gold: a second file with one line a pair: "2-3" links word 2 of the source and word 3 of
            the target for sure, "2p3" possibly, counted from 1. An empty line: no gold.

    Returns:
        The corpus; its `remarks` tell what was left out.

    Raises:
        PairError: the files cannot be used.
    """
    words.check_unit(unit)
    if gold is not None and unit != "word":
        raise PairError("A gold alignment counts words: choose words, or leave the alignment out.")
    lines = _lines(data)
    while lines and not lines[-1].strip():
        lines.pop()
    links = None if gold is None else _gold_lines(gold, len(lines))
    pairs: list[Pair] = []
    long = beyond = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        sides = _sides(line, number)
        if len(pairs) == MOST:
            beyond += 1
            continue
        if max(map(len, sides)) > _LONGEST_LINE:
            long += 1
            continue
        source, target = (_tokens(side, unit, aligned=links is not None) for side in sides)
        for side, tokens in (("source sentence", source), ("translation", target)):
            if not tokens:
                raise PairError(f"Line {number} has no {side}: fill it in, or delete the line.")
        found = _links(links[number - 1], number, source, target) if links else ()
        if _too_long(source) or _too_long(target):
            long += 1
            continue
        pairs.append(Pair(source, target, *found))
    if len(pairs) < FEWEST:
        raise PairError(
            f"This file has {len(pairs)} pairs that can be used, and at least {FEWEST} are needed: "
            f"add some, each with at most {LONGEST} {unit}s a side."
        )
    if links and not any(pair.possible for pair in pairs):
        raise PairError("The gold alignment has no link in it: leave it out, or choose another.")
    corpus = PairCorpus.from_pairs(name, pairs, unit, vocabulary=VOCABULARY)
    return replace(corpus, remarks=_remarks(corpus, long, beyond))


def _lines(data: bytes, what: str = "") -> list[str]:
    try:
        lines = _LINE_END.split(decode(data, LIMIT))
    except TextError as error:
        raise PairError(f"{what}{error}") from None
    return lines if lines[-1] else lines[:-1]


def _gold_lines(gold: bytes, count: int) -> list[str]:
    # Empty lines at the end may be too many; anything else is out of step.
    lines = _lines(gold, "Gold alignment: ")
    if len(lines) < count or any(line.strip() for line in lines[count:]):
        raise PairError(
            f"The gold alignment has {len(lines):,} lines and the pairs have {count:,}: it needs "
            "one line a pair, empty where there is no gold."
        )
    return lines[:count]


def _sides(line: str, number: int) -> tuple[str, str]:
    mark = "\t" if "\t" in line else "|||"
    if mark not in line:
        raise PairError(
            f"Line {number} has no tab and no ||| in it: write a sentence, a tab and its "
            "translation on one line."
        )
    source, target, *_ = line.split(mark)
    return source, target


def _tokens(side: str, unit: str, aligned: bool) -> tuple[str, ...]:
    if not aligned:
        return words.split(side, unit)
    # An alignment counts what spaces separate, other white space belongs to its word.
    text = unicodedata.normalize("NFC", side.lower())
    return tuple(token for token in text.split(" ") if token)


def _too_long(tokens: tuple[str, ...]) -> bool:
    return len(tokens) > LONGEST or max(map(len, tokens)) > _LONGEST_TOKEN


def _links(line: str, number: int, source: tuple[str, ...], target: tuple[str, ...]) -> Links:
    sure, possible = set(), set()
    for text in line.split():
        match = _LINK.fullmatch(text)
        if not match:
            raise PairError(
                f"Line {number} of the gold alignment has {text[:20]!r}, which is no link: write "
                "2-3 for a sure link from word 2 to word 3, and 2p3 for a possible one."
            )
        i, kind, j = int(match[1]), match[2], int(match[3])
        if not (1 <= i <= len(source) and 1 <= j <= len(target)):
            raise PairError(
                f"Line {number} of the gold alignment has {text}, but the sentences have "
                f"{len(source)} and {len(target)} words: count from 1, source first."
            )
        (sure if kind == "-" else possible).add((i - 1, j - 1))
    return frozenset(sure), frozenset(sure | possible)


def _remarks(corpus: PairCorpus, long: int, beyond: int) -> tuple[str, ...]:
    remarks = []
    if long:
        unit = f"{LONGEST} {corpus.unit}s"
        remarks.append(f"Left out because a side is longer than {unit}: {long:,} pairs.")
    if beyond:
        remarks.append(f"Left out because {MOST:,} pairs are the limit: the last {beyond:,} pairs.")
    for side in ("source", "target"):
        seen = {token for pair in corpus.train for token in getattr(pair, side)}
        rare = len(seen) + len(SPECIALS) - len(getattr(corpus, f"{side}_vocabulary"))
        if rare > 0:
            remarks.append(
                f"Of the {len(seen):,} {corpus.unit}s on the {side} side only the "
                f"{VOCABULARY:,} most frequent are known; the other {rare:,} count as unknown."
            )
    return tuple(remarks)
