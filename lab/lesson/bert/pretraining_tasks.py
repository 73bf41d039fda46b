"""One text, four tasks: what BERT, next-sentence prediction, GPT and T5 show and ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from tokenizers import Tokenizer

from lab.lesson.bert import TEXT
from lab.lesson.bert.token_marks import legend, marked, row
from lab.lesson.kit.keys import Number, Words
from lab.lesson.kit.lesson import HIDE
from lab.lesson.kit.link import PARTS
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.question import Question, compare
from lab.lesson.kit.text import plain
from lab.masked import objectives
from lab.masked.live import project_tokens
from lab.masked.objectives import Place
from lab.masked.sentences import sentences
from lab.masked.stories import GENERAL
from lab.masked.vocabulary import tokenizer_of
from lab.text import TextError

FEWEST = 4  # tokens
ONCE_GUESSED = "task-guessed"  # in the session: the tasks stay, whatever the text is next


@dataclass(frozen=True)
class HiddenShare(Number):
    """A slider whose name in the link is also the one with which a link hides parts of a page.

    `hide=20` is the slider at 20 %, as earlier versions of the lab wrote it, and `hide=controls` a
    page without its controls, as on every page. A link does one of the two: while it hides parts,
    the slider is not bound to it.
    """

    def read(self, texts: Sequence[str]) -> float:
        """Return the share in percent; the default where the link hides parts of the page."""
        return self.default if _hides_parts(texts[-1]) else super().read(texts)

    def _bound(self, more: dict[str, Any]) -> dict[str, Any]:
        given = super()._bound(more)
        if _hides_parts(HIDE.get()):
            del given["bind"]
        return given


def _hides_parts(text: str) -> bool:
    return not set(PARTS).isdisjoint(text.split(","))


SENTENCES = Words(
    "task_text", "Your text, two sentences or more", TEXT("task-example"), 600, area=True
)
DRAW = Number("draw", "Draw", 0, 99_999, 3, help="The seed of all draws.")
SHARE = HiddenShare(
    "hide",
    "Share that BERT and T5 hide",
    5,
    60,
    15,
    5,
    help="Both papers take 15 %.",
    slider=True,
    form="%d%%",
)
QUESTION = Question("task_guess", "task-guess", lesson="bert")
KEYS = (SENTENCES, DRAW, SHARE, QUESTION.key)


@dataclass(frozen=True)
class TokenisedText:
    """The student's text in tokens.

    Args:
        tokens: of all of it.
        sentences: the same, sentence by sentence.
        seed: of every draw.
        share: that BERT and T5 hide.
        places: what became of each token in BERT's task.
    """

    tokens: list[str]
    sentences: list[list[str]]
    seed: int
    share: float
    places: list[Place]

    @property
    def predicted(self) -> list[Place]:
        """The tokens that BERT must guess."""
        return [place for place in self.places if place.predicted]


def tasks_tab(page: Experiment) -> None:
    """Draw the text, the question about it, and once that is guessed the four tasks."""
    text = page.more["text"] = read_text()
    if text is not None:
        ask(page, text)
    page.unanswered = not st.session_state.get(ONCE_GUESSED)
    if text is None:
        return
    if page.unanswered:
        st.caption(TEXT("task-waits"))
    else:
        four_tasks(text)


@st.cache_resource(show_spinner=False)
def _tokenizer() -> Tokenizer:
    return tokenizer_of(project_tokens())


def _tokens(sentence: str) -> list[str]:
    return _tokenizer().encode(sentence, add_special_tokens=False).tokens


@st.cache_data(show_spinner=False)
def _others() -> list[list[str]]:
    return [_tokens(sentence) for sentence in GENERAL]


def read_text() -> TokenisedText | None:
    """Draw the text and the draw; None with the reason on the page."""
    text = SENTENCES.draw(height=80)
    left, middle, right = st.columns([2, 3, 3], gap="medium", vertical_alignment="bottom")
    with left:
        seed = int(DRAW.draw())
    with middle:
        st.button("Draw again", icon=":material/casino:", key="again", on_click=_draw_again)
    with right:
        share = SHARE.draw() / 100
    try:
        cut = [tokens for tokens in map(_tokens, sentences(text.strip())) if tokens]
        vocabulary = project_tokens()
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    tokens = [token for sentence in cut for token in sentence]
    if not FEWEST <= len(tokens) <= objectives.MOST:
        length = TEXT("task-length", count=len(tokens), fewest=FEWEST, most=objectives.MOST)
        st.warning(length, icon=":material/edit:")
        return None
    return TokenisedText(
        tokens, cut, seed, share, objectives.blanks(tokens, vocabulary, seed, share)
    )


def _draw_again() -> None:
    DRAW.take((int(DRAW.value) + 1) % 100_000)


def ask(page: Experiment, text: TokenisedText) -> None:
    """Ask from how many tokens BERT and GPT learn, and compare the guess."""
    lesson, count, few = page.lesson, len(text.tokens), len(text.predicted)
    right = f"{few} and {count}"
    options = [right, f"{count} and {few}", f"{count} and {count}", f"{few} and {few}"]
    order = np.random.default_rng(count).permutation(4)  # not always the same place
    options = list(dict.fromkeys(options[number] for number in order))
    hidden = lesson.hides("controls") or lesson.hides("question")
    guess = QUESTION.ask(TEXT("task-predict", count=count), options, f"{count}-{few}", hidden)
    if guess is not None:
        st.session_state[ONCE_GUESSED] = True
        compare(guess, guess == right, TEXT("task-outcome", few=few, count=count))


def four_tasks(text: TokenisedText) -> None:
    """Draw the four tasks on the same text."""
    count = len(text.tokens)
    number = st.slider(
        "Look at token", 1, count, min(9, count), key="token", help="Framed by ⟦ ⟧ below."
    )
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        masked_tokens(text, number - 1)
    with right, st.container(border=True):
        next_tokens(text, number - 1)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        hidden_spans(text)
    with right, st.container(border=True):
        next_sentences(text)
    st.caption(TEXT("efficiency", count=count, few=len(text.predicted)))


def masked_tokens(text: TokenisedText, place: int) -> None:
    """Draw BERT's blanks."""
    st.markdown("##### BERT: guess the hidden tokens")
    legend({"masked": "hidden", "random": "replaced", "kept": "kept, guessed all the same"})
    st.markdown(row(text.places, place))
    asked = ", ".join(f"{marked(p.shown, p.fate)} → **{plain(p.token)}**" for p in text.predicted)
    st.markdown(f"Asked for: {asked}")
    looked_at = text.places[place]
    figures = {
        "asked": len(text.predicted),
        "count": len(text.tokens),
        "number": place + 1,
        "token": plain(looked_at.token),
    }
    st.caption(TEXT("blanks-asked" if looked_at.predicted else "blanks-seen", **figures))


