"""What the models write: through the run, and now, on a prompt of the student's."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.charts import RUN_COLOURS
from lab.lesson import service
from lab.lesson.components.samples import samples_view
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Number, Words
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.language_model import TEXT
from lab.runs import View

PROMPT = Words("prompt", "Prompt", most=500, help="What the models go on from.")
TEMPERATURE = Number(
    "temperature",
    "Temperature",
    0.1,
    2.0,
    0.8,
    step=0.1,
    slider=True,
    help=TEXT("temperature-help"),
)
TOP_K = Number(
    "top_k", "Top-k (0 for all)", 0, 1000, 0, help="Draw from the k most probable tokens only."
)
KEYS = (PROMPT, TEMPERATURE, TOP_K)
_WRITTEN, _DRAWS = "written", "draws"


@dataclass(frozen=True)
class Request:
    """What a press of the button asked of one run.

    Attributes:
        name, colour: of the run.
        key, send: of the question, for `lab.lesson.kit.ask`.
    """

    name: str
    colour: str
    key: Hashable
    send: Callable[[], Future]


def card(sample: dict[str, Any], name: str, colour: str) -> dict[str, Any]:
    """Return one sample as `samples_view` takes it.

    Characters are shown as they are, so that the text reads as text; words with a space between.
    """
    tokens = sample["tokens"]
    pieces = (
        list(sample["text"])
        if len(sample["text"]) == len(tokens)
        else [token if token in ("\n", "↵") else f"{token} " for token in tokens]
    )
    return {
        "name": name,
        "colour": colour,
        "when": f"step {sample['step']:,}, temperature {sample['temperature']:g}",
        "step": sample["step"],
        "prompt": sample["prompt"],
        "tokens": pieces,
        "labels": tokens,
        "probabilities": [round(p, 4) for p in sample["probabilities"]],
        "alternatives": [
            [[token, round(p, 4)] for token, p in row] for row in sample["alternatives"]
        ],
    }


def through_time(shown: Sequence[View]) -> None:
    """Draw the samples of all runs at one moment of their budgets."""
    st.markdown("**What they write**")
    share = st.slider(
        "Through the run",
        0,
        100,
        100,
        format="%d%%",
        key="when",
        help=TEXT("when-help"),
    )
    cards = []
    for view, name, colour in zip(shown, names(shown), RUN_COLOURS, strict=False):
        sample = view.history.sample_at(view.run.step * share / 100)
        if sample is not None:
            cards.append(card(sample, name, colour))
    if cards:
        samples_view(cards, key="samples")
        st.caption(TEXT("surprise"))
    else:
        st.caption(TEXT("first-samples"))


def prompt_on(default: str) -> str:
    """Return what the models go on from: what was typed, else the beginning of the text."""
    return (PROMPT.value or default or "\n")[: PROMPT.most]


def live_settings(prompt: str) -> dict[str, Any]:
    """Return what the samples along a run depend on, and what may change during it."""
    return {"temperature": TEMPERATURE.value, "top_k": int(TOP_K.value) or None, "prompt": prompt}


def forget_written() -> None:
    """Take the written texts off the page: they are of models that are no longer on it."""
    st.session_state.pop(_WRITTEN, None)


def writing_desk(page: Experiment) -> None:
    """Let the student write with the models: prompt, temperature, top-k."""
    if PROMPT.name not in st.session_state and not PROMPT.value:  # neither typed nor linked
        PROMPT.take(page.chosen.prompt if page.chosen else "")
    left, right = st.columns(2)
    with left:
        prompt = PROMPT.draw()
        length = st.slider("Tokens to write", 50, 600, 200, step=50, key="length")
    with right:
        TEMPERATURE.draw()
        TOP_K.draw()
    live = live_settings(prompt)
    if st.button("Write", icon=":material/edit:", key="write", disabled=not page.shown):
        _request(page.shown, {**live, "length": length})
    _written()
    st.caption(TEXT("applies-to-runs"))
    _apply({**live, "prompt": prompt or "\n"}, page.shown)


def _request(shown: Sequence[View], arguments: dict[str, Any]) -> None:
    """Keep what is asked of each run; it is asked once, however often the page is drawn."""
    draws = st.session_state.get(_DRAWS, 0)
    st.session_state[_WRITTEN] = [
        Request(name, colour, *ask.asking(view, "generate", seed=draws, **arguments))
        for view, name, colour in zip(shown, names(shown), RUN_COLOURS, strict=False)
    ]
    st.session_state[_DRAWS] = draws + 1  # another press draws another text


def _written() -> None:
    requests: list[Request] = st.session_state.get(_WRITTEN) or []
    answers = ask.several([(one.key, one.send, one.name) for one in requests])
    cards = []
    for request, sample in zip(requests, answers, strict=True):
        if sample is None:
            continue
        if sample.get("unknown"):
            missing = ", ".join(plain(repr(piece)) for piece in sample["unknown"][:8])
            st.warning(TEXT("unknown-pieces", pieces=missing))
        cards.append(card(sample, request.name, request.colour))
    if cards:
        samples_view(cards, key="written-samples")


def _apply(wanted: dict[str, Any], shown: Sequence[View]) -> None:
    """Let the samples along this browser's runs follow the controls."""
    queue, session = service.run_queue(), service.session()
    for view in shown:
        current = {key: view.run.live.get(key) for key in wanted}
        if view.run.status.alive and view.run.session == session and current != wanted:
            queue.set_live(view.run.id, session, **wanted)
