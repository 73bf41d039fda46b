"""Training, validation and test parts: how fields are divided, and what a leak promises."""

from __future__ import annotations

import streamlit as st

from lab.charts.crop_transfer import PARTS, part_picture, promises
from lab.lesson import pictures
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import Question, compare
from lab.lesson.transfer import TEXT, region_picker
from lab.lesson.transfer.catalogue import NAMES, TARGETS, titled

_TREES, _PIXELS_LEARNED = 30, 10_000
_WORDS = {"train": "dark", "validation": "orange", "test": "blue"}
_PIXELS, _BLOCKS = "by pixels", "by blocks of fields"
_WHERE = {"iou": "its own test part", "new_iou": "a new scene"}
GUESSES = ("As much", "A little less", "Far less")
_LITTLE, _FAR = 0.02, 0.1  # IoU
LEAK = "leak-seen"  # in the session: the figures of the last demonstration

REGION = Choice(
    "split",
    "Scene of",
    {key: titled(key) for key in TARGETS.values() if key != "own"},
    "netherlands",
)
QUESTION = Question(name="leak_guess", widget="leak_guess", lesson="transfer")


def split_tab(page: Page) -> None:
    """Draw the parts of a scene, and the demonstration of the leak."""
    region = REGION.draw()
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _parts(region)
    with right:
        _leak(page, region)


def _parts(region: str) -> None:
    size = region_picker.SIZE
    found = ask.compute("lab.crops.network.marks", "part_map", region=region, seed=0, size=size)
    if found is None:
        return
    st.markdown(TEXT("blocks"))
    st.image(
        part_picture(found["part"]),
        width=min(pictures.half(), 400),
        alt=f"The scene of {NAMES[region]}: blocks of fields to train, to validate and to test",
    )
    st.markdown(
        "\n".join(
            f"- **{part.capitalize()}** ({_WORDS[part]}): {found['parcels'][part]:,} fields, the "
            f"crop on {found['crop'][part]:.0%} of their pixels"
            for part in PARTS
        )
    )
    st.caption(TEXT("parts"))


def _leak(page: Page, region: str) -> None:
    st.markdown(TEXT("leak"))
    guess = QUESTION.ask(TEXT("predict-leak"), GUESSES, region, page.lesson.hides("question"))
    if guess is None:
        page.unanswered = True  # what to notice says this too
        st.caption(TEXT("guess-then-grow"))
        return
    key, send = ask.computing(
        "lab.crops.leak", "leak", region=region, trees=_TREES, most=_PIXELS_LEARNED
    )
    found = ask.answer(key, send)
    if found is None:
        if ask.under_way(key):
            st.caption(f":material/hourglass_empty: {TEXT('growing')}")
        return
    st.session_state[LEAK] = {"region": region, **found}
    rows = [
        {"split": name, "where": where, "iou": found[key][which]}
        for key, name in (("pixels", _PIXELS), ("blocks", _BLOCKS))
        for which, where in _WHERE.items()
    ]
    pictures.show(promises(rows, pictures.half()), "leak")
    pixels, blocks = found["pixels"], found["blocks"]
    figures = {
        "pixels": f"{pixels['iou']:.2f}",
        "pixels_new": f"{pixels['new_iou']:.2f}",
        "pixels_shared": f"{pixels['shared']:.0%}",
        "blocks": f"{blocks['iou']:.2f}",
        "blocks_new": f"{blocks['new_iou']:.2f}",
        "blocks_shared": f"{blocks['shared']:.0%}",
    }
    st.markdown(TEXT("promised", **figures))
    gap = pixels["iou"] - pixels["new_iou"]
    compare(guess, guess == right_guess(gap), TEXT("too-high", gap=f"{gap:+.2f}"))
    st.caption(TEXT("why-leak"))


def right_guess(gap: float) -> str:
    """Return which answer is right when a promise was so much too high."""
    return GUESSES[0 if gap <= _LITTLE else 1 if gap <= _FAR else 2]
