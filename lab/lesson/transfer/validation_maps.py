"""One place of the validation part, as each run sees it while it learns, with the truth beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.crop_transfer import error_picture, probability_picture
from lab.crops.iou import iou
from lab.crops.stack import UNKNOWN
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.transfer import TEXT
from lab.runs import View

PROBABILITY, ERRORS = "Probability", "Right and wrong"
SHOWN = Choice("what", "Maps show", [PROBABILITY, ERRORS])
_WIDE = 144  # pixels of a map on the page
_TIMES = 3  # pixels of the picture for one of the map


def maps(shown: Sequence[View]) -> None:
    """Draw the place as each run had it at a point of its training."""
    what = SHOWN.draw(label_visibility="collapsed")
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    samples = [view.history.sample_at(view.run.step * share / 100) for view in shown]
    found = [sample for sample in samples if sample]
    if not found:
        st.caption(TEXT("first-map"))
        return
    with st.container(horizontal=True, gap="small"):
        truth = np.array(found[0]["truth"], np.uint8)
        _draw(probability_picture(truth, truth == UNKNOWN), "Truth", "the labels", "the truth")
        for sample, name in zip(samples, names(shown), strict=True):
            if sample is not None:
                _map(sample, name, what)
    legend = "probability-legend" if what == PROBABILITY else "errors-legend"
    st.caption(f"{TEXT('tile')} {TEXT(legend)}")


def _map(sample: Mapping[str, Any], name: str, what: str) -> None:
    truth = np.array(sample["truth"], np.uint8)
    p = np.array(sample["probability"], float)
    unknown = truth == UNKNOWN
    if what == PROBABILITY:
        picture = probability_picture(p, unknown)
    else:
        picture = error_picture(truth, p >= 0.5, unknown)
    score = iou(truth, np.where(unknown, UNKNOWN, p >= 0.5))
    reached = "no crop here" if np.isnan(score) else f"IoU {score:.2f}"
    _draw(picture, plain(name), f"step {sample['step']:,}, {reached}", f"{name}, {reached}")


def _draw(picture: np.ndarray, title: str, below: str, alt: str) -> None:
    large = picture.repeat(_TIMES, 0).repeat(_TIMES, 1)
    with st.container(width=_WIDE, gap=None):
        st.markdown(f":small[**{title}**]")
        st.image(large, width=_WIDE, alt=f"Map of the crop: {alt}")
        if below:
            st.caption(below)
