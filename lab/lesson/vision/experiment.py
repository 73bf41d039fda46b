"""The experiment of the lesson: cards, measures, and a scene lit by attention through the run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.charts.overlay import overlay
from lab.charts.patches import cut
from lab.lesson import pictures
from lab.lesson.captioning.scenes import data_of, sample_through_run
from lab.lesson.kit.measures import Measure, metric
from lab.lesson.kit.panel import compare_best
from lab.lesson.kit.question import compare
from lab.lesson.kit.runs import names
from lab.lesson.vision import TEXT
from lab.runs import View
from lab.vision.labels import LABELS, Label
from lab.vision.settings import VisionSettings

SHARES = ("Under 40 %", "40 to 60 %", "60 to 80 %", "Over 80 %")  # of attention on the object
MEASURES = {
    "Accuracy": Measure("accuracy", "Unseen scenes classified correctly", True, TEXT("accuracy")),
    "Object": Measure("object", "Attention on what is asked about", True, TEXT("object")),
    "Rollout": Measure(
        "rollout", "Attention rollout on what is asked about", True, TEXT("rollout")
    ),
    "Loss": Measure("", "Validation loss (nats per scene)", False, TEXT("loss")),
}


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    settings = VisionSettings.from_dict(view.run.settings)
    size = f":small[{settings.parameters():,} parameters]"
    accuracy, on, area = (metric(view, name) for name in ("accuracy", "object", "area"))
    if accuracy is None:
        return "", size
    lines = [
        f":small[loss {view.run.validation_loss:.3f}]",
        f":small[attention on the object {on:.0%}, by chance {area:.0%}]",
        size,
    ]
    return f"**{accuracy:.1%}** right: {settings.what}", "  \n".join(lines)


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with what came out."""
    if len(shown) > 1 or guess not in SHARES:
        found = {name: metric(v, "accuracy") for v, name in zip(shown, names(shown), strict=True)}
        figures = {name: value for name, value in found.items() if value is not None}
        compare_best(guess, figures, "Highest accuracy", 0.02, highest=True, form=".1%")
        return
    on, area = metric(shown[0], "object"), metric(shown[0], "area")
    if on is None:
        return
    region = _label(shown[0]).region
    came = TEXT("share", on=f"{on:.0%}", region=region, area=f"{area:.0%}")
    compare(guess, guess == share_named(on), came)


def share_named(value: float) -> str:
    """Return which of the options of the guess a share belongs to."""
    return SHARES[sum(value >= bound for bound in (0.4, 0.6, 0.8))]


def _label(view: View) -> Label:
    return LABELS[view.run.settings["what"]]


def through_time(shown: Sequence[View]) -> None:
    """Draw a held-out scene as a network saw it, through the run."""
    view, sample = sample_through_run(shown)
    if sample is None:
        st.caption(TEXT("first-look"))
        return
    label = _label(view)
    ranked = sorted(
        zip(sample["probabilities"], label.classes, strict=True), key=lambda pair: -pair[0]
    )
    right = label.classes[sample["right"]]
    mark = ":green[:material/check:]" if ranked[0][1] == right else f"(right: {right})"
    others = ", ".join(f"{name} {p:.0%}" for p, name in ranked[1:3])
    st.markdown(
        f"**{ranked[0][1]} {ranked[0][0]:.0%}** {mark} :small[then {others}; step "
        f"{sample['step']:,}, scene {sample['scene']}]"
    )
    image = data_of(view).held_out.images[sample["scene"]]
    grid, scale = round(len(sample["read"]) ** 0.5), 2 if pictures.on_phone() else 3
    with st.container(horizontal=True, gap="small"):
        st.image(cut(image, grid, scale), caption="The scene in places", width=48 * scale)
        for weights, name in (
            (sample["read"], "Read by the answer"),
            (sample["rolled"], "Rollout"),
        ):
            st.image(overlay(image, weights, scale), caption=name, width=48 * scale)
    st.caption(TEXT("through-time"))
