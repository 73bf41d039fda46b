"""What the models write: through the run, and now, on a prompt of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import TimeoutError as Late
from typing import Any

import streamlit as st

from lab.charts import RUN_COLOURS
from lab.lesson import service
from lab.lesson.components.samples import samples_view
from lab.runs import View

WAIT = 30  # seconds for an answer of the workers before the page gives up


def card(sample: dict[str, Any], name: str, colour: str, when: str) -> dict[str, Any]:
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
        "when": when,
        "step": sample["step"],
        "prompt": sample["prompt"],
        "tokens": pieces,
        "labels": tokens,
        "probabilities": [round(p, 4) for p in sample["probabilities"]],
        "alternatives": [
            [[token, round(p, 4)] for token, p in row] for row in sample["alternatives"]
        ],
    }


def through_time(shown: Sequence[View], names: Sequence[str]) -> None:
    """Draw the samples of all runs at one moment of their budgets."""
    st.markdown("**What they write**")
    share = st.slider(
        "Through the run",
        0,
        100,
        100,
        format="%d%%",
        key="when",
        help="0 % is before training, 100 % is the latest sample.",
    )
    cards = []
    for view, name, colour in zip(shown, names, RUN_COLOURS, strict=False):
        sample = view.history.sample_at(view.run.step * share / 100)
        if sample is not None:
            when = f"step {sample['step']:,}, temperature {sample['temperature']:g}"
            cards.append(card(sample, name, colour, when))
    if cards:
        samples_view(cards, key="samples")
        st.caption(
            "The stronger the :orange[orange], the less probable the model found its own token "
            "(full from 1 in 64). Click one, or move with the arrow keys, to see what else it "
            "considered."
        )
    else:
        st.caption("The first samples come with the first second of training.")


def writing_desk(shown: Sequence[View], names: Sequence[str], default: str) -> None:
    """Let the student write with the models: prompt, temperature, top-k."""
    if "prompt" not in st.session_state and not st.query_params.get("prompt"):
        st.session_state["prompt"] = default
    left, right = st.columns(2)
    with left:
        prompt = st.text_input(
            "Prompt",
            key="prompt",
            max_chars=500,
            bind="query-params",
            help="What the models go on from.",
        )
        length = st.slider("Tokens to write", 50, 600, 200, step=50, key="length")
    with right:
        temperature = st.slider(
            "Temperature",
            0.1,
            2.0,
            0.8,
            step=0.1,
            key="temperature",
            bind="query-params",
            help="Logits are divided by it: low is safe and repeats itself, high is wild.",
        )
        top_k = st.number_input(
            "Top-k (0 for all)",
            0,
            1000,
            0,
            key="top_k",
            bind="query-params",
            help="Draw from the k most probable tokens only.",
        )
    if st.button("Write", icon=":material/edit:", key="write", disabled=not shown):
        _write(shown, names, prompt, length, temperature, top_k or None)
    written = st.session_state.get("written") or []
    if written:
        samples_view(written, key="written-samples")
    st.caption("Temperature, top-k and prompt also apply to the samples along runs that train.")
    _apply_live(shown, temperature, top_k or None, prompt)


def _write(shown, names, prompt, length, temperature, top_k) -> None:
    queue, cards = service.run_queue(), []
    for view, name, colour in zip(shown, names, RUN_COLOURS, strict=False):
        try:
            sample = queue.ask(
                view.run.id,
                "generate",
                prompt=prompt,
                length=length,
                temperature=temperature,
                top_k=top_k,
                seed=st.session_state.get("draws", 0),
            ).result(timeout=WAIT)
        except (LookupError, ValueError) as error:
            st.warning(f"{name}: {str(error).strip(chr(39))}", icon=":material/edit_off:")
            continue
        except Late:
            st.warning("The workers are busy; try again in a moment.", icon=":material/schedule:")
            break
        if sample.get("unknown"):
            missing = ", ".join(repr(piece) for piece in sample["unknown"][:8])
            st.warning(f"Not in the vocabulary of this text, so read as unknown: {missing}")
        when = f"step {sample['step']:,}, temperature {temperature:g}"
        cards.append(card(sample, name, colour, when))
    # Another press draws another text.
    st.session_state["draws"] = st.session_state.get("draws", 0) + 1
    st.session_state["written"] = cards


def _apply_live(shown, temperature, top_k, prompt) -> None:
    wanted = {"temperature": temperature, "top_k": top_k, "prompt": prompt or "\n"}
    queue, session = service.run_queue(), service.session()
    for view in shown:
        current = {key: view.run.live.get(key) for key in wanted}
        if view.run.status.alive and view.run.session == session and current != wanted:
            queue.set_live(view.run.id, session, **wanted)