def next_tokens(text: TokenisedText, place: int) -> None:
    """Draw GPT's next tokens."""
    st.markdown("##### GPT: guess the next token")
    seen, target = objectives.next_tokens(text.tokens)[place]
    parts = [plain(token) for token in seen] + [f"⟦{marked(target, 'masked')}⟧"]
    parts += [f":gray[{plain(token)}]" for token in text.tokens[place + 1 :]]
    st.markdown(" ".join(parts))
    st.caption(TEXT("next-token", count=len(text.tokens), number=place + 1, seen=len(seen)))


def hidden_spans(text: TokenisedText) -> None:
    """Draw T5's spans."""
    st.markdown("##### T5: write the hidden spans")
    spans = objectives.draw_spans(len(text.tokens), text.seed, text.share)
    source, target = objectives.hide_spans(text.tokens, spans)
    for label, tokens in (("Reads", source), ("Writes", target)):
        parts = [
            marked(token, "masked") if objectives.is_sentinel(token) else plain(token)
            for token in tokens
        ]
        st.markdown(f"{label}: {' '.join(parts)}")
    hidden = sum(end - start for start, end in spans)
    st.caption(TEXT("spans", hidden=hidden, count=len(text.tokens), marks=len(spans) + 1))


def next_sentences(text: TokenisedText) -> None:
    """Draw next-sentence pairs."""
    st.markdown("##### BERT's other task: is this the next sentence?")
    try:
        found = objectives.next_sentences(text.sentences, _others(), text.seed)
    except ValueError as error:
        st.caption(str(error))
        return
    for pair in found[:2]:
        parts = [
            marked(token, "segment") if segment else plain(token)
            for token, segment in zip(pair.tokens, pair.segments, strict=True)
        ]
        answer = "yes, it follows" if pair.follows else "no, picked at random"
        st.markdown(f"{' '.join(parts)}  \n→ **{answer}**")
    st.caption(TEXT("next-sentence"))
