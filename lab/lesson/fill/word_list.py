"""A list in the sentence: all of them in one batch, as a heatmap or as log-ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts.blanks import ratio_bars, share_heatmap
from lab.lesson import pictures
from lab.lesson.fill import TEXT
from lab.lesson.fill.models import Answer, ask_in_columns
from lab.lesson.fill.presets import LISTS, draw_presets
from lab.lesson.fill.targets import Targets, refusals
from lab.lesson.kit.keys import Choice, Words
from lab.lesson.kit.page import Page
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source
from lab.masked.shares import conditional, elsewhere, log_ratios
from lab.masked.slots import Row, SlotError, expand, neutral_rows, read

RAW, SHARES, RATIO = "raw", "conditional", "log-ratio"
TEMPLATE = Words(
    "list",
    "Sentence with a list in braces",
    next(iter(LISTS.values()))[0],
    most=8_000,
    help=TEXT("list-help"),
    area=True,
)
MEASURE = Choice("measure", "Probability", (RAW, SHARES, RATIO))
FIRST = Choice("first", "Word", look="select")
SECOND = Choice("second", "against", look="select")
NEUTRAL = Words("neutral", "Neutral word", "person", most=60, help=TEXT("neutral-help"))


@dataclass(frozen=True)
class WordList:
    """What is asked.

    Args:
        template: as it was typed.
        rows: its sentences.
        neutral: the same about nobody in particular, or [].
        word: the neutral one, "" for none.
        measure: `RAW`, `SHARES` or `RATIO`.
        pair: the two words of a log-ratio, or None.
    """

    template: str
    rows: list[Row]
    neutral: list[Row]
    word: str
    measure: str
    pair: tuple[str, str] | None

    @property
    def sentences(self) -> list[str]:
        """Those of the rows, then the neutral ones, each of these once."""
        return [row.sentence for row in self.rows] + self.centres

    @property
    def centres(self) -> list[str]:
        """The neutral sentences, each once."""
        return list(dict.fromkeys(row.sentence for row in self.neutral))


@dataclass(frozen=True)
class Result:
    """What one model said of a list.

    Args:
        words: {"word", "pieces", "single", "refused"} of each.
        log_p: (N, W) of the rows, nats or None.
        neutral: (N, W) of the same sentences about nobody, or None.
    """

    words: list[dict[str, Any]]
    log_p: list[list[float | None]]
    neutral: list[list[float | None]] | None

    def alone(self, row: Sequence[float | None]) -> list[float | None]:
        """Return a row with None for words of several pieces."""
        pairs = zip(row, self.words, strict=True)
        return [value if word["single"] else None for value, word in pairs]


def controls(page: Page, targets: Targets) -> WordList | None:
    """Draw presets, the sentence and the measure; None with the reason on the page."""
    ready = {name: {"list": text, "words": words} for name, (text, words) in LISTS.items()}
    draw_presets(page, "list", ready)
    text = TEMPLATE.draw(height=90)
    left, middle, right = st.columns([5, 4, 3], gap="medium", vertical_alignment="bottom")
    with left:
        measure = MEASURE.draw()
    if measure != RATIO:
        return _read(text, measure, None, NEUTRAL.default)
    with middle:
        pair = _pair(targets.words)
    with right:
        neutral = NEUTRAL.draw()
    return _read(text, measure, pair, neutral.strip())


def _pair(words: Sequence[str]) -> tuple[str, str] | None:
    found = []
    for place, (column, word) in enumerate(
        zip(st.columns(2, gap="small"), (FIRST, SECOND), strict=True)
    ):
        with column:
            first = words[min(place, len(words) - 1)] if words else None
            found.append(word.draw(list(words), default=first))
    return (found[0], found[1]) if None not in found else None


def _read(text: str, measure: str, pair: tuple[str, str] | None, neutral: str) -> WordList | None:
    try:
        template = read(text)
        rows = expand(template)
        middle = neutral_rows(template, neutral) if neutral and template.slots else []
    except SlotError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None
    if measure == RATIO and (pair is None or pair[0] == pair[1]):
        st.warning(TEXT("two-words"))
        return None
    return WordList(text, rows, middle, neutral if middle else "", measure, pair)


def result(answer: Answer, asked: WordList) -> Result:
    """Part the answer to "grid" into that on the rows and that on the neutral sentences."""
    count = len(asked.rows)
    centre = dict(zip(asked.centres, answer["log_p"][count:], strict=True))
    neutral = [centre[row.sentence] for row in asked.neutral] if asked.neutral else None
    return Result(answer["words"], answer["log_p"][:count], neutral)


def draw(
    sources: Sequence[Source], asked: WordList, targets: Targets
) -> list[tuple[Source, Result]]:
    """Draw the list for each model; return what they said."""
    if not targets.words:
        st.warning(TEXT("no-words"), icon=":material/edit_off:")
        return []
    if not sources:
        return []
    room = {1: 640, 2: 460}.get(len(sources), 300)
    room = pictures.PHONE if pictures.on_phone() else room
    found = []
    given = {"sentences": asked.sentences, **targets.given}
    for column, source, answer in ask_in_columns(sources, "grid", **given):
        one = result(answer, asked)
        found.append((source, one))
        with column:
            pictures.show(chart(asked, one, room), f"fill-list-{asked.measure}-{source.key}")
            refusals([word for word in one.words if word["refused"] or not word["single"]])
    if found:
        st.caption(_explained(asked))
    return found


def chart(asked: WordList, result: Result, room: float) -> Any:
    """Return the chart of one model's answer."""
    names = [row.name for row in asked.rows]
    if asked.measure == RATIO:
        return ratio_bars(ratios(asked, result), asked.pair, asked.word, room)
    rows = [result.alone(row) for row in result.log_p]
    shares = [conditional(row) for row in rows]
    if asked.measure == RAW:
        shares = [[None if v is None else math.exp(v) for v in row] for row in rows]
    known = [any(v is not None for v in row) for row in rows]
    rest = [elsewhere(row) if has else None for row, has in zip(rows, known, strict=True)]
    words = [word["word"] for word in result.words]
    return share_heatmap(names, words, shares, rest, f"{asked.measure} probability", room)


def ratios(asked: WordList, result: Result) -> list[dict[str, Any]]:
    """Return {"subject", "value", "raw"} of each row: log-ratios, centred and not, in nats."""
    words = [word["word"] for word in result.words]
    places = [words.index(word) for word in asked.pair or ()]
    rows = [result.alone(row) for row in result.log_p]
    centre = result.neutral and [result.alone(row) for row in result.neutral]
    raw = log_ratios(rows, *places)
    values = log_ratios(rows, *places, centre)
    return [
        {"subject": row.name, "value": value, "raw": plain_value}
        for row, value, plain_value in zip(asked.rows, values, raw, strict=True)
    ]


def _explained(asked: WordList) -> str:
    name = {RAW: "explained-raw", SHARES: "explained-conditional"}.get(asked.measure)
    if name is None:
        name = "explained-centred" if asked.word else "explained-not-centred"
    return TEXT("batch", count=len(asked.rows)) + " " + TEXT(name, word=plain(asked.word))
