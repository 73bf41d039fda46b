"""Taking it home: tables, pictures, and the code behind."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lab.bias.solving import Solved
from lab.lesson.analogies import answers, removal
from lab.lesson.analogies.analogy import Analogy
from lab.lesson.analogies.pairs import Removal
from lab.lesson.analogies.removal import BeforeAfter
from lab.lesson.analogies.vectors import Vocabulary
from lab.lesson.kit import keep
from lab.lesson.sources.source import Source
from lab.lesson.sources.vectors import COUNTED, OWN_TEXT
from lab.pretrained.folders import in_code

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


def draw_answers(vocabulary: Vocabulary, analogy: Analogy, solved: Solved) -> None:
    """Draw the downloads of an analogy, and the code."""
    keep.show(
        keep.Table("Table (CSV)", lambda: _answers(solved), "analogy.csv"),
        keep.Picture("Picture", lambda: answers.chart(analogy, solved, 700), "analogy", 900),
        prefix="analogy",
    )
    with st.expander("Code", icon=":material/code:"):
        st.code(answers_code(vocabulary.source, analogy))


def _answers(solved: Solved) -> pd.DataFrame:
    frame = pd.DataFrame([one._asdict() for one in solved.answers])
    for place, name in enumerate("abc"):
        frame.insert(place, name, solved.question[place])
    return frame


def draw_removal(chosen: Removal, measured: BeforeAfter) -> None:
    """Draw the downloads of a removal, and the code."""
    keep.show(
        keep.Table("Table (CSV)", lambda: pd.DataFrame(measured.rows), "direction.csv"),
        keep.Picture("Picture", lambda: removal.scatter(measured, 700), "direction", 900),
        prefix="direction",
    )
    with st.expander("Code", icon=":material/code:"):
        st.code(removal_code(chosen))


def _table(source: Source) -> str:
    if source.key == COUNTED:
        return "from lab.bias.tables import counted\n\ntable = counted()\n"
    if source.key == OWN_TEXT:
        return _TEXT
    if source.view is not None:
        return _RUN
    imported, path = in_code(source.path) if source.path else ("", repr("your-vectors.txt"))
    function = "of_file" if source.folder is None else "of_folder"
    return (
        "from lab.bias.tables import unpacked\n"
        f"from lab.bias.whole_tables import {function}\n{imported}\n"
        f"table = unpacked({function}({path}))\n"
    )


def answers_code(source: Source, analogy: Analogy) -> str:
    """Return Python that answers the analogy."""
    return f"""from lab.bias.solving import Question, solve, tally
{_table(source)}
solved = solve(
    table,
    Question{tuple(analogy.question)!r},
    method={analogy.method!r},
    exclude={analogy.exclude},
    normalise={analogy.normalise},
)
for answer in solved.answers:
    print(answer.word, round(answer.score, 3))
print(solved.ranks, solved.near_b, solved.near_c)
for row in tally(table, {analogy.method!r}, {analogy.normalise}):
    print(row)
"""


def removal_code(removal: Removal) -> str:
    """Return Python that takes the direction out and measures before and after."""
    return f"""from lab.bias.before_after import gendered, weat_twice, together
from lab.bias.stays import remove
{_table(removal.vocabulary.source)}
pairs = {list(removal.removed.pairs)!r}
removed = remove(table, pairs, keep=gendered({removal.test!r}))
print(removed.found.shares.round(2))
done = weat_twice(removed, {removal.test!r})
print(done.before.effect_size, done.after.effect_size)
print(together(removed, {removal.count}))
"""
