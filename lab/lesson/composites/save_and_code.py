"""The fourth tab: every figure as CSV, the charts as pictures, the code behind."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lab.lesson.composites import TEXT, field_curve, map_iou, operator_bias
from lab.lesson.composites.field_curve import Look
from lab.lesson.composites.map_iou import Rows
from lab.lesson.composites.scene_picker import Scene
from lab.lesson.kit import keep
from lab.lesson.kit.page import Page

_WIDE = 760


def save_tab(page: Page) -> None:
    """Draw the downloads and the code."""
    look: Look = page.found
    scene: Scene = page.chosen
    rows = map_iou.drawn_rows(scene)
    place = f"Synthetic scene: {scene.place.name}"
    title = f"{place}, {scene.grown}, seed {scene.seed}"
    # The charts are made here: a download is drawn outside the page, where no control is known.
    curve = field_curve.picture(field_curve.series(look, scene, field_curve.pixels_of()), scene)
    bias = operator_bias.picture(look, scene)
    kept: list[keep.Table | keep.Picture] = [
        keep.Table("Curves (CSV)", lambda: curves(look, scene), "composites.csv"),
        _picture("Curve", curve.properties(title=title)),
        _picture("Bias", bias.properties(title=title)),
    ]
    if rows:
        chart = map_iou.picture(rows, scene).properties(title=f"{place}, seed {scene.seed}")
        table = keep.Table("IoU (CSV)", lambda: ious(rows, scene), "iou-by-acquisitions.csv")
        kept += [table, _picture("IoU", chart)]
    keep.show(*kept, prefix="composites")
    st.caption(TEXT("save") + ("" if rows else f" {TEXT('save-iou')}"))
    st.markdown("**The code behind**")
    st.code(code(scene))


def _picture(label: str, chart: object) -> keep.Picture:
    return keep.Picture(label, lambda: chart, label.lower(), _WIDE, ("png",))


def curves(look: Look, scene: Scene) -> pd.DataFrame:
    """Return the figures of all looks, both ways; values in dB."""
    data = pd.DataFrame(look["rows"])
    about = {"region": scene.place.name, "class": scene.grown, "band": scene.band}
    return _of_scene(data, {"data": "synthetic", **about, "seed": scene.seed})


def ious(rows: Rows, scene: Scene) -> pd.DataFrame:
    """Return the figures of the maps."""
    about = {"data": "synthetic", "region": scene.place.name, "seed": scene.seed}
    return _of_scene(pd.DataFrame(rows), about)


def _of_scene(data: pd.DataFrame, about: dict[str, object]) -> pd.DataFrame:
    for place, (name, value) in enumerate(about.items()):
        data.insert(place, name, value)
    return data.round(4)


def code(scene: Scene) -> str:
    """Return Python that computes the same in a notebook."""
    given, (first, last) = scene.arguments, scene.passes
    region, seed, size = given["region_"], scene.seed, given["size"]
    return f"""from lab.crops.scenes.bias import expected
from lab.crops.scenes.passes import judged, look

found = look({region!r}, {scene.grown!r}, seed={seed}, size={size}, band={scene.band!r})
for row in found["rows"]:
    if row["who"] == "field" and row["way"] == {scene.way!r} and row["count"] in ({first}, {last}):
        print(row["count"], row["period"], round(row["value"], 2), "truth", round(row["truth"], 2))

for operator in ("min", "mean", "max"):  # an even field, 5-look gamma speckle, dB
    print(operator, [round(expected(operator, n, looks=5)["pixel"], 2) for n in range(1, 7)])

for row in judged({map_iou.maker()!r}, {region!r}, seed={seed}, size={size})["rows"]:
    print(row["way"], row["count"], *(round(row[key], 3) for key in ("iou", "low", "high")))
"""
