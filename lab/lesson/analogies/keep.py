"""Taking it home: tables, pictures, and the code behind."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd
import streamlit as st

from lab.bias.solving import Solved
from lab.lesson.analogies.answers import drawing
from lab.lesson.analogies.question import Asked
from lab.lesson.analogies.removal import Outcome, scatter
from lab.lesson.analogies.vectors import COUNTED, TEXT, Chosen
from lab.lesson.downloads import pictures, table
from lab.pretrained.folders import in_code


def answers(asked: Asked, solved: Solved) -> None:
    """Draw the downloads of an analogy."""
    frame = pd.DataFrame([one._asdict() for one in solved.answers])
    for place, name in enumerate("abc"):
        frame.insert(place, name, solved.question[place])
    _buttons("analogy", frame, lambda: drawing(asked, solved, 700))


def removal(found: Outcome) -> None:
    """Draw the downloads of a removal."""
    _buttons("direction", pd.DataFrame(found.rows), lambda: scatter(found, 700))


def _buttons(name: str, frame: pd.DataFrame, chart: Callable[[], alt.LayerChart]) -> None:
    with st.container(horizontal=True, gap="small"):
        table("Table (CSV)", lambda: frame, f"{name}.csv", f"{name}-csv")
        pictures("Picture", chart, name, name, 900)


_TEXT = """from pathlib import Path

from lab.bias.tables import unpacked
from lab.bias.whole_tables import of_text

table = unpacked(of_text(Path("your-text.txt").read_text(encoding="utf-8")))
"""
_RUN = """from pathlib import Path

from lab.bias.tables import unpacked
from lab.bias.whole_tables import of_run
from lab.runs import transfer

# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
table = unpacked(of_run(checkpoint, data))
"""


def _table(chosen: Chosen) -> str:
    if chosen.key == COUNTED:
        return "from lab.bias.tables import counted\n\ntable = counted()\n"
    if chosen.key.startswith(TEXT):
        return _TEXT
    if chosen.key.startswith("run:"):
        return _RUN
    of_model = chosen.key.startswith("model:")
    imported, path = (
        in_code(chosen.path) if of_model else ("", repr(chosen.path or "your-vectors.txt"))
    )
    function = "of_folder" if of_model else "of_file"
    return (
        "from lab.bias.tables import unpacked\n"
        f"from lab.bias.whole_tables import {function}\n{imported}\n"
        f"table = unpacked({function}({path}))\n"
    )


def answers_code(chosen: Chosen, asked: Asked) -> str:
    """Return Python that answers the analogy."""
    return f"""from lab.bias.solving import Question, solve, tally
{_table(chosen)}
solved = solve(
    table,
    Question{tuple(asked.question)!r},
    method={asked.method!r},
    exclude={asked.exclude},
    normalise={asked.normalise},
)
for answer in solved.answers:
    print(answer.word, round(answer.score, 3))
print(solved.ranks, solved.near_b, solved.near_c)
for row in tally(table, {asked.method!r}, {asked.normalise}):
    print(row)
"""


def removal_code(chosen: Chosen, found: Outcome, test: str, count: int) -> str:
    """Return Python that takes the direction out and measures before and after."""
    return f"""from lab.bias.before_after import gendered, weat_twice, together
from lab.bias.stays import remove
{_table(chosen)}
pairs = {list(found.removed.pairs)!r}
removed = remove(table, pairs, keep=gendered({test!r}))
print(removed.found.shares.round(2))
done = weat_twice(removed, {test!r})
print(done.before.effect_size, done.after.effect_size)
print(together(removed, {count}))
"""
