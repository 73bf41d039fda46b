"""Training, validation and test parts: how fields are divided, and what a leak promises."""

from __future__ import annotations

import streamlit as st

from lab.charts.crop_transfer import PARTS, part_picture, promises
from lab.lesson import pictures
from lab.lesson.asking import compute
from lab.lesson.frame import SKIP
from lab.lesson.transfer.catalogue import NAMES, TARGETS, titled
from lab.lesson.transfer.later import later
from lab.lesson.transfer.start import SIZE

_TREES, _PIXELS_LEARNED = 30, 10_000
_TIMES = 1  # pixels of the picture for one of the scene
_PIXELS, _BLOCKS = "by pixels", "by blocks of fields"
_WHERE = {"iou": "its own test part", "new_iou": "a new scene"}
GUESSES = ("As much", "A little less", "Far less")
_LITTLE, _FAR = 0.02, 0.1  # IoU
LEAK = "leak-seen"  # in the session: the figures of the last demonstration


def tab() -> None:
    """Draw the parts of a scene, and the demonstration of the leak."""
    regions = [key for key in TARGETS.values() if key != "own"]
    region = st.segmented_control(
        "Scene of",
        regions,
        format_func=titled,
        default="netherlands",
        key="split",
        bind="query-params",
        required=True,
    )
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _parts(region)
    with right:
        _leak(region)


def _parts(region: str) -> None:
    found = compute("lab.crops.network.marks", "part_map", region=region, seed=0, size=SIZE)
    if found is None:
        return
    st.markdown("**Fields, block by block.** No field is in two parts.")
    large = part_picture(found["part"]).repeat(_TIMES, 0).repeat(_TIMES, 1)
    st.image(
        large,
        width=min(pictures.half(), 400),
        alt=f"The scene of {NAMES[region]}: blocks of fields to train, to validate and to test",
    )
    words = {"train": "dark", "validation": "orange", "test": "blue"}
    st.markdown(
        "\n".join(
            f"- **{part.capitalize()}** ({words[part]}): {found['parcels'][part]:,} fields, the "
            f"crop on {found['crop'][part]:.0%} of their pixels"
            for part in PARTS
        )
    )
    st.caption(
        "Synthetic, 3.84 km a side. Blocks are 640 m; a field goes with the block that its middle "
        "lies in. **Train**: weights are fitted. **Validation**: the curve above, to choose by. "
        "**Test**: once, at the end, in the table."
    )


def _leak(region: str) -> None:
    st.markdown(
        "**What if pixels were drawn, and not fields?** A forest learns from 60 % of a scene and "
        "is judged on the rest: once pixel by pixel, once by blocks. Then both meet a new scene."
    )
    guess = st.pills(
        "**Predict first.** Of the IoU that a split by pixels promises, a new scene gives …",
        [*GUESSES, SKIP],
        key="leak_guess",
    )
    if guess is None:
        st.caption("Guess, or say that you would rather not: then the forests are grown.")
        return
    asked = {"region": region, "trees": _TREES, "most": _PIXELS_LEARNED}
    grown = later("lab.crops.leak", "leak", **asked) is not None
    st.fragment(_outcome, run_every=None if grown else 2.0)(region, guess, asked, grown)


def _outcome(region: str, guess: str, asked: dict, grown: bool) -> None:
    found = later("lab.crops.leak", "leak", **asked)
    if found is None:
        st.caption(":material/hourglass_empty: Two forests are grown, some seconds …")
        return
    if not grown:
        st.rerun()  # the whole page, once: to stop the clock and to check the exercises
    st.session_state[LEAK] = {"region": region, **found}
    rows = [
        {"split": name, "where": where, "iou": found[key][which]}
        for key, name in (("pixels", _PIXELS), ("blocks", _BLOCKS))
        for which, where in _WHERE.items()
    ]
    pictures.show(promises(rows, pictures.half()), "leak")
    pixels, blocks = found["pixels"], found["blocks"]
    st.markdown(
        f"Split {_PIXELS}: promised **{pixels['iou']:.2f}**, given **{pixels['new_iou']:.2f}**. "
        f"Split {_BLOCKS}: promised **{blocks['iou']:.2f}**, given **{blocks['new_iou']:.2f}**. "
        f"Of the fields tested, {pixels['shared']:.0%} had pixels in training with the first "
        f"split, {blocks['shared']:.0%} with the second."
    )
    right = right_guess(pixels["iou"] - pixels["new_iou"])
    if guess != SKIP:
        told = "You guessed it." if guess == right else f"You guessed: {guess.lower()}."
        st.caption(f"{told} The promise was {pixels['iou'] - pixels['new_iou']:+.2f} too high.")
    st.caption(
        "Pixels of one field share its sowing date, soil and speckle: a pixel in training gives "
        "its neighbours away. Fields of a new scene share nothing with it. One scene, one seed."
    )


def right_guess(gap: float) -> str:
    """Return which answer is right when a promise was so much too high."""
    return GUESSES[0 if gap <= _LITTLE else 1 if gap <= _FAR else 2]
