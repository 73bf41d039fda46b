"""A place from a STAC catalog: look what there is, then fetch eight composites."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from lab.crops.catalogs.box import Box
from lab.crops.catalogs.known import QUANTITIES, UNITS, Endpoint, offered, typed
from lab.crops.stack import PERIODS, CropError
from lab.lesson.lineup import plain
from lab.lesson.own_region import jobs, reading
from lab.lesson.own_region.files import kept_in, make_room

OTHER = "Another address"
ORBITS = {"both": "", "ascending": "ascending", "descending": "descending"}
MODULE = "lab.crops.catalogs.fetching"
# Rice fields in France: the box that one begins with.
_CAMARGUE = {"West": 4.58, "South": 43.52, "East": 4.66, "North": 43.58}


def desk() -> dict[str, Any] | None:
    """Draw catalog, box and year, what was found and fetched; return parts of `Chosen`."""
    try:
        endpoint = _endpoint()
        box, year, orbit = _where()
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return _place(jobs.under_way("fetch"))
    asked = (endpoint.to_dict(), list(box.bounds), year, orbit)
    if st.button("Look what there is", key="catalog-look", icon=":material/search:"):
        _look(*asked)
    searched = jobs.under_way("look")
    if jobs.watch("look", lambda answer: (0.3, "Asking the catalog …")) and searched:
        _found(searched, asked)
    jobs.watch("fetch", _told)
    return _place(jobs.under_way("fetch"))


def _endpoint() -> Endpoint:
    known = offered()
    name = st.selectbox("Catalog", [*known, OTHER], key="catalog", bind="query-params")
    if name in known:
        st.caption(plain(known[name].note) or "Offered by whoever runs this server.")
        return known[name]
    columns = st.columns([5, 3, 2, 2], gap="small")
    with columns[0]:
        url = st.text_input(
            "Address of a STAC catalog",
            key="stac",
            bind="query-params",
            max_chars=500,
            placeholder="https://…",
        )
    with columns[1]:
        collection = st.text_input(
            "Collection", key="collection", bind="query-params", max_chars=200
        )
    with columns[2]:
        quantity = st.selectbox("Holds", QUANTITIES[::-1], key="holds", bind="query-params")
    with columns[3]:
        unit = st.selectbox("In", UNITS, key="stac-unit", bind="query-params")
    st.caption("Its images need files named vh and vv.")
    return typed(url, collection, quantity, unit)


def _where() -> tuple[Box, int, str]:
    columns = st.columns([3, 3, 3, 3, 3, 3], gap="small")
    sides = []
    for column, (name, value) in zip(columns, _CAMARGUE.items(), strict=False):
        with column:
            sides.append(
                st.number_input(
                    f"{name} (°)",
                    -180.0,
                    180.0,
                    value,
                    0.01,
                    format="%.3f",
                    key=name.lower(),
                    bind="query-params",
                )
            )
    with columns[4]:
        year = st.number_input("Year", 2014, 2100, 2021, key="year", bind="query-params")
    with columns[5]:
        orbit = st.selectbox(
            "Orbit",
            list(ORBITS),
            key="orbit",
            bind="query-params",
            help="One direction only: the same field always under the same angle, and fewer "
            "images behind each composite.",
        )
    return Box(*sides), int(year), ORBITS.get(orbit, "")


def _look(endpoint: dict, box: list[float], year: int, orbit: str) -> None:
    arguments = {"endpoint": endpoint, "box": box, "year": year, "orbit": orbit}
    jobs.start(
        "look",
        lambda answer: (MODULE, "search", arguments) if answer is None else None,
        about=(endpoint, box, year, orbit),
    )
    st.rerun()


def _found(searched: jobs.Chain, asked: tuple) -> None:
    found = searched.answer
    if searched.about != asked:
        st.caption("What was found belongs to other settings: look again.")
        return
    rows = [
        {
            "Composite": period.label,
            "Acquisitions": len(dates),
            "Dates": ", ".join(day[5:] for day in dates),
        }
        for period, dates in zip(PERIODS, found["dates"], strict=True)
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="catalog-dates", width="stretch")
    height, width = found["shape"]
    counts = f"{min(found['counts'])} to {max(found['counts'])}"
    st.caption(
        f"{len(found['items'])} images; {width} x {height} pixels. {counts} acquisitions a "
        "composite: a minimum or maximum of more lies farther out (*The same field, twice*)."
    )
    _left_out(found["left_out"])
    if st.button("Fetch the composites", key="catalog-fetch", icon=":material/download:"):
        _fetch(*asked[:3], found)


def _fetch(endpoint: dict, box: list[float], year: int, found: dict) -> None:
    home = kept_in()
    make_room(home, 200_000_000)
    folder = str(home / f"fetch-{secrets.token_hex(8)}")
    arguments = {"endpoint": endpoint, "box": box, "year": year, "found": found, "folder": folder}

    def plan(answer: Any) -> jobs.Call | None:
        if answer is None:
            return MODULE, "begin", arguments
        if isinstance(answer, str):
            return None
        if answer["state"] == "running":
            return MODULE, "advance", {"job": answer}
        more = answer["left_out"][len(found["left_out"]) :]  # the others stand above already
        about.update(counts=answer["counts"], left_out=more)
        return MODULE, "finish", {"job": answer, "target": str(home)}

    def drop(answer: Any) -> jobs.Call | None:
        return None if isinstance(answer, str) else (MODULE, "drop", {"job": answer})

    about = {"name": f"{endpoint['name']}, {year}"}
    jobs.start("fetch", plan, drop, about)
    st.rerun()


def _told(job: Any) -> tuple[float, str]:
    if not isinstance(job, dict):
        return 0.0, "Fetching …"
    done = job["next"]
    return done / len(PERIODS), f"{done} of {len(PERIODS)} composites fetched"


def _place(fetched: jobs.Chain | None) -> dict[str, Any] | None:
    if fetched is None or fetched.state != jobs.FINISHED:
        return None
    path, name = fetched.answer, fetched.about["name"]
    if not Path(path).exists():
        st.caption("What was fetched is no longer on this server's disk: fetch it again.")
        return None
    _left_out(fetched.about["left_out"])
    counts = ", ".join(map(str, fetched.about["counts"]))
    st.caption(f"Fetched: **{plain(name)}**, acquisitions behind the eight composites: {counts}.")
    key = hashlib.sha256(path.encode()).hexdigest()[:10]
    return reading.place_of([path], {path: "fetched.tif"}, name, None, key)


def _left_out(sentences: list[str]) -> None:
    if sentences:
        count = f"{len(sentences)} images are" if len(sentences) > 1 else "1 image is"
        with st.expander(f"{count} left out", icon=":material/info:"):
            st.markdown("\n".join(f"- {plain(each)}" for each in sentences[:100]))
