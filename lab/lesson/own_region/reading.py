"""What a student says of files that do not say it themselves, the part to look at, the labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from lab.crops.stack import BANDS
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT
from lab.lesson.own_region.questions import answer, named

AS_SAID = "as the files say"
# What was said stays while the page waits for a worker, and the control is not drawn.
_KEPT: dict[str, Any] = {"persist_state": "session"}
PART = 512  # pixels a side of what is looked at of a large scene
_NAME = 60  # letters of a projection's name
_NAMELESS = ("", "unnamed", "unknown", "undefined")
_NAMED = ("bands", "dates", "periods")  # what tells a radar image from labels
_WIDE = {"File": 180, "Layers": 65, "Bands": 80, "Dates or composites": 230, "Unit": 65}
_WIDE |= {"Quantity": 80, "Pixel": 80, "Synthetic": 90}  # pixels: all of them at 1440
_BANDS = {AS_SAID: None, "VH": ["VH"], "VV": ["VV"], "VH and VV": list(BANDS)}
_QUANTITIES = {AS_SAID: None, "sigma0": "sigma0", "gamma0": "gamma0"}
_UNITS = {AS_SAID: None, "dB": "dB", "power": "power", "amplitude": "amplitude"}
_ORDERS = {
    AS_SAID: None,
    "all VH, then all VV": "one band after the other",
    "VH, VV, VH, VV …": "in turn",
}
# Arguments of `open_stack`, with the label of each and what may be said.
_ASKED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("bands", "Bands", _BANDS),
    ("order", "Order of layers", _ORDERS),
    ("unit", "Unit", _UNITS),
    ("quantity", "Quantity", _QUANTITIES),
)


def place_of(
    paths: Sequence[str], names: Mapping[str, str], name: str, labels: str | None, key: str
) -> dict[str, Any] | None:
    """Draw what the files hold and what is to be said of them; return what is looked at.

    Args:
        paths: of the GeoTIFFs.
        names: path -> name, of labels too.
        name: of the place.
        labels: path, or None.
        key: of the widgets: other files ask anew.

    Returns:
        Parts of `OwnRegion`; None with the reason on the page.
    """
    described = answer("describe", names, paths=list(paths))
    if described is None:
        return None
    given = Path(names[paths[0]]).stem
    paths, described = _scenes(paths, described, names)
    if not paths:
        return None
    name = Path(names[paths[0]]).stem if name == given else name  # labels may have come first
    place: dict[str, Any] = {"paths": list(paths), "name": name[:60]}
    asks = any(not each["guess"]["bands"] or not each["guess"]["quantity"] for each in described)
    with st.expander(_headline(described), asks, icon=":material/description:"):
        _table(described, paths, names)
        place |= _said(key)
    first = described[0]
    if not first["small"]:
        place["part"] = _part(first, key)
    if labels:
        said = {item: value for item, value in place.items() if value is not None}
        if answer("facts", names, place=said) is None:  # the scene alone: said once, and not again
            return None
        place |= _labelled(place, labels, names, key)
    return {
        "place": {item: value for item, value in place.items() if value is not None},
        "name": name,
        "names": dict(names),
        "whole": first["small"],
        "notes": _notes(described, place),
    }


def _scenes(
    paths: Sequence[str], described: Sequence[Mapping], names: Mapping[str, str]
) -> tuple[list[str], list[Mapping]]:
    """Return files that are radar images, none where one is damaged; say what is left out."""
    if broken := [each["damaged"] for each in described if each["damaged"]]:
        for said in broken:
            st.warning(plain(named(said, names)), icon=":material/edit_off:")
        return [], []
    mute = [not any(each["guess"][item] for item in _NAMED) for each in described]
    first = described[0]
    classes = len(paths) == 1 and first["bands"] == 1 and first["dtype"] == "uint8"
    if all(mute) and not classes:
        return list(paths), list(described)  # the student says what they are
    for path, left in zip(paths, mute, strict=True):
        if left:
            st.warning(
                TEXT("left-out", name=plain(names[path])),
                icon=":material/move_down:",
            )
    kept = [i for i, left in enumerate(mute) if not left]
    return [paths[i] for i in kept], [described[i] for i in kept]


def _headline(described: Sequence[Mapping]) -> str:
    first = described[0]
    files = f"{len(described)} files" if len(described) > 1 else "1 file"
    where = f", {_projection(first['crs'])}" if first["crs"] else ", without coordinates"
    what = "they hold" if len(described) > 1 else "it holds"
    return f"{files}: {first['width']:,} x {first['height']:,} pixels{where}. What {what}"


def _projection(crs: str) -> str:
    """Return a short name of a projection: its code, or the name that its WKT begins with."""
    if "[" not in crs:
        return plain(crs[:_NAME])
    found = re.match(r'\s*\w+\s*\[\s*"([^"]*)"', crs)
    name = found[1].strip() if found else ""
    return "an unnamed projection" if name.lower() in _NAMELESS else plain(name[:_NAME])


def _table(described: Sequence[Mapping], paths: Sequence[str], names: Mapping[str, str]) -> None:
    rows = []
    for each, path in zip(described, paths, strict=True):
        guess = each["guess"]
        rows.append(
            {
                "File": names[path],
                "Layers": each["bands"],
                "Bands": ", ".join(guess["bands"]) or "not said",
                "Dates or composites": _when(guess),
                "Unit": guess["unit"] or "not said",
                "Quantity": guess["quantity"] or "not said",
                "Pixel": _pixel(each),
                "Synthetic": "yes" if guess["synthetic"] else "not said",
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="own-files",
        width="stretch",
        column_config={name: st.column_config.Column(width=size) for name, size in _WIDE.items()},
    )
    for each, path in zip(described, paths, strict=True):
        for problem in each["problems"]:
            said, name = named(problem, names), names[path]
            whose = "" if said.startswith(name) else f"{plain(name)}: "
            st.caption(f":material/info: {whose}{plain(said)}")


def _when(guess: Mapping[str, Any]) -> str:
    told = guess["periods"] or guess["dates"]
    if not told:
        return "not said"
    return told[0] if len(told) == 1 else f"{len(told)}: {told[0]} to {told[-1]}"


def _pixel(each: Mapping[str, Any]) -> str:
    if not each["pixel"]:
        return "not said"
    unit = "" if each["degrees"] and abs(each["pixel"][0]) < 0.1 else " m"
    return f"{each['pixel'][0]:g}{unit or ' degrees'}"


def _said(key: str) -> dict[str, Any]:
    st.caption(TEXT("say-here"))
    columns = st.columns(len(_ASKED) + 1, gap="small")
    said: dict[str, Any] = {}
    for column, (item, name, options) in zip(columns, _ASKED, strict=False):
        with column:
            said[item] = options[st.selectbox(name, list(options), key=f"{item}-{key}", **_KEPT)]
    with columns[-1]:
        said["sigma0"] = (
            st.toggle(
                "To sigma0",
                key=f"sigma0-{key}",
                help=TEXT("sigma0-help"),
                **_KEPT,
            )
            or None
        )
    return said


def _part(first: Mapping[str, Any], key: str) -> list[int]:
    rows, columns = first["height"], first["width"]
    height, width = min(PART, rows), min(PART, columns)
    shape = {"rows": f"{rows:,}", "columns": f"{columns:,}"}
    st.caption(TEXT("too-large", width=width, height=height, **shape))
    left, right = st.columns(2, gap="medium")
    with left:
        down = st.slider("Part: from the north (%)", 0, 100, 50, key=f"down-{key}", **_KEPT)
    with right:
        across = st.slider("Part: from the west (%)", 0, 100, 50, key=f"across-{key}", **_KEPT)
    # On multiples of 16, where the network's pooling falls on the same pixels as in the whole.
    row = (rows - height) * down // 1600 * 16
    column = (columns - width) * across // 1600 * 16
    return [row, column, height, width]


def _labelled(
    place: Mapping[str, Any], labels: str, names: Mapping[str, str], key: str
) -> dict[str, Any]:
    """Return what of the place says its labels; nothing of it where they cannot be used."""
    left, right = st.columns([2, 4], gap="medium", vertical_alignment="bottom")
    given: dict[str, Any] = {"labels": labels}
    with left:
        if labels.endswith("json"):
            given["property"] = (
                st.text_input(
                    "Property that names the crop",
                    key=f"property-{key}",
                    placeholder="such as crop",
                    max_chars=60,
                    **_KEPT,
                ).strip()
                or None
            )
        else:
            band = st.number_input("Layer of the labels", 1, 512, 1, key=f"band-{key}", **_KEPT)
            given["label_band"] = int(band) if band != 1 else None
    wanted = {item: value for item, value in {**place, **given}.items() if value is not None}
    facts = answer("facts", names, place=wanted)
    if facts is None:
        return {}
    with right:
        targets = st.multiselect(
            "Which of these is the crop to be found?",
            facts["classes"],
            default=facts["targets"],
            key=f"targets-{key}",
            help=TEXT("targets-help"),
            **_KEPT,
        )
    if not targets:
        st.caption(TEXT("choose-crop"))
    return {**given, "targets": targets}


def _notes(described: Sequence[Mapping], place: Mapping[str, Any]) -> tuple[str, ...]:
    notes = [described[0]["monthly"]] if described[0]["monthly"] else []
    told = {each["guess"]["quantity"] for each in described} | {place.get("quantity")}
    if "gamma0" in told and not place.get("sigma0"):
        notes.append(TEXT("gamma0"))
    degrees = described[0]["degrees"]
    if degrees and degrees[3] < 0:
        notes.append(TEXT("south"))
    return tuple(notes)
