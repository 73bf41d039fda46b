"""Reading the paper's table: where a number was pre-trained, tuned and tested, and for which crop.

The third discussion question of the lecture, for any number of the table.
"""

from __future__ import annotations

import random

import streamlit as st

from lab.crops.network import published
from lab.lesson.kit.keys import Number
from lab.lesson.kit.page import Page
from lab.lesson.transfer import TEXT
from lab.lesson.transfer.catalogue import titled

NOWHERE = "nowhere"
_SEED = 5  # of the order of the numbers
_RIGHT = "read-right"  # in the session: numbers that were read right
_REGIONS = ("korea", "spain", "france", "netherlands")
_METHODS = {
    "RF": "a random forest",
    "RI": "the network from random weights",
    "FT": "the network, all weights fine-tuned",
    "FT_E": "the network, its encoder fine-tuned",
}


_NUMBERS = len(published.rows())
NUMBER = Number("score", f"Score number (1 to {_NUMBERS})", 1, _NUMBERS, 1)


def order() -> list[dict[str, object]]:
    """Return the numbers of the table as they are asked for."""
    rows = published.rows()
    random.Random(_SEED).shuffle(rows)
    return rows


def answers(row: dict[str, object]) -> dict[str, str]:
    """Return the four answers about a number of the table."""
    before = "korea" if str(row["method"]).startswith("FT") else NOWHERE
    crop = "barley" if row["tested"] == "netherlands" else "rice"
    return {
        "Pre-trained in": before,
        "Tuned (or trained) in": str(row["tuned"]),
        "Tested in": str(row["tested"]),
        "Crop": crop,
    }


def quiz_tab(page: Page) -> None:
    """Draw a number of the paper's table, and ask what it is of."""
    number = int(NUMBER.draw())
    row = order()[number - 1]
    st.markdown(
        TEXT(
            "quiz",
            score=f"{row['mean']:.2f}",
            row=row["method"],
            method=_METHODS[str(row["method"])],
            tuned=titled(str(row["tuned"])),
            tested=titled(str(row["tested"])),
            features=row["features"],
        )
    )
    right = answers(row)
    given = {}
    for column, what in zip(st.columns(len(right)), right, strict=True):
        with column:
            given[what] = st.selectbox(
                what,
                _choices(what),
                index=None,
                format_func=titled,
                key=f"read-{what}-{number}",
                placeholder="Choose",
            )
    if None in given.values():
        return
    wrong = [what for what, answer in right.items() if given[what] != answer]
    if wrong:
        st.info(f"Look again at: {', '.join(wrong).lower()}.", icon=":material/search:")
        return
    st.session_state.setdefault(_RIGHT, set()).add(number)
    st.success(f"Read right. {why(row)}", icon=":material/check:")


def _choices(what: str) -> tuple[str, ...]:
    if what == "Crop":
        return ("rice", "barley")
    return (NOWHERE, *_REGIONS) if what == "Pre-trained in" else _REGIONS


def read() -> int:
    """Return how many numbers were read right."""
    return len(st.session_state.get(_RIGHT, ()))


def why(row: dict[str, object]) -> str:
    """Return why the answers about a number are what they are."""
    parts = [TEXT("never-korea" if row["method"] in ("RF", "RI") else "from-korea")]
    if row["tuned"] != row["tested"]:
        parts.append(TEXT("never-there"))
    if row["mean"] == 0:
        parts.append(TEXT("never-finds"))
    return " ".join(parts)
