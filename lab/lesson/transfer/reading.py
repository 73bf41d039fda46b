"""Reading the paper's table: where a number was pre-trained, tuned and tested, and for which crop.

The third discussion question of the lecture, for any number of the table.
"""

from __future__ import annotations

import random

import streamlit as st

from lab.crops.network import published
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


def tab() -> None:
    """Draw the exercise."""
    rows = order()
    number = st.number_input(
        f"Score number (1 to {len(rows)})", 1, len(rows), 1, key="score", bind="query-params"
    )
    row = rows[int(number) - 1]
    st.markdown(
        f"Table 1 of the paper says **{row['mean']:.2f}** (mean IoU): row **{row['method']}**, "
        f"{_METHODS[str(row['method'])]}; column *fine-tuning: {titled(str(row['tuned']))}*, "
        f"*test: {titled(str(row['tested']))}*, *feature: {row['features']}*. Of which model is it?"
    )
    right = answers(row)
    given = {}
    for column, what in zip(st.columns(len(right)), right, strict=True):
        choices = ("rice", "barley") if what == "Crop" else _REGIONS
        if what == "Pre-trained in":
            choices = (NOWHERE, *choices)
        with column:
            given[what] = st.selectbox(
                what,
                choices,
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
    st.session_state.setdefault(_RIGHT, set()).add(int(number))
    st.success(f"Read right. {_why(row)}", icon=":material/check:")


def read() -> int:
    """Return how many numbers were read right."""
    return len(st.session_state.get(_RIGHT, ()))


def _why(row: dict[str, object]) -> str:
    parts = []
    if row["method"] in ("RF", "RI"):
        parts.append("Neither the forest nor RI has ever seen Korea.")
    else:
        parts.append("Every FT begins with the weights of Korean rice.")
    if row["tuned"] != row["tested"]:
        parts.append("Nothing of the region that it is tested in was learned from.")
    if row["mean"] == 0:
        parts.append("An IoU of 0: this network never finds the crop.")
    return " ".join(parts)
