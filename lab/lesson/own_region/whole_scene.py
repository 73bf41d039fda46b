"""All of a scene predicted into a file: progress, cancel, a small picture, the file."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson.kit import chain, keep
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT
from lab.lesson.own_region.files import kept_in, make_room
from lab.lesson.own_region.questions import answer, named
from lab.lesson.own_region.region import OURS, OwnRegion

KIND, MODULE = "whole", "lab.crops.rasters.whole"
NETWORKS = ("korea", "spain")
_READING = ("bands", "unit", "quantity", "order", "year")


def draw(region: OwnRegion) -> None:
    """Draw the button, the progress and what came of it."""
    if region.way == OURS:
        st.caption(TEXT("whole-ours"))
        return
    if region.key not in NETWORKS:
        st.caption(TEXT("whole-network"))
        return
    st.markdown(TEXT("whole", model=region.model))
    if region.place.get("sigma0"):
        st.caption(TEXT("whole-sigma0"))
    if st.button("Predict the whole scene", key="whole-start", icon=":material/play_arrow:"):
        _start(region)
    if ended := chain.watch(KIND, _progress):
        _done(ended)


def _start(region: OwnRegion) -> None:
    home = kept_in()
    make_room(home, 500_000_000)
    folder = str(home / f"whole-{secrets.token_hex(8)}")
    reading = {key: region.place[key] for key in _READING if region.place.get(key) is not None}
    begun = {
        "source_paths": list(region.place["paths"]),
        "out_dir": folder,
        "model_spec": {"name": region.key},
        **reading,
    }

    def plan(answer: Any) -> chain.Call | None:
        if answer is None:
            return MODULE, "begin", begun
        if isinstance(answer, Path):
            return None
        if answer["state"] == "running":
            return MODULE, "advance", {"job": answer}
        return MODULE, "finish", {"job": answer}

    def drop(answer: Any) -> chain.Call | None:
        return None if isinstance(answer, Path) else (MODULE, "cancel", {"job": answer})

    about = {"name": region.name, "model": region.model, "names": dict(region.names)}
    chain.start(KIND, plan, drop, about, said=lambda text: named(text, region.names))
    st.rerun()


def _progress(job: Any) -> tuple[float, str]:
    if not isinstance(job, dict):
        return 0.0, "Looking at the files …"
    rate = job["pixels"] / job["seconds"] / 1e6 if job["seconds"] else 0
    return (
        job["next"] / job["tiles"],
        f"{job['next']} of {job['tiles']} pieces, {rate:.2f} million pixels a second of work",
    )


def _done(ended: chain.Chain) -> None:
    path = Path(ended.answer)
    if not path.exists():
        st.caption(TEXT("whole-gone"))
        return
    found = answer("overview", {}, path=str(path))
    if found is None:
        return
    rows, columns = found["shape"]
    area = "" if found["hectares"] is None else f", **{found['hectares']:,.0f} ha** said to be rice"
    st.markdown(
        f"Done: {plain(ended.about['name'])}, {ended.about['model']}. {columns:,} x {rows:,} "
        f"pixels{area} ({found['share']:.1%} of the land with data)."
    )
    st.image(
        found["picture"],
        caption=TEXT("whole-picture"),
        width=min(560, found["picture"].shape[1]),
    )
    label = f"Map as GeoTIFF ({path.stat().st_size / 1e6:.1f} MB)"
    keep.show(keep.File(label, path.read_bytes, "map.tif"), prefix="whole-save")
    with st.expander("What the file says"):
        st.code(json.dumps(found["tags"], indent=1), "json")
