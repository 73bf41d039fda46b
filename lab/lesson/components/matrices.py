"""Tables of numbers side by side, a cell of which is chosen with the mouse or the arrow keys.

A component of its own, because clicks on Altair's charts would not do: a chart remembers its own
last click, and a second click on that cell, after another way of choosing, is no news to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from lab.charts.steps import shares, short
from lab.lesson.components import colours

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Table:
    """A table to draw.

    Args:
        key: distinct; what is told when a cell is chosen.
        name: in the heading, such as "Q".
        made: how it came about, such as "x · W_Q".
        rows, columns: labels; labels of columns longer than two letters stand upright.
        values: a row for each row label; minus infinity is drawn as such.
        weights: attention weights: from no ink for 0 to all of it for 1, instead of around zero.
        used: cells (row, column) that the chosen cell was computed from.
        chosen: the chosen cell (row, column), if it is in this table.
    """

    key: str
    name: str
    made: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]]
    weights: bool = False
    used: Sequence[tuple[int, int]] = ()
    chosen: tuple[int, int] | None = None


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_matrices",
        html='<div class="matrices"></div>',
        css=(_HERE / "matrices.css").read_text(encoding="utf-8"),
        js=colours.script() + (_HERE / "matrices.js").read_text(encoding="utf-8"),
    )


def tables(shown: Sequence[Table], key: str, choose: Callable[[str, int, int], None]) -> None:
    """Draw tables on one line where they have room, else below each other.

    Args:
        shown: the tables.
        key: of the component.
        choose: is told the table's key, the row and the column when a cell is chosen.
    """
    data = [
        {
            **{name: value for name, value in asdict(table).items() if name != "values"},
            "text": [[short(value) for value in row] for row in table.values],
            "paint": shares(table.values, table.weights),
        }
        for table in shown
    ]
    _component()(
        key=key,
        data={"tables": data},
        on_chosen_change=lambda: _tell(key, shown, choose),
    )


def _tell(key: str, shown: Sequence[Table], choose: Callable[[str, int, int], None]) -> None:
    chosen = (st.session_state.get(key) or {}).get("chosen")
    # It comes from a browser, which can send anything.
    if not isinstance(chosen, dict):
        return
    row, column = chosen.get("row"), chosen.get("column")
    for table in shown:
        if (
            table.key == chosen.get("table")
            and row in range(len(table.rows))
            and column in range(len(table.columns))
        ):
            choose(table.key, int(row), int(column))
