"""An alignment as a picture, with the sentence below it; and how it comes about through a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from lab.charts.alignment import alignment_heatmap
from lab.lesson import pictures
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.translation import TEXT
from lab.runs import View

INK = Choice(
    "ink",
    "Picture",
    {"dark": "Ink is attention", "white": "White is attention"},
    former={"Dark is attention": "dark"},
)


def white_on_black() -> bool:
    """Return whether white on black stands for attention, as the student chose."""
    return INK.value == "white"


def draw(
    shown: Mapping[str, Any],
    key: str,
    note: str = "",
    gold: Collection[tuple[int, int]] | None = None,
    marked: int | None = None,
) -> None:
    """Draw the alignment of a translation, and what was written.

    Args:
        shown: `lab.seq2seq.translation.Translation` as a dict.
        key: of the chart.
        note: what it is of, such as "step 40".
        gold: (source, target) links to mark, or None.
        marked: a target row to point out, or None.
    """
    source, target, weights = shown["source"], shown["target"], shown["weights"]
    if weights is None:
        st.info(TEXT("no-alignment"), icon=":material/visibility_off:")
    elif not target:
        st.caption("Nothing was written.")
    else:
        picture = alignment_heatmap(
            source, target, weights, gold, white_on_black(), pictures.half(), marked
        )
        pictures.show(picture, key)
    _sentence(shown, note)


def _sentence(shown: Mapping[str, Any], note: str) -> None:
    """Say what was written, what would have been right, and what could not be read."""
    words = [token for token in shown["target"] if token != "</s>"]
    gap = "" if words and all(len(word) == 1 for word in words) else " "
    line = f"**{plain(gap.join(words)) or '∅'}**" + (f" :small[({note})]" if note else "")
    reference = shown.get("reference")
    if reference is not None:
        same = list(reference) == words
        right = plain(gap.join(reference))
        line += " :green[:material/check:]" if same else f"  \nright: {right}"
    st.markdown(line)
    if shown.get("unknown"):
        pieces = ", ".join(plain(repr(piece)) for piece in shown["unknown"][:8])
        st.caption(f":orange[:material/help:] {TEXT('unknown', pieces=pieces)}")


def through_time(shown: Sequence[View]) -> None:
    """Draw the alignment of the watched sentence, of one run, at one moment of its budget."""
    labels = names(shown)
    ready = [place for place, view in enumerate(shown) if view.history.samples]
    if not ready:
        st.caption(TEXT("first-alignment"))
        return
    attending = [place for place in ready if shown[place].run.settings.get("score") != "none"]
    chosen = st.selectbox(
        "Alignment of",
        range(len(shown)),
        index=(attending or ready)[0],
        format_func=lambda place: labels[place],
        key="aligned",
        disabled=len(shown) == 1,
    )
    share = st.slider(
        "Through the run", 0, 100, 100, format="%d%%", key="when", help=TEXT("when-help")
    )
    view = shown[chosen]
    sample = view.history.sample_at(view.run.step * share / 100)
    if sample is None:
        st.caption(TEXT("not-begun"))
        return
    draw(sample["shown"], key="alignment", note=f"step {sample['step']:,}")
    with st.expander("Five held-out sentences"):
        for source, output, reference in sample["examples"]:
            mark = ":green[:material/check:]" if output == reference else ":red[:material/close:]"
            right = "" if output == reference else f" (right: {plain(reference)})"
            st.markdown(f"{mark} {plain(source)} → **{plain(output) or '∅'}**{right}")
