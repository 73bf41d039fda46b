"""The pictures of the lesson: scenes to learn from, where each word looks, a scene of your own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.overlay import enlarged, overlay
from lab.lesson import service
from lab.lesson.captioning import TEXT
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Number
from lab.lesson.kit.measures import metric
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.runs import View
from lab.runs.kinds import kind_of
from lab.seq2seq.scenes import (
    COLOURS,
    COUNTS,
    FEWEST,
    MOST,
    RELATIONS,
    SHAPES,
    SceneCorpus,
    SceneError,
    load_scenes,
    scene_from_words,
)

SCENES = Number(
    "scenes", "Training scenes", FEWEST, MOST, 6_000, step=500, help=TEXT("scenes-help")
)
GUESSES = {
    "count": "How many there are",
    "colour": "The colour",
    "shape": "The shape",
    "relation": "Above, below, left, right",
}
# Word -> what it tells; the first word of a relation stands for it.
_TELLS = {
    **dict.fromkeys(COUNTS, "count"),
    **dict.fromkeys(COLOURS, "colour"),
    **dict.fromkeys(SHAPES, "shape"),
    **dict.fromkeys((f"{shape}s" for shape in SHAPES), "shape"),
    **dict.fromkeys((relation.split()[0] for relation in RELATIONS), "relation"),
}
_ALONE = "nothing else"


@st.cache_resource(max_entries=3, show_spinner=False)
def scenes(count: int) -> SceneCorpus:
    """Return the lab's scenes, drawn once for each number of them."""
    return load_scenes(count)


def data_of(view: View) -> Any:
    """Return the scenes of a run."""
    stored = service.run_queue().store.corpus_path(view.run.corpus).read_bytes()
    corpus = kind_of(view.run.settings).data(stored)
    return scenes(corpus.count) if corpus.seed == 0 else corpus


def scene_picker() -> SceneCorpus:
    """Draw how many scenes to learn from, and three of them."""
    count = SCENES.draw()
    with st.spinner("Drawing …"):
        corpus = scenes(count)
    st.image(
        [enlarged(corpus.train.images[place], 3) for place in range(3)],
        caption=[" ".join(corpus.train.captions[place]) for place in range(3)],
        width=96,
    )
    train, held_out = f"{len(corpus.train):,}", f"{len(corpus.held_out):,}"
    st.caption(TEXT("split", train=train, held_out=held_out))
    return corpus


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    exact, points = metric(view, "exact match"), metric(view, "pointing accuracy")
    if exact is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[loss {view.run.validation_loss:.3f}]"]
    if points is not None:
        lines.append(f":small[pointing {points:.0%}]")
    return f"**{exact:.1%}** exact match", "  \n".join(lines)


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
                if word in _TELLS:
                    hits[_TELLS[word]].append(mine == word)
        for kind, marks in hits.items():
            if marks and np.mean(marks) >= share:
                found.setdefault(kind, sample["step"])
            else:
                found.pop(kind, None)  # it was luck
    return found


def _padded(written: str, right: str) -> list[str]:
    words, length = written.split(), len(right.split())
    return [*words, *[""] * length][:length]


def live_scene(held_out: int) -> dict[str, str]:
    """Return what may change during a run: the held-out scene that its samples show."""
    return {"prompt": str(min(int(st.session_state.get("scene") or 0), held_out - 1))}


def sample_through_run(shown: Sequence[View]) -> tuple[View, dict[str, Any] | None]:
    """Draw the choice of a run, a held-out scene and a moment; return the run and its sample."""
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
            "Held-out scene", 0, fewest - 1, 0, key="scene", help="Takes effect with the next look."
        )
    queue, session = service.run_queue(), service.session()
    for view in shown:
        own = view.run.status.alive and view.run.session == session
        if own and view.run.live.get("prompt") != str(number):
            queue.set_live(view.run.id, session, prompt=str(number))
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    view = shown[chosen]
    return view, view.history.sample_at(view.run.step * share / 100)


def through_time(shown: Sequence[View]) -> None:
    """Draw a held-out scene and where each word of its caption looks, through the run."""
    view, sample = sample_through_run(shown)
    if sample is None:
        st.caption(TEXT("first-caption"))
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
        st.info(TEXT("no-attention"), icon=":material/visibility_off:")
        return
    words = zip(shown["words"], shown["weights"], shown["probabilities"], strict=False)
    with st.container(horizontal=True, gap="small"):
        st.image(enlarged(image, 3), caption="the scene", width=104)
        for word, weights, p in words:
            lit = overlay(image, np.array(weights), 3)
            st.image(lit, caption=f"{plain(word)} ({p:.2f})", width=104)
    st.caption(TEXT("looks"))


def own_scene(shown: Sequence[View]) -> None:
    """Draw the composer, and what every run says of the scene."""
    left, middle, right = st.columns([3, 2, 3], vertical_alignment="bottom")
    with middle:
        relation = st.selectbox("which is", [*RELATIONS, _ALONE], key="relation")
    with left:
        first = _group("one", 1, "red", "circle")
    with right:
        other = _group("other", 2, "blue", "square", disabled=relation == _ALONE)
    if st.button("Draw it anew", icon=":material/casino:", key="redraw"):
        st.session_state["scene_draw"] = st.session_state.get("scene_draw", 0) + 1
    seed = st.session_state.get("scene_draw", 0)
    groups = [first] if relation == _ALONE else [first, other]
    related = None if relation == _ALONE else relation
    try:
        scene = scene_from_words(groups, related, seed)
    except SceneError as error:
        st.error(str(error), icon=":material/edit_off:")
        return
    if not shown:
        st.image(enlarged(scene.image), caption=" ".join(scene.caption))
        st.caption(TEXT("train-first"))
        return
    for view, name in zip(shown, names(shown), strict=True):
        answer = ask.of_run(view, "describe", groups=groups, relation=related, seed=seed)
        if answer is not None:
            st.markdown(f"##### {plain(name)}")
            looks(scene.image, answer, "your scene")


def _group(key: str, count: int, colour: str, shape: str, disabled: bool = False):
    columns = st.columns(3, gap="small")
    with columns[0]:
        number = st.selectbox(
            "How many", [1, 2, 3], index=count - 1, key=f"{key}_count", disabled=disabled
        )
    with columns[1]:
        place = COLOURS.index(colour)
        tint = st.selectbox("Colour", COLOURS, index=place, key=f"{key}_colour", disabled=disabled)
    with columns[2]:
        place = SHAPES.index(shape)
        form = st.selectbox("Shape", SHAPES, index=place, key=f"{key}_shape", disabled=disabled)
    return number, tint, form
