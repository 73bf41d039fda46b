"""What the lesson's networks learn from: what to predict, the scenes, and their patches."""

from __future__ import annotations

import streamlit as st

from lab.charts.patches import cut
from lab.lesson.captioning.scenes import scenes
from lab.lesson.kit.form import Form, seconds_of, steps_of
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.lesson.vision import TEXT
from lab.models.choices import PATCHES, SIDE
from lab.seq2seq.scenes import FEWEST, MOST, SceneCorpus
from lab.vision.labels import LABELS, WHAT
from lab.vision.settings import VisionSettings

CATALOGUE = Catalogue(
    "vision",
    {"vit": "Transformer", "cnn": "CNN with attention"},
    offered(
        VisionSettings,
        "patch",
        "layers",
        "heads",
        "pool",
        Offer("width", 8),
        RATE,
        Offer("batch", high=256),
    ),
    VisionSettings.default,
)
FORM = Form(
    CATALOGUE,
    (Entry("vit"), Entry("cnn")),
    {"seconds": seconds_of(25, 5), "steps": steps_of(1_000)},
    "Equal seconds favour what computes fast; equal steps see the same scenes.",
    VisionSettings.parameters,
)
WHAT_TO_PREDICT = Choice("what", "What to predict", WHAT, look="select", help=TEXT("what-help"))
SCENES = Number(
    "scenes", "Training scenes", FEWEST, MOST, 6_000, step=500, help=TEXT("scenes-help")
)


def scene_picker() -> SceneCorpus:
    """Draw what is to be told, how many scenes to learn from, and three of them in patches."""
    what = WHAT_TO_PREDICT.draw()
    patch = _patch()
    count = SCENES.draw()
    with st.spinner("Drawing …"):
        corpus = scenes(count)
    label = LABELS[what]
    with st.container(horizontal=True, gap="small"):
        for scene in (corpus.train[place] for place in range(3)):
            st.image(
                cut(scene.image, SIDE // patch, 2), caption=label.answer(scene.caption), width=80
            )
    st.caption(
        TEXT(
            "split",
            question=label.question,
            train=f"{len(corpus.train):,}",
            held_out=f"{len(corpus.held_out):,}",
            side=SIDE,
            patch=patch,
        )
    )
    return corpus


def _patch() -> int:
    """Draw the size of the patches of all models; return that of the first."""
    sizes = [_size(entry) for entry in FORM.lineup()]
    # The line-up holds it, and so does the link; this control only shows and sets it.
    st.session_state["patch"] = sizes[0] if len(set(sizes)) == 1 else None
    st.segmented_control(
        "Patches of all models",
        PATCHES,
        format_func=lambda patch: f"{SIDE // patch} x {SIDE // patch}",
        key="patch",
        on_change=_set_patch,
        help=TEXT("patches-help"),
    )
    return sizes[0]


def _size(entry: Entry) -> int:
    return entry.changes.get("patch", CATALOGUE.default(entry.kind).patch)


def _set_patch() -> None:
    patch = st.session_state["patch"]
    if patch is None:
        return
    entries = []
    for entry in FORM.lineup():
        changes = {key: value for key, value in entry.changes.items() if key != "patch"}
        if patch != CATALOGUE.default(entry.kind).patch:
            changes = {"patch": patch, **changes}
        entries.append(Entry(entry.kind, changes))
    FORM.replace(entries)
