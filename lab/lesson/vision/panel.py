"""The experiment of the lesson: cards, measures, and a scene lit by attention through the run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.charts.overlay import overlay
from lab.charts.patches import cut
from lab.lesson import pictures, service
from lab.lesson.captioning.scenes import data_of
from lab.lesson.experiment import compare_guess
from lab.lesson.lineup import plain
from lab.lesson.measures import Measure, chart, metric
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.lesson.vision.start import SHARES
from lab.runs import View
from lab.vision.labels import LABELS
from lab.vision.settings import VisionSettings

MEASURES = {
    "Accuracy": Measure(
        "accuracy",
        "Held-out scenes told right",
        True,
        "**Accuracy**: the share of held-out scenes whose most probable class is the right one.",
    ),
    "Object": Measure(
        "object",
        "Attention on what is asked about",
        True,
        "**Object**: of the attention that the answer pays to the picture, the share on "
        "places that touch the shapes asked about. Transformer: class token, last layer, mean of "
        "the heads. CNN: its pooling. What chance would give is on the card. Mean over 100 held-"
        "out scenes.",
    ),
    "Rollout": Measure(
        "rollout",
        "Attention rollout on what is asked about",
        True,
        "**Rollout**: the same share, with attention followed through all layers, half of each "
        "token passing by on the residual connection (Abnar and Zuidema 2020).",
    ),
    "Loss": Measure(
        "",
        "Validation loss (nats per scene)",
        False,
        "**Loss**: cross-entropy per scene, held out.",
    ),
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


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with what came out."""
    guess = st.query_params.get("guess", "")
    if len(shown) > 1 or guess not in SHARES:
        found = {name: metric(v, "accuracy") for v, name in zip(shown, names(shown), strict=True)}
        figures = {name: value for name, value in found.items() if value is not None}
        compare_guess(shown, figures, "Highest accuracy", 0.02, highest=True, form=".1%")
        return
    on, area = metric(shown[0], "object"), metric(shown[0], "area")
    if on is None or shown[0].run.status.alive:
        return
    right = guess == share_named(on)
    said = "You guessed it." if right else f"You guessed {plain(guess)}."
    (st.success if right else st.info)(
        f"{said} {on:.0%} of the attention lies on {_label(shown[0]).region}; they take "
        f"{area:.0%} of the places, which is what chance would give.",
        icon=":material/psychology:",
    )


def share_named(value: float) -> str:
    """Return which of the options of the guess a share belongs to."""
    return SHARES[sum(value >= bound for bound in (0.4, 0.6, 0.8))]


def _label(view: View):
    return LABELS[view.run.settings["what"]]


def through_time(shown: Sequence[View]) -> None:
    """Draw a held-out scene as a network saw it, through the run."""
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
        mine = view.run.status.alive and view.run.session == session
        if mine and view.run.live.get("prompt") != str(number):
            queue.set_live(view.run.id, session, prompt=str(number))
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    view = shown[chosen]
    sample = view.history.sample_at(view.run.step * share / 100)
    if sample is None:
        st.caption("The first look comes with the first second of training.")
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
    st.caption(
        "The brighter a place, the more of the answer's attention it got; the brightest is the "
        "largest weight. Synthetic scene, never trained on."
    )
