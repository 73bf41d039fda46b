"""The fourth tab: every figure as CSV, the charts as pictures, the code behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.image import to_image
from lab.lesson.composites import biases, judged, looks
from lab.lesson.composites.controls import Chosen

_WIDE = 760


def desk(found: dict[str, Any], rows: list[dict[str, Any]], chosen: Chosen) -> None:
    """Draw the downloads and the code.

    Args:
        found: of `lab.crops.scenes.passes.look`.
        rows: of `lab.crops.scenes.passes.judged`, or none yet.
        chosen: on the page.
    """
    who = "class" if st.session_state.get("who") == looks.CLASS else "field"
    pixel = st.session_state.get("bias", biases.PIXEL) != biases.MEAN
    of = biases.LOOKS[st.session_state.get("looks") or biases.SCENE]
    with st.container(horizontal=True, gap="small"):
        _button("Curves (CSV)", lambda: curves_csv(found, chosen), "composites.csv")
        title = f"Synthetic scene: {chosen.place.name}, {chosen.grown}, seed {chosen.seed}"
        curve = looks.series(found, chosen, who)
        _picture("Curve (PNG)", title, lambda: looks.picture(curve, chosen))
        _picture("Bias (PNG)", title, lambda: biases.picture(found, chosen, pixel, of))
        if rows:
            _button("IoU (CSV)", lambda: iou_csv(rows, chosen), "iou-by-acquisitions.csv")
            title = f"Synthetic scene: {chosen.place.name}, seed {chosen.seed}"
            _picture("IoU (PNG)", title, lambda: judged.picture(rows, chosen))
    st.caption(
        "Synthetic, all of it; the files say so. The address of this page holds its whole state."
        + ("" if rows else " Look at *IoU moves* first, and its figures can be saved too.")
    )
    st.markdown("**The code behind**")
    st.code(snippet(chosen))


def _button(name: str, make: Callable[[], bytes], file: str, kind: str = "text/csv") -> None:
    icon = ":material/table:" if kind == "text/csv" else ":material/image:"
    st.download_button(
        name, make, file, kind, key=f"composites-{file}", icon=icon, on_click="ignore"
    )


def _picture(name: str, title: str, draw: Callable[[], alt.LayerChart]) -> None:
    file = f"{name.split(' ')[0].lower()}.png"
    _button(name, lambda: to_image(draw().properties(title=title), "png", _WIDE), file, "image/png")


def curves_csv(found: dict[str, Any], chosen: Chosen) -> bytes:
    """Return the figures of all looks, both ways, as CSV; values in dB."""
    data = pd.DataFrame(found["rows"])
    data.insert(0, "data", "synthetic")
    data.insert(1, "region", chosen.place.name)
    data.insert(2, "class", chosen.grown)
    data.insert(3, "band", chosen.band)
    data.insert(4, "seed", chosen.seed)
    return data.round(4).to_csv(index=False).encode()


def iou_csv(rows: list[dict[str, Any]], chosen: Chosen) -> bytes:
    """Return the figures of the maps as CSV."""
    data = pd.DataFrame(rows)
    data.insert(0, "data", "synthetic")
    data.insert(1, "region", chosen.place.name)
    data.insert(2, "seed", chosen.seed)
    return data.round(4).to_csv(index=False).encode()


def snippet(chosen: Chosen) -> str:
    """Return Python that computes the same in a notebook."""
    maker = judged.MAKERS[st.session_state.get("model") or judged.NETWORK]
    return _CODE.format(
        maker=maker, first=chosen.passes[0], last=chosen.passes[1], way=chosen.way, **chosen.given
    )


_CODE = """from lab.crops.scenes.bias import expected
from lab.crops.scenes.passes import judged, look

found = look({region_!r}, {grown!r}, seed={seed}, size={size}, band={band!r})
for row in found["rows"]:
    if row["who"] == "field" and row["way"] == {way!r} and row["count"] in ({first}, {last}):
        print(row["count"], row["period"], round(row["value"], 2), "truth", round(row["truth"], 2))

for operator in ("min", "mean", "max"):  # an even field, 5-look gamma speckle, dB
    print(operator, [round(expected(operator, n, looks=5)["pixel"], 2) for n in range(1, 7)])

for row in judged({maker!r}, {region_!r}, seed={seed}, size={size})["rows"]:
    print(row["way"], row["count"], *(round(row[key], 3) for key in ("iou", "low", "high")))
"""
