"""Taking it home: the chart, the series, the scenes as GeoTIFF, the code behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from lab.charts.image import to_image
from lab.lesson.asking import compute
from lab.lesson.lineup import plain
from lab.lesson.regions.chosen import SIZE, Chosen
from lab.lesson.regions.curves import Drawn
from lab.lesson.regions.found import Side


def desk(sides: Sequence[Side], drawn: Drawn | None, chosen: Chosen) -> None:
    """Draw the downloads.

    Args:
        sides: both regions.
        drawn: what the chart shows; None while it waits for a guess.
        chosen: what is compared.
    """
    if drawn:
        _chart(sides, drawn, chosen)
    else:
        st.caption("The curves can be saved when they are on the page: guess first.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for side in sides:
            _tiff(side)
    st.caption(
        "The GeoTIFF holds all eight composites in VH and VV, in dB, tagged with their operators, "
        "dates and the word synthetic. Where on earth it lies is made up."
    )


def _tiff(side: Side) -> None:
    name = f"{side.region.key}-{side.seed}-{side.acquisitions}"
    if st.button(
        f"Make a GeoTIFF: {plain(side.name)}", key=f"tiff-{side.name}", icon=":material/grid_on:"
    ):
        st.session_state["regions-tiff"] = name
    if st.session_state.get("regions-tiff") == name:
        data = compute("lab.crops.compared", "geotiff", **side.asked)
        if data:
            _button(f"{name}.tif ({len(data) / 1e6:.1f} MB)", data, f"{name}.tif", "image/tiff")


def _chart(sides: Sequence[Side], drawn: Drawn, chosen: Chosen) -> None:
    chart = drawn.chart()
    with st.container(horizontal=True, gap="small"):
        _button("Series (CSV)", lambda: table(sides, drawn, chosen), "series.csv", "text/csv")
        for form, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
            _button(
                f"Chart ({form.upper()})",
                lambda form=form: to_image(chart, form, 760),
                f"curves.{form}",
                kind,
            )


def _button(label: str, made: bytes | Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(
        label,
        made,
        name,
        kind,
        key=f"regions-save-{name}",
        icon=":material/image:" if kind.startswith("image") else ":material/table:",
        on_click="ignore",
    )


def table(sides: Sequence[Side], drawn: Drawn, chosen: Chosen) -> bytes:
    """Return all series as CSV: both regions' TP, FN, FP, TN, then the student's own places."""
    named = {side.name: side for side in sides}
    rows = [*drawn.series, *(row for place in drawn.places for row in place.rows)]
    series = []
    for row in rows:
        side = named[row["region"]]
        kept = {name: value for name, value in row.items() if name not in ("colour", "name")}
        given = {"kind": row.get("name", row["kind"]), "seed": side.seed}
        series.append({**kept, **given, "acquisitions": side.acquisitions})
    frame = pd.DataFrame(series)
    frame.insert(0, "model", chosen.model)
    frame["synthetic"] = True
    return frame.to_csv(index=False).encode()


def snippet(chosen: Chosen) -> str:
    """Return Python that computes the same in a notebook."""
    places = list(zip((region.key for region in chosen.regions), chosen.seeds(), strict=True))
    if chosen.view is None:
        head, imported = "", "judged, probability, series_of"
        asked = f"probability({chosen.key!r}, region, seed, {SIZE}, {chosen.acquisitions})"
    else:
        head, imported = _RUN, "judged, series_of"
        asked = (
            f'maps(checkpoint, data, region, seed, {SIZE}, {chosen.acquisitions})["probability"]'
        )
    return f"""{head}from lab.crops.compared import {imported}
from lab.crops.scenes.scene import scene

for region, seed in {places!r}:
    stack = scene(region, seed=seed, size={SIZE}, acquisitions={chosen.acquisitions})
    found = {asked}
    told = judged(stack, found)
    print(stack.name, "IoU, low, high:", [round(value, 2) for value in told["iou"]])
    for row in series_of(stack, found, "VH"):
        if row["kind"] in ("TP", "FN"):
            print(row["kind"], row["period"], round(row["mean"], 1), "dB")
    for row in told["reasons"]["measures"]:
        print(row["name"], row["auc"])  # how well it tells missed fields from found ones
"""


_RUN = """from pathlib import Path

from lab.crops.network.questions import maps
from lab.runs import transfer

# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")

"""
