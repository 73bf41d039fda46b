"""The answers on the page: scores in their parts, ranks of the given words, baselines, a tally."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from lab.bias.solving import Solved, Tally, tally
from lab.bias.tables import Table
from lab.charts.analogies import answer_parts
from lab.lesson import pictures
from lab.lesson.analogies import TEXT
from lab.lesson.analogies.analogy import Analogy
from lab.lesson.analogies.vectors import Vocabulary
from lab.lesson.kit.text import plain

_LONG = ("Given left out", "Given allowed", "Nearest to b", "Nearest to c")
_SHORT = ("left out", "allowed", "near b", "near c")


def chart(analogy: Analogy, solved: Solved, width: int) -> alt.LayerChart:
    """Return the chart of the answers."""
    rows = [one._asdict() for one in solved.answers]
    return answer_parts(rows, solved.question, solved.weights, analogy.score, width)


def headline(solved: Solved) -> None:
    """Write the question with its answer."""
    a, b, c = map(plain, solved.question)
    given = " (one of the given words)" if solved.best.given else ""
    st.markdown(f"#### {a} : {b} = {c} : :blue[{plain(solved.best.word)}]{given}")


def draw(analogy: Analogy, solved: Solved, answered: bool) -> None:
    """Draw the answers; what is behind them only after a guess."""
    headline(solved)
    left, right = st.columns([9, 8], gap="medium")
    with left:
        pictures.show(chart(analogy, solved, pictures.half() + 40), "analogy-parts")
        _explain(solved)
    with right:
        if answered:
            behind(solved)
        else:
            st.info(TEXT("locked"), icon=":material/lock:")


def _explain(solved: Solved) -> None:
    a, b, c = map(plain, solved.question)
    name = "bars-multiplied" if solved.weights is None else "bars-added"
    st.caption(TEXT(name, a=a, b=b, c=c))


def behind(solved: Solved) -> None:
    """Draw where the given words rank, and what no arithmetic at all would answer."""
    a, b, c = map(plain, solved.question)
    st.markdown(TEXT("ranks", size=f"{solved.size:,}"))
    columns = st.columns(3, gap="small")
    for column, (word, rank) in zip(columns, solved.ranks.items(), strict=False):
        column.metric(plain(word), f"{rank:,}", help=TEXT("rank-help"))
    near = {"near_b": plain(solved.near_b), "near_c": plain(solved.near_c)}
    st.markdown(TEXT("without-arithmetic", b=b, c=c, **near))
    if solved.best.given:
        st.markdown(TEXT("answer-given", a=a, c=c, between=f"{solved.between:.2f}"))
    elif solved.best.word in (solved.near_b, solved.near_c):
        st.markdown(TEXT("answer-near"))
    else:
        st.markdown(TEXT("answer-moved"))


@st.cache_data(max_entries=30, show_spinner=False)
def _tally(identity: str, method: str, normalise: bool, _table: Table) -> list[Tally]:
    return tally(_table, method, normalise)


def draw_tally(vocabulary: Vocabulary, analogy: Analogy) -> None:
    """Draw how many of the lab's own questions come out right, in four ways of answering."""
    rows = _tally(vocabulary.identity, analogy.method, analogy.normalise, vocabulary.table)
    known = sum(row.known for row in rows)
    st.markdown(TEXT("tally-title", known=known, score=analogy.score))
    if not known:
        st.caption(TEXT("tally-none"))
        return
    frame = _frame(rows)
    st.dataframe(
        frame,
        hide_index=True,
        key="analogy-tally",
        height="content",
        width="stretch",
        column_config={name: st.column_config.TextColumn(width=60) for name in frame},
    )
    returned = sum(row.returned for row in rows)
    lost = sum(row.asked for row in rows) - known
    said = f" {TEXT('tally-lost', lost=lost)}" if lost else ""
    st.caption(TEXT("tally", lost=said, returned=returned, known=known))


def _frame(rows: list[Tally]) -> pd.DataFrame:
    total = Tally("all", *(sum(int(row[n]) for row in rows) for n in range(1, 8)))
    narrow = pictures.on_phone()
    of = "/" if narrow else " of "
    names = _SHORT if narrow else _LONG
    return pd.DataFrame(
        [
            {"Kind": row.kind}
            | {
                name: f"{count}{of}{row.known}"
                for name, count in zip(
                    names, (row.without, row.among, row.near_b, row.near_c), strict=True
                )
            }
            for row in [*rows, total]
        ]
    )
