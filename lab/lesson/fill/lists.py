"""A list in the sentence: all of them in one batch, as a heatmap or as log-ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts.blanks import ratio_bars, share_heatmap
from lab.lesson import pictures
from lab.lesson.fill.models import Voice, ask_all, ask_with_heading
from lab.lesson.fill.presets import LISTS
from lab.lesson.fill.words import Words, refusals
from lab.lesson.lineup import plain
from lab.masked.shares import conditional, elsewhere, log_ratios
from lab.masked.slots import Row, SlotError, expand, neutral_rows, read

RAW, SHARES, RATIO = "raw", "conditional", "log-ratio"
NOBODY = "person"


@dataclass(frozen=True)
class Asked:
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


def controls(words: Words) -> Asked | None:
    """Draw presets, the sentence and the measure; None with the reason on the page."""
    with st.container(horizontal=True, gap="small"):
        for name, preset in LISTS.items():
            st.button(name, key=f"list-{name}", on_click=_take, args=preset)
    text = st.text_area(
        "Sentence with a list in braces",
        next(iter(LISTS.values()))[0],
        key="list",
        height=90,
        max_chars=8_000,
        bind="query-params",
        help="Up to 400 sentences; several lists are multiplied. a(n) becomes a or an.",
    )
    left, middle, right = st.columns([5, 4, 3], gap="medium", vertical_alignment="bottom")
    measure = left.segmented_control(
        "Probability",
        [RAW, SHARES, RATIO],
        default=RAW,
        key="measure",
        required=True,
        bind="query-params",
    )
    with middle:
        pair = _pair(words) if measure == RATIO else None
    neutral = NOBODY
    if measure == RATIO:
        neutral = right.text_input(
            "Neutral word",
            NOBODY,
            key="neutral",
            max_chars=60,
            bind="query-params",
            help="Its log-ratio is taken away, so that zero means: as for anybody. Empty: nothing "
            "is taken away.",
        )
    return _asked(text, measure or RAW, pair, neutral.strip())


def _take(template: str, words: str) -> None:
    st.session_state["list"], st.session_state["words"] = template, words


def _pair(words: Words) -> tuple[str, str] | None:
    columns = st.columns(2, gap="small")
    found = [
        column.selectbox(
            label,
            words.words,
            index=min(place, max(0, len(words.words) - 1)),
            key=key,
            bind="query-params",
        )
        for place, (column, label, key) in enumerate(
            zip(columns, ("Word", "against"), ("first", "second"), strict=True)
        )
    ]
    return (found[0], found[1]) if None not in found else None


def _asked(text: str, measure: str, pair: tuple[str, str] | None, neutral: str) -> Asked | None:
    try:
        template = read(text)
        rows = expand(template)
        middle = neutral_rows(template, neutral) if neutral and template.slots else []
    except SlotError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None
    if measure == RATIO and (pair is None or pair[0] == pair[1]):
        st.warning("A log-ratio needs two different words to compare: choose them above.")
        return None
    return Asked(text, rows, middle, neutral if middle else "", measure, pair)


def result(answer: dict[str, Any], asked: Asked) -> Result:
    """Part the answer to "grid" into that on the rows and that on the neutral sentences."""
    count = len(asked.rows)
    centre = dict(zip(asked.centres, answer["log_p"][count:], strict=True))
    neutral = [centre[row.sentence] for row in asked.neutral] if asked.neutral else None
    return Result(answer["words"], answer["log_p"][:count], neutral)


def desk(voices: Sequence[Voice], asked: Asked, words: Words) -> list[tuple[Voice, Result]]:
    """Draw the list for each model; return what they said."""
    if not words.words:
        st.warning("Write words to compare above, such as he, she.", icon=":material/edit_off:")
        return []
    if not voices:
        return []
    ask_all(voices, "grid", sentences=asked.sentences, **words.given)
    room = {1: 640, 2: 460}.get(len(voices), 300)
    room = pictures.PHONE if pictures.on_phone() else room
    found = []
    for column, voice in zip(st.columns(len(voices), gap="medium"), voices, strict=True):
        with column:
            given = {"sentences": asked.sentences, **words.given}
            answer = ask_with_heading(voice, "grid", **given)
            if answer:
                said = result(answer, asked)
                found.append((voice, said))
                pictures.show(draw(asked, said, room), f"fill-list-{asked.measure}-{voice.key}")
                refusals([w for w in said.words if w["refused"] or not w["single"]])
    if found:
        st.caption(_explained(asked))
    return found


def draw(asked: Asked, said: Result, room: float):
    """Return the chart of one model's answer."""
    names = [row.name for row in asked.rows]
    if asked.measure == RATIO:
        rows = ratios(asked, said)
        return ratio_bars(rows, asked.pair, asked.word, room)
    rows = [said.alone(row) for row in said.log_p]
    shares = [conditional(row) for row in rows]
    if asked.measure == RAW:
        shares = [[None if v is None else math.exp(v) for v in row] for row in rows]
    known = [any(v is not None for v in row) for row in rows]
    rest = [elsewhere(row) if has else None for row, has in zip(rows, known, strict=True)]
    words = [word["word"] for word in said.words]
    return share_heatmap(names, words, shares, rest, f"{asked.measure} probability", room)


def ratios(asked: Asked, result: Result) -> list[dict[str, Any]]:
    """Return {"subject", "value", "raw"} of each row: log-ratios, centred and not, in nats."""
    words = [word["word"] for word in result.words]
    places = [words.index(word) for word in asked.pair]
    rows = [result.alone(row) for row in result.log_p]
    centre = result.neutral and [result.alone(row) for row in result.neutral]
    raw = log_ratios(rows, *places)
    values = log_ratios(rows, *places, centre)
    return [
        {"subject": row.name, "value": value, "raw": plain_value}
        for row, value, plain_value in zip(asked.rows, values, raw, strict=True)
    ]


def _explained(asked: Asked) -> str:
    count = f"{len(asked.rows)} sentences in one batch. "
    if asked.measure == RAW:
        return count + (
            "Raw: of the whole vocabulary. The last column is what all other words have together; "
            "a row sums to 100 %."
        )
    if asked.measure == SHARES:
        return count + (
            "Conditional: only the compared words of one piece share 100 %. The last column stays "
            "raw: it is what this view hides."
        )
    if not asked.word:
        return count + "Not centred: zero means that both words are equally probable."
    return count + (
        f"Centred on “{plain(asked.word)}”: English text has about three *he* for one *she*, so "
        "a raw ratio says “he” of nearly everybody. Zero here means: as for anybody."
    )
