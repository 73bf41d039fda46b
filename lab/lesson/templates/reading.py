"""What was read, and where: the tokens with their places, and every row of figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.blanks import token_cells
from lab.lesson import pictures
from lab.lesson.lineup import plain
from lab.lesson.templates.lists import Asked
from lab.lesson.templates.models import Found, Voice

_WIDE = 900


def desk(found: Found, asked: Asked) -> None:
    """Draw the tokens of one sentence and the table of all rows, for each model."""
    columns = st.columns([3, 2], gap="medium")
    shown = asked.shown
    lines = [f"{number}. {text}" for number, text in enumerate(shown, 1)]
    line = columns[0].selectbox("Sentence", lines, key="sentence", bind="query-params")
    words = list(dict.fromkeys([*asked.a, *asked.b]))
    word = columns[1].selectbox("Attribute", words, key="attribute", bind="query-params")
    number = lines.index(line) if line in lines else 0
    for voice, answer in found:
        st.markdown(f"**{plain(voice.name)}**")
        _tokens(voice, answer, number, word)
        _table(voice, answer, asked)


def _tokens(voice: Voice, answer: dict[str, Any], number: int, word: str) -> None:
    one = next(
        (s for s in answer["sentences"] if (s["template"], s["attribute"]) == (number, word)), None
    )
    if one is None:
        left_out = "Of this sentence and word nothing could be read."
        st.caption(left_out if answer["sentences"] else "A record of figures: it has no tokens.")
        return
    room = pictures.PHONE if pictures.on_phone() else _WIDE
    place, before = one["place"], one["prior_place"]
    st.caption(
        f"**log P**: {len(one['ids'])} tokens, read at place {place}, counted from 0 with the "
        "special tokens. In the cells: token ids; pink: the place that was read."
    )
    chart = token_cells(one["tokens"], one["ids"], [place], room)
    pictures.show(chart, f"templates-tokens-{voice.key}")
    if before is None:
        st.caption("No prior is subtracted.")
        return
    st.caption(f"**The prior**: the attribute hidden too, read at place {before}. {_fault(one)}")
    chart = token_cells(one["prior_tokens"], one["prior_ids"], [before], room)
    pictures.show(chart, f"templates-prior-{voice.key}")
    if one["pieces"] > 1:
        st.caption(
            f":material/extension: “{plain(word)}” is {one['pieces']} pieces: for the prior it is "
            "hidden behind as many masks, so that the sentence keeps its length."
        )


def _fault(one: dict[str, Any]) -> str:
    before, tokens = one["prior_place"], one["prior_tokens"]
    masks = [place for place, token in enumerate(tokens) if token == tokens[one["place"]]]
    if before == one["place"] and before in masks:
        return "The same mask, by its position and not by what stands around it."
    said = f"That is “{plain(tokens[before])}”, one place to the left of the last mask: "
    if before in masks:
        return said + "a mask, though not by intention."
    return said + "a word that the model sees, and not a blank. Kurita et al. subtract this."


def _table(voice: Voice, answer: dict[str, Any], asked: Asked) -> None:
    if answer["readings"]:
        whole = readings(answer, asked)
    else:
        whole = odds(answer, asked)
        st.caption("Recorded: log-odds of the two groups of targets, and the authors' prior.")
    numbers = {
        name: st.column_config.NumberColumn(format="%+.3f")
        for name in ("log P", "prior", "difference", "log-odds", "score")
    }
    st.dataframe(
        whole,
        hide_index=True,
        key=f"templates-rows-{voice.key}",
        height=320,
        column_config=numbers,
    )
    st.caption(f"{len(whole)} rows, in nats. Click a column's name to sort.")


def readings(answer: dict[str, Any], asked: Asked) -> pd.DataFrame:
    """Return a row for each target in each sentence: log P, prior, difference and places."""
    where = {(s["template"], s["attribute"], s["group"]): s for s in answer["sentences"]}
    names = dict(zip("AB", asked.names, strict=True))
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


def odds(answer: dict[str, Any], asked: Asked) -> pd.DataFrame:
    """Return a row for each attribute in each sentence: log-odds of the groups, prior, score."""
    names = dict(zip("AB", asked.names, strict=True))
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
