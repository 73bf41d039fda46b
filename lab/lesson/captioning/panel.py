"""The experiment of the lesson: cards, measures, and where each word looks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.overlay import enlarged, overlay
from lab.lesson import service
from lab.lesson.captioning.start import GUESSES, scenes
from lab.lesson.lineup import plain
from lab.lesson.measures import Measure, chart, metric
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.runs import View
from lab.runs.kinds import kind_of
from lab.seq2seq.scenes import COLOURS, COUNTS, RELATIONS, SHAPES

MEASURES = {
    "Exact match": Measure(
        "exact match",
        "Held-out scenes described exactly",
        True,
        "**Exact match**: every word of the greedy caption is right, on held-out scenes.",
    ),
    "Pointing": Measure(
        "pointing accuracy",
        "Colour and shape words that look at their shapes",
        True,
        "**Pointing accuracy**: of the colour and shape words, the share whose most attended place "
        "touches the shapes that they speak of. Nobody told the network where they are.",
    ),
    "Loss": Measure(
        "",
        "Validation loss (nats per word)",
        False,
        "**Loss**: cross-entropy per word on held-out scenes.",
    ),
}
# Word -> what it tells; the first word of a relation stands for it.
_KINDS = {
    **dict.fromkeys(COUNTS, "count"),
    **dict.fromkeys(COLOURS, "colour"),
    **dict.fromkeys(SHAPES, "shape"),
    **dict.fromkeys((f"{shape}s" for shape in SHAPES), "shape"),
    **dict.fromkeys((relation.split()[0] for relation in RELATIONS), "relation"),
}


def draw(shown: Sequence[View]) -> None:
    """Draw the runs."""
    steer_all(shown)
    cards(shown, facts)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        chart(shown, MEASURES)
        outcome(shown)
    with right:
        through_time(shown)


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    exact, points = metric(view, "exact match"), metric(view, "pointing accuracy")
    if exact is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[loss {view.run.validation_loss:.3f}]"]
    if points is not None:
        lines.append(f":small[pointing {points:.0%}]")
    return f"**{exact:.1%}** exact match", "  \n".join(lines)


def data_of(view: View) -> Any:
    """Return the scenes of a run."""
    stored = service.run_queue().store.corpus_path(view.run.corpus).read_bytes()
    corpus = kind_of(view.run.settings).data(stored)
    return scenes(corpus.count) if corpus.seed == 0 else corpus


def first_right(samples: Sequence[Mapping[str, Any]], share: float = 0.8) -> dict[str, int]:
    """Return the first step at which each kind of word is right in most of the examples.

    Args:
        samples: of one run, in order.
        share: of the examples' words of a kind that must be right, place by place.
    """
    found: dict[str, int] = {}
    for sample in samples:
        hits = {kind: [] for kind in GUESSES}
        for written, right in sample["examples"]:
            for mine, word in zip(_padded(written, right), right.split(), strict=True):
                if word in _KINDS:
                    hits[_KINDS[word]].append(mine == word)
        for kind, marks in hits.items():
            if marks and np.mean(marks) >= share:
                found.setdefault(kind, sample["step"])
            else:
                found.pop(kind, None)  # it was luck
    return found


def _padded(written: str, right: str) -> list[str]:
    words, length = written.split(), len(right.split())
    return [*words, *[""] * length][:length]


def outcome(shown: Sequence[View]) -> None:
    """Say what the first run learned first and last, and compare the guess."""
    if any(view.run.status.alive for view in shown) or not shown:
        return
    samples = [json.loads(encoded) for _, encoded in shown[0].history.samples]
    found = first_right(samples)
    if not found:
        return
    order = sorted(GUESSES, key=lambda kind: found.get(kind, 10**9))
    when = {kind: f"step {step:,}" for kind, step in found.items()}
    told = ", ".join(f"{GUESSES[kind].lower()} ({when.get(kind, 'not yet')})" for kind in order)
    last, guess = order[-1], st.query_params.get("guess", "")
    text = f"Mostly right in the five examples, from which step on: {told}."
    if guess:
        right = guess == GUESSES[last]
        said = "You guessed it." if right else f"You guessed {plain(guess)}."
        (st.success if right else st.info)(f"{said} {text}", icon=":material/psychology:")
    else:
        st.info(text, icon=":material/flag:")


def through_time(shown: Sequence[View]) -> None:
    """Draw a held-out scene and where each word of its caption looks, through the run."""
    labels = names(shown)
    fewest = min(len(data_of(view).held_out) for view in shown)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Looking with",
            range(len(shown)),
            format_func=lambda place: labels[place],
            key="looking",
            disabled=len(shown) == 1,
        )
        number = st.number_input(
            "Held-out scene",
            0,
            fewest - 1,
            0,
            key="scene",
            help="Takes effect with the next look.",
        )
    view = shown[chosen]
    queue, session = service.run_queue(), service.session()
    mine = view.run.status.alive and view.run.session == session
    if mine and view.run.live.get("prompt") != str(number):
        queue.set_live(view.run.id, session, prompt=str(number))
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    sample = view.history.sample_at(view.run.step * share / 100)
    if sample is None:
        st.caption("The first caption comes with the first second of training.")
        return
    image = data_of(view).held_out.images[sample["scene"]]
    looks(image, sample["shown"], f"step {sample['step']:,}, scene {sample['scene']}")
    with st.expander("Five held-out scenes"):
        for written, right in sample["examples"]:
            mark = ":green[:material/check:]" if written == right else ":red[:material/close:]"
            more = "" if written == right else f" (right: {plain(right)})"
            st.markdown(f"{mark} **{plain(written) or '∅'}**{more}")


def looks(image: np.ndarray, shown: Mapping[str, Any], note: str) -> None:
    """Draw a scene, its caption, and for each word the scene lit where the model looked.

    Args:
        image: (48, 48, 3) uint8.
        shown: `lab.seq2seq.captioning.Caption` as a dict.
        note: what it is of.
    """
    words = [word for word in shown["words"] if word != "</s>"]
    right = words == list(shown["reference"])
    mark = " :green[:material/check:]" if right else ""
    st.markdown(f"**{plain(' '.join(words)) or '∅'}**{mark} :small[({note})]")
    if not right:
        st.markdown(f"right: {plain(' '.join(shown['reference']))}")
    if shown["weights"] is None:
        st.image(enlarged(image), caption="the scene")
        st.info(
            "No attention: every word sees one mean over the whole picture.",
            icon=":material/visibility_off:",
        )
        return
    words = zip(shown["words"], shown["weights"], shown["probabilities"], strict=False)
    with st.container(horizontal=True, gap="small"):
        st.image(enlarged(image, 3), caption="the scene", width=104)
        for word, weights, p in words:
            lit = overlay(image, np.array(weights), 3)
            st.image(lit, caption=f"{plain(word)} ({p:.2f})", width=104)
    st.caption(
        "One picture a word, in the order of the caption, with the word's probability: the "
        "brighter, the more it looked there. Synthetic scenes."
    )
