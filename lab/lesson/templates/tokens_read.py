"""What was read, and where: the tokens with their places, and every row of figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.blanks import token_cells
from lab.lesson import pictures
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest
from lab.lesson.templates.models import Answer, Answers

SENTENCE = Choice("sentence", "Sentence", look="select")
ATTRIBUTE = Choice("attribute", "Attribute", look="select")
_WIDE = 900


def draw(answers: Answers, test: BiasTest) -> None:
    """Draw the tokens of one sentence and the table of all rows, for each model."""
    left, right = st.columns([3, 2], gap="medium")
    lines = [f"{number}. {text}" for number, text in enumerate(test.shown, 1)]
    with left:
        line = SENTENCE.draw(lines)
    with right:
        word = ATTRIBUTE.draw(list(dict.fromkeys([*test.a, *test.b])))
    number = lines.index(line) if line in lines else 0
    for source, answer in answers:
        st.markdown(f"**{plain(source.name)}**")
        _tokens(source, answer, number, word)
        _table(source, answer, test)


def _tokens(source: Source, answer: Answer, number: int, word: str) -> None:
    one = next(
        (s for s in answer["sentences"] if (s["template"], s["attribute"]) == (number, word)), None
    )
    if one is None:
        st.caption(TEXT("nothing-read" if answer["sentences"] else "no-tokens"))
        return
    room = pictures.PHONE if pictures.on_phone() else _WIDE
    place, before = one["place"], one["prior_place"]
    st.caption(TEXT("read-at", count=len(one["ids"]), place=place))
    chart = token_cells(one["tokens"], one["ids"], [place], room)
    pictures.show(chart, f"templates-tokens-{source.key}")
    if before is None:
        st.caption(TEXT("no-prior"))
        return
    st.caption(TEXT("prior-read-at", place=before) + " " + _fault(one))
    chart = token_cells(one["prior_tokens"], one["prior_ids"], [before], room)
    pictures.show(chart, f"templates-prior-{source.key}")
    if one["pieces"] > 1:
        said = TEXT("several-pieces", word=plain(word), pieces=one["pieces"])
        st.caption(f":material/extension: {said}")


def _fault(one: dict[str, Any]) -> str:
    before, tokens = one["prior_place"], one["prior_tokens"]
    masks = [place for place, token in enumerate(tokens) if token == tokens[one["place"]]]
    if before == one["place"] and before in masks:
        return TEXT("same-mask")
    return TEXT("beside-mask" if before in masks else "beside-word", word=plain(tokens[before]))


def _table(source: Source, answer: Answer, test: BiasTest) -> None:
    if answer["readings"]:
        whole = readings(answer, test)
    else:
        whole = odds(answer, test)
        st.caption(TEXT("recorded-odds"))
    numbers = {
        name: st.column_config.NumberColumn(format="%+.3f")
        for name in ("log P", "prior", "difference", "log-odds", "score")
    }
    st.dataframe(
        whole,
        hide_index=True,
        key=f"templates-rows-{source.key}",
        height=320,
        column_config=numbers,
    )
    st.caption(TEXT("rows", count=len(whole)))


def readings(answer: Answer, test: BiasTest) -> pd.DataFrame:
    """Return a row for each target in each sentence: log P, prior, difference and places."""
    where = {(s["template"], s["attribute"], s["group"]): s for s in answer["sentences"]}
    names = dict(zip("AB", test.names, strict=True))
    rows = []
    for one in answer["readings"]:
        seen = where[one["template"], one["attribute"], one["group"]]
        rows.append(
            {
                "sentence": one["template"] + 1,
                "attribute": one["attribute"],
                "list": names[one["group"]],
                "target": one["target"],
                "log P": one["log_p"],
                "prior": one["prior"],
                "difference": one["difference"],
                "read at": seen["place"],
                "prior at": seen["prior_place"],
                "pieces": seen["pieces"],
            }
        )
    return pd.DataFrame(rows)


def odds(answer: Answer, test: BiasTest) -> pd.DataFrame:
    """Return a row for each attribute in each sentence: log-odds of the groups, prior, score."""
    names = dict(zip("AB", test.names, strict=True))
    return pd.DataFrame(
        [
            {
                "sentence": row["template"] + 1,
                "attribute": row["attribute"],
                "list": names[row["group"]],
                "log-odds": row["odds"],
                "prior": row["prior"],
                "score": row["score"],
            }
            for row in answer["rows"]
        ]
    )
