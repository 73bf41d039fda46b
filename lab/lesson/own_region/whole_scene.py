"""All of a scene predicted into a file: progress, cancel, a small picture, the file."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson import downloads
from lab.lesson.lineup import plain
from lab.lesson.own_region import jobs
from lab.lesson.own_region.asked import ask, named
from lab.lesson.own_region.chosen import OURS, Chosen
from lab.lesson.own_region.files import kept_in, make_room

KIND, MODULE = "whole", "lab.crops.rasters.whole"
NETWORKS = ("korea", "spain")
_READING = ("bands", "unit", "quantity", "order", "year")


def desk(chosen: Chosen) -> None:
    """Draw the button, the progress and what came of it."""
    if chosen.way == OURS:
        st.caption(
            "A file of ours is small, and predicted at once. Bring a scene of your own: one of "
            "10,980 x 10,980 pixels is read and predicted piece by piece, and written as a file."
        )
        return
    if chosen.key not in NETWORKS:
        st.caption("Choose a network as the model: forest and rule are made for small scenes.")
        return
    st.markdown(
        f"**{chosen.model}** reads the whole scene in pieces with a margin, writes the probability "
        "of rice into a cloud-optimised GeoTIFF, and goes on when this page is closed."
    )
    if chosen.place.get("sigma0"):
        st.caption("The switch *To sigma0* is for the part that you look at, not for this.")
    if st.button("Predict the whole scene", key="whole-start", icon=":material/play_arrow:"):
        _start(chosen)
    if jobs.watch(KIND, _told):
        _done(jobs.under_way(KIND))


def _start(chosen: Chosen) -> None:
    home = kept_in()
    make_room(home, 500_000_000)
    folder = str(home / f"whole-{secrets.token_hex(8)}")
    reading = {key: chosen.place[key] for key in _READING if chosen.place.get(key) is not None}
    begun = {
        "source_paths": list(chosen.place["paths"]),
        "out_dir": folder,
        "model_spec": {"name": chosen.key},
        **reading,
    }

    def plan(answer: Any) -> jobs.Call | None:
        if answer is None:
            return MODULE, "begin", begun
        if isinstance(answer, Path):
            return None
        if answer["state"] == "running":
            return MODULE, "advance", {"job": answer}
        return MODULE, "finish", {"job": answer}

    def drop(answer: Any) -> jobs.Call | None:
        return None if isinstance(answer, Path) else (MODULE, "cancel", {"job": answer})

    about = {"name": chosen.name, "model": chosen.model, "names": dict(chosen.names)}
    jobs.start(KIND, plan, drop, about, said=lambda text: named(text, chosen.names))
    st.rerun()


def _told(job: Any) -> tuple[float, str]:
    if not isinstance(job, dict):
        return 0.0, "Looking at the files …"
    rate = job["pixels"] / job["seconds"] / 1e6 if job["seconds"] else 0
    return (
        job["next"] / job["tiles"],
        f"{job['next']} of {job['tiles']} pieces, {rate:.2f} million pixels a second of work",
    )


def _done(chain: jobs.Chain) -> None:
    path = Path(chain.answer)
    if not path.exists():
        st.caption("The map is no longer on this server's disk: predict it again.")
        return
    found = ask("overview", {}, path=str(path))
    if found is None:
        return
    rows, columns = found["shape"]
    area = "" if found["hectares"] is None else f", **{found['hectares']:,.0f} ha** said to be rice"
    st.markdown(
        f"Done: {plain(chain.about['name'])}, {chain.about['model']}. {columns:,} x {rows:,} "
        f"pixels{area} ({found['share']:.1%} of the land with data)."
    )
    st.image(
        found["picture"],
        caption="Probability of rice: white 0, green 1, grey where there is no data. Smaller than "
        "the file.",
        width=min(560, found["picture"].shape[1]),
    )
    downloads.button(
        f"Map as GeoTIFF ({path.stat().st_size / 1e6:.1f} MB)",
        path.read_bytes,
        "map.tif",
        "whole-save",
    )
    with st.expander("What the file says"):
        st.code(json.dumps(found["tags"], indent=1), "json")
