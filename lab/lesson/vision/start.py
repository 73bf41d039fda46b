"""Starting an experiment: what to tell, the scenes in patches, presets, the guess, the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.charts.patches import cut
from lab.lesson import controls, starting
from lab.lesson.captioning.scenes import scenes
from lab.lesson.lineup import Entry
from lab.lesson.submit import submit
from lab.lesson.vision.catalogue import CATALOGUE, FIRST, PRESETS, Preset
from lab.models.choices import PATCHES, SIDE
from lab.seq2seq.scenes import FEWEST, MOST, SceneCorpus
from lab.vision.labels import LABELS, WHAT

SHARES = ("Under 40 %", "40 to 60 %", "60 to 80 %", "Over 80 %")  # of attention on the object


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(preset.entries))
    st.session_state.update(
        budget="seconds", seconds=preset.seconds, what=preset.what, scenes=preset.scenes
    )
    # The guess of another line-up means nothing here.
    st.session_state.pop("guess_pills", None)
    starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: scenes, patches, models, budget")


def scene_picker() -> SceneCorpus:
    """Draw what is to be told, how many scenes to learn from, and three of them in patches."""
    what = st.selectbox(
        "What to tell",
        WHAT,
        key="what",
        bind="query-params",
        help="The question that the networks learn to answer; nobody tells them where to look.",
    )
    patch = _patch()
    count = st.number_input(
        "Training scenes",
        FEWEST,
        MOST,
        6_000,
        step=500,
        key="scenes",
        bind="query-params",
        help="Drawn by the lab. A tenth as many more are held out: two groups in combinations that "
        "no training scene shows.",
    )
    with st.spinner("Drawing …"):
        corpus = scenes(count)
    label = LABELS[what]
    with st.container(horizontal=True, gap="small"):
        for scene in (corpus.train[place] for place in range(3)):
            st.image(
                cut(scene.image, SIDE // patch, 2), caption=label.answer(scene.caption), width=80
            )
    st.caption(
        f"*{label.question}* **{len(corpus.train):,}** synthetic scenes of {SIDE} x {SIDE} pixels "
        f"to learn from, **{len(corpus.held_out):,}** held out to judge by. The lines: patches of "
        f"{patch} x {patch} pixels."
    )
    return corpus


def _patch() -> int:
    """Draw the size of the patches of all models; return that of the first."""
    sizes = [_size(entry) for entry in controls.current(CATALOGUE, FIRST)]
    # The line-up holds it, and so does the link; this control only shows and sets it.
    st.session_state["patch"] = sizes[0] if len(set(sizes)) == 1 else None
    st.segmented_control(
        "Patches of all models",
        PATCHES,
        format_func=lambda patch: f"{SIDE // patch} x {SIDE // patch}",
        key="patch",
        on_change=_set_patch,
        help="How many patches the picture is cut into; of the CNN, places of its feature map. "
        "One model alone can be given another size in its settings.",
    )
    return sizes[0]


def _size(entry: Entry) -> int:
    return entry.changes.get("patch", CATALOGUE.default(entry.kind).patch)


def _set_patch() -> None:
    patch = st.session_state["patch"]
    if patch is None:
        return
    entries = []
    for entry in controls.current(CATALOGUE, FIRST):
        changes = {key: value for key, value in entry.changes.items() if key != "patch"}
        if patch != CATALOGUE.default(entry.kind).patch:
            changes = {"patch": patch, **changes}
        entries.append(Entry(entry.kind, changes))
    controls.replace(CATALOGUE, entries)


def question(entries: Sequence[Entry]) -> tuple[str, list[str]]:
    """Return what is to be guessed, and the options."""
    if len(entries) > 1:
        return "Which is more often right on held-out scenes?", CATALOGUE.labels(entries)
    label = LABELS[st.session_state["what"]]
    return (
        f"How much of its attention will lie on {label.region}? Nobody tells it where they are.",
        list(SHARES),
    )


def button(
    corpus: SceneCorpus,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    if not starting.pressed(CATALOGUE, guess):
        return
    settings = starting.settings_of(CATALOGUE, entries, budget, what=st.session_state["what"])
    if settings is None:
        return
    number = min(int(st.session_state.get("scene") or 0), len(corpus.held_out) - 1)
    submit(CATALOGUE, entries, settings, corpus, {"prompt": str(number)}, guess)
