"""One text, four tasks: what BERT, next-sentence prediction, GPT and T5 show and ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lab.lesson.bert.chips import chip, legend, row
from lab.lesson.frame import SKIP, Lesson
from lab.lesson.lineup import plain
from lab.masked import objectives
from lab.masked.live import project_tokens
from lab.masked.objectives import Place
from lab.masked.sentences import sentences
from lab.masked.stories import GENERAL
from lab.masked.vocabulary import tokenizer_of
from lab.text import TextError

TEXT = (
    "The gardener watered the roses before the sun came up. Then she opened the old gate and "
    "walked home to her children."
)


@dataclass(frozen=True)
class Read:
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


@st.cache_resource(show_spinner=False)
def _tokenizer():
    return tokenizer_of(project_tokens())


def _tokens(sentence: str) -> list[str]:
    return _tokenizer().encode(sentence, add_special_tokens=False).tokens


@st.cache_data(show_spinner=False)
def _others() -> list[list[str]]:
    return [_tokens(sentence) for sentence in GENERAL]


def read() -> Read | None:
    """Draw the text and the draw; None with the reason on the page."""
    text = st.text_area(
        "Your text, two sentences or more",
        TEXT,
        key="task_text",
        height=80,
        max_chars=600,
        bind="query-params",
    )
    left, middle, right = st.columns([2, 3, 3], gap="medium", vertical_alignment="bottom")
    with left:
        # Drawn first, so that the button's new value is there before the number is.
        seed = st.number_input(
            "Draw", 0, 99_999, 3, key="draw", bind="query-params", help="The seed of all draws."
        )
    with middle:
        st.button("Draw again", icon=":material/casino:", key="again", on_click=_again)
    with right:
        share = st.slider(
            "Share that BERT and T5 hide",
            5,
            60,
            15,
            5,
            format="%d%%",
            key="hide",
            bind="query-params",
            help="Both papers take 15 %.",
        )
    try:
        cut = [tokens for tokens in map(_tokens, sentences(text.strip())) if tokens]
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    tokens = [token for sentence in cut for token in sentence]
    if not 4 <= len(tokens) <= objectives.MOST:
        st.warning(
            f"This text has {len(tokens)} tokens: write between 4 and {objectives.MOST}.",
            icon=":material/edit:",
        )
        return None
    places = objectives.blanks(tokens, project_tokens(), int(seed), share / 100)
    return Read(tokens, cut, int(seed), share / 100, places)


def _again() -> None:
    st.session_state["draw"] = (int(st.session_state.get("draw") or 0) + 1) % 100_000


def guess(lesson: Lesson, text: Read) -> bool:
    """Ask what is asked first, compare it, and return whether the tasks may be shown."""
    count, few = len(text.tokens), sum(place.predicted for place in text.places)
    right = f"{few} and {count}"
    options = [right, f"{count} and {few}", f"{count} and {count}", f"{few} and {few}"]
    random = np.random.default_rng(count)  # not always the same place
    options = list(dict.fromkeys(options[n] for n in random.permutation(4)))
    said = lesson.predict(
        f"Of these {count} tokens, from how many does BERT learn in one pass, and from how many "
        "does GPT?",
        options,
        f"task-guess-{count}-{few}",
    )
    if said is None:
        if st.session_state.get("task-guessed"):
            return True
        st.caption("Guess, or say that you would rather not: then the four tasks appear.")
        return False
    st.session_state["task-guessed"] = True
    if said != SKIP:
        tell = st.success if said == right else st.info
        tell(
            ("You guessed it. " if said == right else f"You guessed {said}. ")
            + f"BERT gets a loss from the {few} tokens that were chosen, GPT from all {count}.",
            icon=":material/psychology:",
        )
    return True


def four(text: Read) -> None:
    """Draw the four tasks on the same text."""
    count = len(text.tokens)
    place = st.slider(
        "Look at token", 1, count, min(9, count), key="token", help="Framed by ⟦ ⟧ below."
    )
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        bert(text, place - 1)
    with right, st.container(border=True):
        gpt(text, place - 1)
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        t5(text)
    with right, st.container(border=True):
        pairs(text)
    few = sum(p.predicted for p in text.places)
    st.caption(
        f"**Efficiency.** One pass over the same {count} tokens gives BERT {few} answers to learn "
        f"from and GPT {count}. ELECTRA (Clark et al. 2020) asks of every token whether it was "
        "replaced, and learns from all of them while it still sees both sides."
    )


def bert(text: Read, place: int) -> None:
    """Draw BERT's blanks."""
    st.markdown("##### BERT: guess the hidden tokens")
    legend({"masked": "hidden", "random": "replaced", "kept": "kept, guessed all the same"})
    st.markdown(row(text.places, place))
    chosen = [p for p in text.places if p.predicted]
    asked = ", ".join(f"{chip(p.shown, p.fate)} → **{plain(p.token)}**" for p in chosen)
    st.markdown(f"Asked for: {asked}")
    here = text.places[place]
    st.caption(
        f"**{len(chosen)} of {len(text.tokens)}** tokens give a loss. "
        f"{'For' if here.predicted else 'It would guess'} token {place + 1} "
        f"(“{plain(here.token)}”) {'it may look' if here.predicted else 'by looking'} at all "
        f"{len(text.tokens)} places, left and right. Of those chosen, 80 % are hidden, 10 % "
        "replaced, 10 % kept (Devlin et al. 2019, section 3.1)."
    )


