"""What a masked model expects in a blank: of one sentence, of two, of a whole list.

Probabilities are raw: over the whole vocabulary (`lab.masked.shares` has conditional ones). All
functions give what JSON can hold; a page asks for them by `of_run` and `of_folder`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.masked.readers import Reader, from_folder, from_run
from lab.masked.slots import MOST as MOST_SENTENCES
from lab.masked.slots import check_blank
from lab.masked.targets import Target, check, resolve

MOST_TOP = 100
DRAWN = 300  # tokens of a contrast
_ROWS = 2 * MOST_SENTENCES + 10  # a list, and its neutral sentences


def fill(
    reader: Reader,
    sentences: Sequence[str],
    k: int = 10,
    targets: Sequence[str] = (),
    in_pieces: bool = False,
) -> list[dict[str, Any]]:
    """Return the most probable tokens of every blank, and the probability of some words.

    Each blank is guessed with the others still hidden.

    Args:
        reader: the model.
        sentences: each with one [MASK] or more.
        k: tokens for each blank.
        targets: words.
        in_pieces: score words of several pieces, see `in_one_piece_after_another`.

    Returns:
        For each sentence {"sentence", "tokens", "ids", "blanks": [{"place" (from 0), "top":
        [{"token", "id", "p"}], "targets": [{"word", "pieces", "ids", "log_p" (nats) or None,
        "refused"}]}]}.

    Raises:
        ValueError: a sentence cannot be read, or there are too many words.
    """
    words = check(targets)
    rows = reader.encode(_few(sentences))
    found: list[dict[str, Any]] = [{}] * len(rows)
    for number, guesses in reader.guesses(rows):
        sentence, row = sentences[number], rows[number]
        blanks = []
        for blank, (place, chances) in enumerate(zip(reader.blanks(row), guesses, strict=True)):
            seen = resolve(reader, sentence, words, blank, in_pieces)
            log_p = [_score(reader, row, place, target, chances) for target in seen]
            blanks.append(
                {
                    "place": place,
                    "top": _top(reader, chances, min(k, MOST_TOP)),
                    "targets": [_told(t, p) for t, p in zip(seen, log_p, strict=True)],
                }
            )
        found[number] = {
            "sentence": sentence,
            "tokens": reader.show(row),
            "ids": list(row),
            "blanks": blanks,
        }
    return found


def _few(sentences: Sequence[str]) -> Sequence[str]:
    if not sentences:
        raise ValueError("Write a sentence with [MASK] in it.")
    if len(sentences) > _ROWS:
        raise ValueError(f"These are {len(sentences)} sentences, and {_ROWS} are read at once.")
    return sentences


def _top(reader: Reader, chances: np.ndarray, k: int) -> list[dict[str, Any]]:
    k = min(k, len(chances))
    best = np.argpartition(-chances, k - 1)[:k]
    best = best[np.lexsort((best, -chances[best]))]  # ties: the smaller number first
    tokens = reader.show(best.tolist())
    return [
        {"token": token, "id": int(number), "p": math.exp(chances[number])}
        for token, number in zip(tokens, best, strict=True)
    ]


def _score(
    reader: Reader, row: Sequence[int], place: int, target: Target, chances: np.ndarray
) -> float | None:
    if target.refused:
        return None
    if target.single:
        return float(chances[target.ids[0]])
    return in_one_piece_after_another(reader, row, place, target.ids)


def in_one_piece_after_another(
    reader: Reader, row: Sequence[int], place: int, ids: Sequence[int]
) -> float:
    """Return the log-probability of a word of several pieces, in nats.

    The blank becomes one for each piece. The first piece is read with all of them hidden, the
    second with the first one filled in, and so on; the logarithms are added. The number of blanks
    tells the model how long the word is, so the sum is not to be compared with that of a word of
    another number of pieces.

    Args:
        reader: the model.
        row: token numbers with a blank.
        place: of the blank.
        ids: of the pieces.
    """
    count = len(ids)
    hidden = [reader.mask_id] * count
    rows = [[*row[:place], *ids[:done], *hidden[done:], *row[place + 1 :]] for done in range(count)]
    if len(rows[0]) > reader.longest:
        raise ValueError(f"With all its pieces this is longer than {reader.longest} tokens.")
    before = sum(number == reader.mask_id for number in row[:place])
    # Of the blanks that are left in a row, the first one of the word.
    return sum(float(chances[before, ids[done]]) for done, chances in reader.guesses(rows))


def _told(target: Target, log_p: float | None) -> dict[str, Any]:
    return {
        "word": target.word,
        "pieces": list(target.pieces),
        "ids": list(target.ids),
        "log_p": log_p,
        "refused": target.refused,
    }


def contrast(reader: Reader, sentences: Sequence[str], most: int = DRAWN) -> dict[str, Any]:
    """Return the probability of the same tokens in the blanks of two sentences.

    Args:
        reader: the model.
        sentences: two of them, each with one blank.
        most: tokens: those whose larger probability is largest.

    Returns:
        {"rows": [{"token", "id", "a", "b"}], the most probable first, "covered": [of a, of b]}:
        probabilities, and the sum of those in the list.

    Raises:
        ValueError: there are not two sentences with one blank each.
    """
    if len(sentences) != 2:
        raise ValueError("Two sentences are compared.")
    for sentence in sentences:
        check_blank(sentence)
    rows = reader.encode(sentences)
    read = dict(reader.guesses(rows))
    a, b = (np.exp(read[number][0].astype(np.float64)) for number in (0, 1))
    larger = np.maximum(a, b)
    best = np.argsort(-larger, kind="stable")[: min(most, 1_000)]
    tokens = reader.show(best.tolist())
    return {
        "rows": [
            {"token": token, "id": int(number), "a": float(a[number]), "b": float(b[number])}
            for token, number in zip(tokens, best, strict=True)
        ],
        "covered": [float(a[best].sum()), float(b[best].sum())],
    }


def grid(
    reader: Reader, sentences: Sequence[str], targets: Sequence[str], in_pieces: bool = False
) -> dict[str, Any]:
    """Return the log-probability of some words in the blanks of many sentences.

    Args:
        reader: the model.
        sentences: N of them, each with one blank; equal ones are read once.
        targets: W words.
        in_pieces: score words of several pieces.

    Returns:
        {"words": [{"word", "pieces" (in the first sentence), "single", "refused"}], "log_p":
        N lists of W log-probabilities in nats, None where a word cannot be scored}. A word is
        "single" if it is one token in every sentence.

    Raises:
        ValueError: a sentence cannot be read, or there are too many words.
    """
    words = check(targets)
    if not words:
        raise ValueError("Write at least one word to compare, such as he.")
    distinct = list(dict.fromkeys(_few(sentences)))
    for sentence in distinct:
        check_blank(sentence)
    rows = reader.encode(distinct)
    known: dict[tuple, list[Target]] = {}
    found: dict[str, list[float | None]] = {}
    seen: dict[str, list[Target]] = {}
    for number, chances in reader.guesses(rows):
        sentence, row = distinct[number], rows[number]
        place = reader.blanks(row)[0]
        key = _around(reader.own(sentence), reader.mask)
        if key not in known:
            known[key] = resolve(reader, sentence, words, 0, in_pieces)
        seen[sentence] = known[key]
        found[sentence] = [_score(reader, row, place, t, chances[0]) for t in known[key]]
    return {
        "words": [_over(word, [seen[s][n] for s in distinct]) for n, word in enumerate(words)],
        "log_p": [found[sentence] for sentence in sentences],
    }


def _around(sentence: str, mask: str) -> tuple[str, bool, str]:
    # What decides how a word in the blank is cut: what touches it, and whether a sentence begins.
    before, _, after = sentence.partition(mask)
    return before[-1:], before.rstrip()[-1:] in ("", ".", "!", "?", ":"), after[:1]


def _over(word: str, targets: Sequence[Target]) -> dict[str, Any]:
    refused = next((target.refused for target in targets if target.refused), "")
    return {
        "word": word,
        "pieces": list(targets[0].pieces),
        "single": all(target.single for target in targets),
        "refused": refused,
    }


_QUESTIONS = {"fill": fill, "contrast": contrast, "grid": grid}


def of_run(checkpoint: bytes, rows: Any, what: str, **given: Any) -> Any:
    """Answer "fill", "contrast" or "grid" about a run of a masked model; errors are ValueErrors."""
    return _QUESTIONS[what](from_run(checkpoint, rows), **given)


def of_folder(path: str, what: str, name: str = "", **given: Any) -> Any:
    """Answer "fill", "contrast" or "grid" about a model folder; errors are ValueErrors."""
    return _QUESTIONS[what](from_folder(path, name), **given)
