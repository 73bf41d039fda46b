"""The answers on the page: scores in their parts, ranks of the given words, baselines, a tally."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lab.bias.solving import Solved, Tally, tally
from lab.bias.tables import Table
from lab.charts.analogies import answer_parts
from lab.lesson import pictures
from lab.lesson.analogies.question import Asked
from lab.lesson.analogies.vectors import Chosen
from lab.lesson.lineup import plain

_LONG = ("Given left out", "Given allowed", "Nearest to b", "Nearest to c")
_SHORT = ("left out", "allowed", "near b", "near c")


def score_name(asked: Asked) -> str:
    """Return what the score is called."""
    return asked.method if asked.normalise else "cosine to b − a + c"


def drawing(asked: Asked, solved: Solved, width: int):
    """Return the chart of the answers."""
    rows = [one._asdict() for one in solved.answers]
    return answer_parts(rows, solved.question, solved.weights, score_name(asked), width)


def headline(solved: Solved) -> None:
    """Write the question with its answer."""
    a, b, c = map(plain, solved.question)
    given = " (one of the given words)" if solved.best.given else ""
    st.markdown(f"#### {a} : {b} = {c} : :blue[{plain(solved.best.word)}]{given}")


def show(chosen: Chosen, asked: Asked, guess: str | None) -> Solved:
    """Draw the answers; what is behind them only after a guess."""
    solved = asked.solve(chosen.table)
    headline(solved)
    left, right = st.columns([9, 8], gap="medium")
    with left:
        pictures.show(drawing(asked, solved, pictures.half() + 40), "analogy-parts")
        _explain(solved)
    with right:
        if guess:
            behind(solved)
        else:
            st.info("Guess first: then comes what is behind this answer.", icon=":material/lock:")
    return solved


def _explain(solved: Solved) -> None:
    a, b, c = map(plain, solved.question)
    if solved.weights is None:
        st.caption(
            f"Bars: cos(x, {b}) · cos(x, {c}) / cos(x, {a}), each cosine moved to 0 … 1. Touch a "
            "bar for the three cosines."
        )
        return
    st.caption(
        f"How near each word x is to {b} and to {c} (to the right), less how near it is to {a}. "
        "The diamond is the score: all parts together."
    )


def behind(solved: Solved) -> None:
    """Draw where the given words rank, and what no arithmetic at all would answer."""
    a, b, c = map(plain, solved.question)
    st.markdown(f"**Where the given words would rank**, of {solved.size:,}:")
    columns = st.columns(3, gap="small")
    for column, (word, rank) in zip(columns, solved.ranks.items(), strict=False):
        column.metric(plain(word), f"{rank:,}", help="1 is the best score of all words.")
    st.markdown(
        f"**Without arithmetic:** the nearest word to {b} is **{plain(solved.near_b)}**, the "
        f"nearest to {c} is **{plain(solved.near_c)}** (given words left out)."
    )
    best = solved.best.word
    if solved.best.given:
        st.markdown(
            f"The answer is a word of the question. The cosine of {a} and {c} is "
            f"{solved.between:.2f}: the nearer they are, the more of them cancels out in "
            "b − a + c, and the nearer to b it stays."
        )
    elif best in (solved.near_b, solved.near_c):
        st.markdown("That is the answer too: the subtraction was not needed for it.")
    else:
        st.markdown("The answer is neither: here the arithmetic has changed something.")


@st.cache_data(max_entries=30, show_spinner=False)
def _tally(key: str, method: str, normalise: bool, _table: Table) -> list[Tally]:
    return tally(_table, method, normalise)


def questions(chosen: Chosen, asked: Asked) -> list[Tally]:
    """Draw how many of the lab's own questions come out right, in four ways of answering."""
    rows = _tally(chosen.key, asked.method, asked.normalise, chosen.table)
    known = sum(row.known for row in rows)
    st.markdown(f"**Is one good example luck?** {known} questions, {score_name(asked)}")
    if not known:
        st.caption("These vectors know none of the lab's questions.")
        return rows
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
    st.caption(
        "Questions answered right with the given words left out and allowed, and if the answer is "
        "only the word nearest to b or to c; of those whose four words are known"
        f"{f' ({lost} are not)' if lost else ''}. Where the given words may be answers, {returned} "
        f"of {known} answers are one of them. The questions are the lab's own, few and easy: one "
        "more or less is chance."
    )
    return rows


def _frame(rows: list[Tally]) -> pd.DataFrame:
    total = Tally("all", *(sum(row[n] for row in rows) for n in range(1, 8)))
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