def gpt(text: Read, place: int) -> None:
    """Draw GPT's next tokens."""
    st.markdown("##### GPT: guess the next token")
    seen, target = objectives.next_tokens(text.tokens)[place]
    hidden = text.tokens[place + 1 :]
    parts = [plain(t) for t in seen] + [f"⟦{chip(target, 'masked')}⟧"]
    parts += [f":gray[{plain(t)}]" for t in hidden]
    st.markdown(" ".join(parts))
    st.caption(
        f"**{len(text.tokens)} of {len(text.tokens)}** tokens give a loss. For token {place + 1} "
        f"it sees the {len(seen)} tokens on the left, `<s>` first; the grey ones do not exist for "
        "it yet (Radford et al. 2018, section 3.1)."
    )


def t5(text: Read) -> None:
    """Draw T5's spans."""
    st.markdown("##### T5: write the hidden spans")
    spans = objectives.draw_spans(len(text.tokens), text.seed, text.share)
    source, target = objectives.hide_spans(text.tokens, spans)
    for label, tokens in (("Reads", source), ("Writes", target)):
        parts = [chip(t, "masked") if objectives.is_sentinel(t) else plain(t) for t in tokens]
        st.markdown(f"{label}: {' '.join(parts)}")
    hidden = sum(end - start for start, end in spans)
    st.caption(
        f"**{hidden} of {len(text.tokens)}** tokens give a loss, and the {len(spans) + 1} marks "
        "that name the spans. The paper hides 15 % in spans of about 3; the encoder sees both "
        "sides of a gap, the decoder writes from left to right (Raffel et al. 2020, section 3.1.4)."
    )


def pairs(text: Read) -> None:
    """Draw next-sentence pairs."""
    st.markdown("##### BERT's other task: is this the next sentence?")
    try:
        found = objectives.next_sentences(text.sentences, _others(), text.seed)
    except ValueError as error:
        st.caption(str(error))
        return
    for pair in found[:2]:
        parts = [
            chip(token, "segment") if segment else plain(token)
            for token, segment in zip(pair.tokens, pair.segments, strict=True)
        ]
        answer = "yes, it follows" if pair.follows else "no, drawn by lot"
        st.markdown(f"{' '.join(parts)}  \n→ **{answer}**")
    st.caption(
        "**One answer a pair**, read from [CLS]. Marked: segment 1; the rest is segment 0. Half "
        "of the second sentences are drawn from elsewhere. RoBERTa (Liu et al. 2019, section 4.2) "
        "left this task out and lost nothing by it."
    )
