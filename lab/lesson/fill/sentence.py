"""One sentence: what stands behind its blank, guessed first, and how each model reads it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts import blanks as charts
from lab.lesson import pictures
from lab.lesson.fill.models import Voice, ask_all, ask_with_heading
from lab.lesson.fill.presets import PHD, PRONOUNS, SENTENCES
from lab.lesson.fill.words import Words, refusals
from lab.lesson.frame import SKIP, Lesson, hidden
from lab.lesson.lineup import plain
from lab.masked.shares import elsewhere
from lab.masked.slots import BLANK

ANOTHER = "another word"


@dataclass(frozen=True)
class Asked:
    """What is asked.

    Args:
        sentence: with blanks.
        k: tokens to show.
        blank: which blank is shown, from 0.
    """

    sentence: str
    k: int
    blank: int

    def given(self, words: Words) -> dict[str, Any]:
        """As arguments of a question."""
        return {"sentences": [self.sentence], "k": self.k, **words.given}


def controls() -> Asked:
    """Draw presets, sentence and number of tokens."""
    with st.container(horizontal=True, gap="small"):
        for name, (sentence, _) in SENTENCES.items():
            st.button(name, key=f"sentence-{name}", on_click=_take, args=(sentence,))
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    sentence = left.text_area(
        f"Sentence with {BLANK}", PHD, key="text", height=72, max_chars=1_000, bind="query-params"
    )
    k = right.slider("Tokens shown", 3, 30, 8, key="k", bind="query-params")
    count, blank = sentence.count(BLANK), 0
    if count > 1:
        chosen = st.segmented_control(
            "Blank",
            range(1, count + 1),
            default=1,
            key="blank",
            required=True,
            bind="query-params",
            help="Each is guessed with the others still hidden: two likely words need not be "
            "likely together.",
        )
        blank = min((chosen or 1), count) - 1
    return Asked(" ".join(sentence.split()), k, blank)


def _take(sentence: str) -> None:
    st.session_state["text"] = sentence


def guess(lesson: Lesson, asked: Asked) -> str | None:
    """Ask for a guess about this sentence; None while none was ever made."""
    made: dict[str, str] = st.session_state.setdefault("fill-guesses", {})
    link = st.query_params.get("guess")
    if link and not made:
        made[asked.sentence] = link
    if hidden("controls"):
        return made.get(asked.sentence, SKIP)
    options = next((o for s, o in SENTENCES.values() if s == asked.sentence), PRONOUNS)
    picked = lesson.predict(
        "Which word comes first in the blank?",
        (*options, ANOTHER),
        f"guess-{zlib.crc32(asked.sentence.encode())}",
    )
    if picked:
        made[asked.sentence] = picked
    if not made:
        return None
    st.query_params["guess"] = made.get(asked.sentence, SKIP)
    return made.get(asked.sentence, SKIP)


def desk(
    voices: Sequence[Voice], asked: Asked, words: Words, guessed: str | None
) -> list[tuple[Voice, dict[str, Any]]]:
    """Draw what the models say; return their answers."""
    if BLANK not in asked.sentence and not any(v.source for v in voices):
        st.warning(f"There is no {BLANK} in this sentence: write it where to guess.")
        return []
    if guessed is None:
        st.caption("Guess above, or say that you would rather not: then the answer stands here.")
        return []
    ask_all(voices, "fill", **asked.given(words))
    found, columns = [], st.columns(len(voices), gap="medium") if voices else []
    room = pictures.half() if len(voices) < 3 else pictures.third()
    for column, voice in zip(columns, voices, strict=True):
        with column:
            answer = ask_with_heading(voice, "fill", **asked.given(words))
            if answer:
                found.append((voice, answer[0]))
    most = max([_first(answer, asked.blank) for _, answer in found], default=0)
    for column, voice in zip(columns, voices, strict=True):
        answer = next((a for v, a in found if v is voice), None)
        if answer:
            with column:
                _said(voice, answer, asked, words, most, room)
    _outcome(found, asked, guessed)
    _tokens(found)
    return found


def _blank(answer: dict[str, Any], number: int) -> dict[str, Any]:
    return answer["blanks"][min(number, len(answer["blanks"]) - 1)]


def _first(answer: dict[str, Any], number: int) -> float:
    top = _blank(answer, number)["top"]
    return top[0]["p"] if top else 0.0


def draw(answer: dict[str, Any], asked: Asked, most: float, room: int):
    """Return the chart of the most probable tokens, those that are compared in pink."""
    blank = _blank(answer, asked.blank)
    compared = {piece for t in blank["targets"] for piece in t["pieces"] if len(t["pieces"]) == 1}
    tokens = [row["token"] for row in blank["top"]]
    chances, marked = [row["p"] for row in blank["top"]], [token in compared for token in tokens]
    return charts.token_bars(tokens, chances, marked, "token in the blank", most, room)


def _said(voice: Voice, answer: dict, asked: Asked, words: Words, most: float, room: int) -> None:
    blank, key = _blank(answer, asked.blank), voice.key
    if blank["top"]:
        pictures.show(draw(answer, asked, most, room), f"fill-top-{key}")
        st.caption(
            f"The {len(blank['top'])} most probable of all tokens have "
            f"{sum(row['p'] for row in blank['top']):.0%} of the probability."
        )
    elif answer.get("few"):
        st.caption("Three figures of this sentence are known, not the most probable tokens.")
    told = blank["targets"]
    scored = [t for t in told if t["log_p"] is not None and len(t["pieces"]) == 1]
    if scored:
        names = [*(t["word"] for t in scored), charts.ELSEWHERE]
        log_p = [t["log_p"] for t in scored]
        chances = [*(math.exp(value) for value in log_p), elsewhere(log_p)]
        marks = [True] * len(scored) + [False]
        chart = charts.token_bars(names, chances, marks, "word", 1.0, room)
        pictures.show(chart, f"fill-words-{key}")
    several = [t for t in told if t["log_p"] is not None and len(t["pieces"]) > 1]
    for one in several:
        st.caption(f"“{plain(one['word'])}”: log p = {one['log_p']:.2f} nats over its pieces.")
    refusals(told)


def _outcome(found: list[tuple[Voice, dict]], asked: Asked, guessed: str) -> None:
    firsts = []
    for voice, answer in found:
        top = _blank(answer, asked.blank)["top"]
        if not top and answer.get("few"):  # nine of ten: nothing else can come first
            known = [t for t in _blank(answer, 0)["targets"] if t["log_p"] is not None]
            best = max(known, key=lambda t: t["log_p"], default=None)
            top = [{"token": best["word"], "p": math.exp(best["log_p"])}] if best else []
        if top and (not answer.get("few") or top[0]["p"] > 0.5):
            name = answer.get("model", voice.name)
            firsts.append((name, top[0]["token"].strip(), top[0]["p"]))
    if not firsts:
        return
    said = "; ".join(f"{plain(n)}: **{plain(t)}** ({p:.1%})" for n, t, p in firsts)
    if guessed == SKIP:
        st.info(f"First in the blank. {said}.", icon=":material/flag:")
        return
    right = [_right(guessed, token, asked.sentence) for _, token, _ in firsts]
    what = "You guessed it" if all(right) else f"You guessed {plain(guessed)}"
    (st.success if all(right) else st.info)(f"{what}. {said}.", icon=":material/psychology:")


def _right(guessed: str, token: str, sentence: str) -> bool:
    options = next((o for s, o in SENTENCES.values() if s == sentence), PRONOUNS)
    if guessed == ANOTHER:
        return token.lower() not in options
    return guessed == token.lower()


def _tokens(found: list[tuple[Voice, dict]]) -> None:
    read = [(voice, answer) for voice, answer in found if answer["tokens"]]
    if not read:
        return
    st.markdown("**Position, not surface.** What each model reads, and where its blank is:")
    for voice, answer in read:
        places = [blank["place"] for blank in answer["blanks"]]
        many = "place" if len(places) == 1 else "places"
        st.caption(
            f"{plain(voice.name)}: {len(answer['ids'])} tokens, the blank at {many} "
            f"{', '.join(map(str, places))}, counted from 0 with the special tokens. In the "
            "cells: token ids."
        )
        room = pictures.PHONE if pictures.on_phone() else 940
        chart = charts.token_cells(answer["tokens"], answer["ids"], places, room)
        pictures.show(chart, f"fill-tokens-{voice.key}")
