"""A place from a STAC catalog: look what there is, then fetch eight composites."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from lab.crops.catalogs.box import Box
from lab.crops.catalogs.known import QUANTITIES, UNITS, Endpoint, offered, typed
from lab.crops.stack import PERIODS, CropError
from lab.lesson.kit import chain
from lab.lesson.kit.keys import Choice, Number, Words
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT, reading
from lab.lesson.own_region.files import kept_in, make_room

OTHER = "Another address"
ORBITS = {"both": "", "ascending": "ascending", "descending": "descending"}
MODULE = "lab.crops.catalogs.fetching"

# Which catalogs there are depends on the server.
NAME = Choice("catalog", "Catalog", look="select")
ADDRESS = Words("stac", "Address of a STAC catalog", most=500)
COLLECTION = Words("collection", "Collection", most=200)
HOLDS = Choice("holds", "Holds", QUANTITIES[::-1], look="select")
UNIT = Choice("stac-unit", "In", UNITS, look="select")
# Rice fields in France: the box that one begins with.
SIDES = tuple(
    Number(name.lower(), f"{name} (°)", -180.0, 180.0, degrees, 0.01, form="%.3f")
    for name, degrees in (("West", 4.58), ("South", 43.52), ("East", 4.66), ("North", 43.58))
)
YEAR = Number("year", "Year", 2014, 2100, 2021)
ORBIT = Choice("orbit", "Orbit", list(ORBITS), look="select", help=TEXT("orbit-help"))
KEYS = (NAME, ADDRESS, COLLECTION, HOLDS, UNIT, *SIDES, YEAR, ORBIT)


@dataclass(frozen=True)
class Search:
    """What is looked for in a catalog.

    Attributes:
        endpoint: of `lab.crops.catalogs.known.Endpoint`, as a dictionary.
        box: west, south, east, north in degrees.
        year: of the season.
        orbit: one of the values of `ORBITS`.
    """

    endpoint: dict[str, Any]
    box: list[float]
    year: int
    orbit: str


def choose(hidden: bool) -> dict[str, Any] | None:
    """Draw catalog, box and year, what was found and fetched; return parts of `OwnRegion`."""
    try:
        endpoint = _endpoint()
        box, year, orbit = _where()
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return _place(chain.under_way("fetch"))
    search = Search(endpoint.to_dict(), list(box.bounds), year, orbit)
    if st.button("Look what there is", key="catalog-look", icon=":material/search:"):
        _look(search)
    if searched := chain.watch("look", lambda answer: (0.3, "Asking the catalog …")):
        _found(searched, search)
    chain.watch("fetch", _progress)
    return _place(chain.under_way("fetch"))


def _endpoint() -> Endpoint:
    known = offered()
    name = NAME.draw([*known, OTHER]) or next(iter(known), OTHER)
    if name in known:
        st.caption(plain(known[name].note) or "Offered by whoever runs this server.")
        return known[name]
    columns = st.columns([5, 3, 2, 2], gap="small")
    with columns[0]:
        url = ADDRESS.draw(placeholder="https://…")
    with columns[1]:
        collection = COLLECTION.draw()
    with columns[2]:
        quantity = HOLDS.draw()
    with columns[3]:
        unit = UNIT.draw()
    st.caption("Its images need files named vh and vv.")
    return typed(url, collection, quantity, unit)


def _where() -> tuple[Box, int, str]:
    values, keys = [], (*SIDES, YEAR, ORBIT)
    for column, key in zip(st.columns(len(keys), gap="small"), keys, strict=True):
        with column:
            values.append(key.draw())
    *sides, year, orbit = values
    return Box(*sides), int(year), ORBITS[orbit]


def _look(search: Search) -> None:
    arguments = asdict(search)
    chain.start(
        "look",
        lambda answer: (MODULE, "search", arguments) if answer is None else None,
        about=search,
    )
    st.rerun()


def _found(searched: chain.Chain, search: Search) -> None:
    found = searched.answer
    if searched.about != search:
        st.caption(TEXT("found-elsewhere"))
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
    st.caption(TEXT("found", images=len(found["items"]), width=width, height=height, counts=counts))
    _left_out(found["left_out"])
    if st.button("Fetch the composites", key="catalog-fetch", icon=":material/download:"):
        _fetch(search, found)


def _fetch(search: Search, found: dict[str, Any]) -> None:
    home = kept_in()
    make_room(home, 200_000_000)
    wanted = {"endpoint": search.endpoint, "box": search.box, "year": search.year}
    folder = str(home / f"fetch-{secrets.token_hex(8)}")
    arguments = {**wanted, "found": found, "folder": folder}

    def plan(answer: Any) -> chain.Call | None:
        if answer is None:
            return MODULE, "begin", arguments
        if isinstance(answer, str):
            return None
        if answer["state"] == "running":
            return MODULE, "advance", {"job": answer}
        more = answer["left_out"][len(found["left_out"]) :]  # the others stand above already
        about.update(counts=answer["counts"], left_out=more)
        return MODULE, "finish", {"job": answer, "target": str(home)}

    def drop(answer: Any) -> chain.Call | None:
        return None if isinstance(answer, str) else (MODULE, "drop", {"job": answer})

    about: dict[str, Any] = {"name": f"{search.endpoint['name']}, {search.year}"}
    chain.start("fetch", plan, drop, about)
    st.rerun()


def _progress(job: Any) -> tuple[float, str]:
    if not isinstance(job, dict):
        return 0.0, "Fetching …"
    done = job["next"]
    return done / len(PERIODS), f"{done} of {len(PERIODS)} composites fetched"


def _place(fetched: chain.Chain | None) -> dict[str, Any] | None:
    if fetched is None or fetched.state != chain.FINISHED:
        return None
    path, name = fetched.answer, fetched.about["name"]
    if not Path(path).exists():
        st.caption(TEXT("fetched-gone"))
        return None
    _left_out(fetched.about["left_out"])
    counts = ", ".join(map(str, fetched.about["counts"]))
    st.caption(TEXT("fetched", name=plain(name), counts=counts))
    key = hashlib.sha256(path.encode()).hexdigest()[:10]
    return reading.place_of([path], {path: "fetched.tif"}, name, None, key)


def _left_out(sentences: list[str]) -> None:
    if sentences:
        count = f"{len(sentences)} images are" if len(sentences) > 1 else "1 image is"
        with st.expander(f"{count} left out", icon=":material/info:"):
            st.markdown("\n".join(f"- {plain(each)}" for each in sentences[:100]))
