"""One sentence: what stands behind its blank, predicted first, and how each model reads it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts import blanks as charts
from lab.lesson import pictures
from lab.lesson.fill import TEXT
from lab.lesson.fill.models import Answer, Answers, ask_in_columns, name_of
from lab.lesson.fill.presets import PHD, PRONOUNS, SENTENCES, draw_presets
from lab.lesson.fill.targets import Targets, refusals
from lab.lesson.kit.keys import Choice, Number, Words
from lab.lesson.kit.link import KIT
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import SKIP, compare
from lab.lesson.kit.text import plain
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.source import Source
from lab.masked.shares import elsewhere
from lab.masked.slots import BLANK

ANOTHER = "another word"
SENTENCE = Words("text", f"Sentence with {BLANK}", PHD, area=True)
SHOWN = Number("k", "Tokens shown", 3, 30, 8, slider=True)
WHICH = Choice("blank", "Blank", help=TEXT("blank-help"))


@dataclass(frozen=True)
class Sentence:
    """What is asked.

    Args:
        text: with blanks.
        k: tokens to show.
        blank: which blank is shown, from 0.
    """

    text: str
    k: int
    blank: int

    @property
    def options(self) -> tuple[str, ...]:
        """The words to guess from."""
        return next((words for text, words in SENTENCES.values() if text == self.text), PRONOUNS)

    def given(self, targets: Targets) -> dict[str, Any]:
        """As arguments of a question."""
        return {"sentences": [self.text], "k": self.k, **targets.given}


def controls(page: Page) -> Sentence:
    """Draw presets, sentence and number of tokens, and ask for the guess about this sentence."""
    draw_presets(page, "sentence", {name: {"text": s} for name, (s, _) in SENTENCES.items()})
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    with left:
        text = SENTENCE.draw(height=72)
    with right:
        k = SHOWN.draw()
    count, blank = text.count(BLANK), 0
    if count > 1:
        blank = min(WHICH.draw(range(1, count + 1), default=1), count) - 1
    sentence = Sentence(" ".join(text.split()), k, blank)
    about = str(zlib.crc32(sentence.text.encode()))
    page.lesson.ask(page, TEXT("predict"), (*sentence.options, ANOTHER), about)
    return sentence


def draw(page: Page, sources: Sequence[Source], sentence: Sentence, targets: Targets) -> Answers:
    """Draw what the models say; return their answers."""
    if BLANK not in sentence.text and all(isinstance(one, Recorded) for one in sources):
        st.warning(TEXT("no-blank", blank=BLANK))
        return []
    if not page.answered:
        st.caption(KIT("guess-first"))
        return []
    if not sources:
        return []
    found = [
        (column, source, answer[0])
        for column, source, answer in ask_in_columns(sources, "fill", **sentence.given(targets))
    ]
    most = max([_highest(answer, sentence.blank) for *_, answer in found], default=0.0)
    room = pictures.half() if len(sources) < 3 else pictures.third()
    for column, source, answer in found:
        with column:
            _top(source.key, answer, sentence, most, room)
            _targets(source.key, _blank(answer, sentence.blank)["targets"], room)
    answers = [(source, answer) for _, source, answer in found]
    _outcome(answers, sentence, page.guess)
    _tokens(answers)
    return answers


def _blank(answer: Answer, number: int) -> dict[str, Any]:
    return answer["blanks"][min(number, len(answer["blanks"]) - 1)]


def _highest(answer: Answer, number: int) -> float:
    top = _blank(answer, number)["top"]
    return top[0]["p"] if top else 0.0


def top_chart(answer: Answer, sentence: Sentence, most: float, room: int) -> Any:
    """Return the chart of the most probable tokens, those that are compared in pink."""
    blank = _blank(answer, sentence.blank)
    compared = {piece for t in blank["targets"] for piece in t["pieces"] if len(t["pieces"]) == 1}
    tokens = [row["token"] for row in blank["top"]]
    chances, marked = [row["p"] for row in blank["top"]], [token in compared for token in tokens]
    return charts.token_bars(tokens, chances, marked, "token in the blank", most, room)


def _top(key: str, answer: Answer, sentence: Sentence, most: float, room: int) -> None:
    top = _blank(answer, sentence.blank)["top"]
    if top:
        pictures.show(top_chart(answer, sentence, most, room), f"fill-top-{key}")
        share = f"{sum(row['p'] for row in top):.0%}"
        st.caption(TEXT("most-probable", count=len(top), share=share))
    elif answer.get("few"):
        st.caption(TEXT("three-figures"))


def _targets(key: str, targets: list[dict[str, Any]], room: int) -> None:
    """Draw the words that are compared, with all others together."""
    scored = [one for one in targets if one["log_p"] is not None]
    single = [one for one in scored if len(one["pieces"]) == 1]
    if single:
        log_p = [one["log_p"] for one in single]
        names = [*(one["word"] for one in single), charts.ELSEWHERE]
        chances = [*map(math.exp, log_p), elsewhere(log_p)]
        marks = [True] * len(single) + [False]
        chart = charts.token_bars(names, chances, marks, "word", 1.0, room)
        pictures.show(chart, f"fill-words-{key}")
    for one in scored:
        if len(one["pieces"]) > 1:
            st.caption(f"“{plain(one['word'])}”: log p = {one['log_p']:.2f} nats over its pieces.")
    refusals(targets)


def _first(answer: Answer, number: int) -> tuple[str, float] | None:
    """Return the most probable token with its probability; None where it is not known."""
    top = _blank(answer, number)["top"]
    if not answer.get("few"):
        return (top[0]["token"].strip(), top[0]["p"]) if top else None
    known = [one for one in _blank(answer, 0)["targets"] if one["log_p"] is not None]
    best = max(known, key=lambda one: one["log_p"], default=None)
    if best is None or math.exp(best["log_p"]) <= 0.5:  # above, nothing else can come first
        return None
    return best["word"].strip(), math.exp(best["log_p"])


def _outcome(answers: Answers, sentence: Sentence, guess: str | None) -> None:
    firsts = [(name_of(*one), _first(one[1], sentence.blank)) for one in answers]
    known = [(name, *first) for name, first in firsts if first is not None]
    if not known:
        return
    listed = "; ".join(f"{plain(name)}: **{plain(token)}** ({p:.1%})" for name, token, p in known)
    came = f"First in the blank. {listed}." if guess in (None, SKIP) else f"{listed}."
    compare(guess, all(_right(guess, token, sentence) for _, token, _ in known), came)


def _right(guess: str | None, token: str, sentence: Sentence) -> bool:
    if guess == ANOTHER:
        return token.lower() not in sentence.options
    return guess == token.lower()


def _tokens(answers: Answers) -> None:
    read = [(source, answer) for source, answer in answers if answer["tokens"]]
    if not read:
        return
    st.markdown(TEXT("position"))
    for source, answer in read:
        places = [blank["place"] for blank in answer["blanks"]]
        said = {
            "model": plain(source.name),
            "count": len(answer["ids"]),
            "places": f"{'place' if len(places) == 1 else 'places'} {', '.join(map(str, places))}",
        }
        st.caption(TEXT("places", **said))
        room = pictures.PHONE if pictures.on_phone() else 940
        chart = charts.token_cells(answer["tokens"], answer["ids"], places, room)
        pictures.show(chart, f"fill-tokens-{source.key}")
