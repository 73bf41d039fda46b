"""Further looks at a test: conventions, single words, readings of models, published values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.bias import cosines as from_cosines
from lab.bias import recorded, stimuli
from lab.bias.asked import p_of, packed, unpacked
from lab.bias.weat import CLEAR
from lab.charts.sensitivity import left_out_dots, reading_dots
from lab.lesson import pictures
from lab.lesson.association import TEXT, earlier_results, save_and_code, vectors
from lab.lesson.association import result as results
from lab.lesson.association.result import LEVEL, Result, number
from lab.lesson.association.vectors import Reading
from lab.lesson.kit.ask import compute
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source

CONVENTIONS, WORDS, READINGS, PUBLISHED, SAVE = (
    "Conventions",
    "Without one word",
    "Side by side",
    "Published values",
    "Save and code",
)
LOOK = Choice("look", "Look closer", (CONVENTIONS, WORDS, READINGS, PUBLISHED, SAVE))
_SHOWN = 40  # words of a leave-one-out that are drawn


def draw(result: Result) -> None:
    """Draw the choice of a comparison, and the comparison."""
    {
        CONVENTIONS: draw_conventions,
        WORDS: draw_single_words,
        READINGS: draw_readings,
        PUBLISHED: draw_published,
        SAVE: save_and_code.draw,
    }[LOOK.draw()](result)


def draw_conventions(result: Result) -> None:
    """Draw what every convention says of the same scores."""
    rows = []
    for verdict in result.verdicts:
        one = results.convention(verdict["convention"])
        rows.append(
            {
                "Convention": one.label,
                "d": verdict["effect_size"],
                "p": results.p_text(verdict),
                "Below .05": {True: "yes", False: "no", None: "cannot be said"}[verdict["below"]],
                "How p is found": f"{verdict['method']}, {verdict['alternative']}",
                "ddof": one.ddof,
                "Note": verdict["note"] or one.note,
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="association-conventions",
        column_config={
            "d": st.column_config.NumberColumn(format="%+.3f", width=70),
            "p": st.column_config.TextColumn(width=110),
            "Note": st.column_config.TextColumn(width=560),
        },
    )
    below = {v["below"] for v in result.verdicts if v["p_low"] is not None}
    st.caption(TEXT("conventions", alike=TEXT("agree" if len(below) == 1 else "disagree")))


def draw_single_words(result: Result) -> None:
    """Draw d without each word."""
    given = packed(result.cosines)
    with st.spinner(TEXT("leaving-out")):
        answer = compute(
            vectors.QUESTION, "left_out", X=given["X"], Y=given["Y"], sets=given["sets"]
        )
    if not answer or result.lab["effect_size"] is None:
        return
    rows = _moved(answer, result.lab["below"])
    rows.sort(key=lambda row: row["d"] if row["d"] is not None else 0.0)
    shown = rows
    if len(rows) > _SHOWN:
        shown = [*rows[: _SHOWN // 2], *rows[-_SHOWN // 2 :]]
    pictures.show(
        left_out_dots(shown, result.lab["effect_size"], result.names, _width()),
        "association-left-out",
    )
    moving = [row["word"] for row in rows if row["moves"]]
    some = ""
    if shown is not rows:
        some = f" {TEXT('drawn-some', shown=_SHOWN, count=len(rows))}"
    if moving:
        st.markdown(TEXT("hangs", words=plain(", ".join(moving[:8]))))
    else:
        st.markdown(TEXT("hangs-not"))
    st.caption(TEXT("without-each", some=some))


def _width() -> int:
    return 340 if pictures.on_phone() else 640


def _moved(answer: list[dict[str, Any]], below: bool | None) -> list[dict[str, Any]]:
    rows = []
    for row in answer:
        ends = {"p_low": row["p_low"], "p_high": row["p_high"]}
        now = row["p_high"] < LEVEL if (row["p_low"] < LEVEL) == (row["p_high"] < LEVEL) else None
        moves = None not in (now, below) and now != below
        rows.append({**row, "p": results.p_text(ends), "moves": moves})
    return rows


def draw_readings(result: Result) -> None:
    """Draw d of several sources, and of one model read in many ways."""
    models = {model.key: model for model in vectors.models(tell=False)}
    key = result.vectors.key
    chosen = st.multiselect(
        "Models, each read in many ways",
        list(models),
        default=[key] if key in models else list(models)[:1],
        format_func=lambda key: models[key].name,
        key="association-models",
        max_selections=3,
        help=TEXT("readings-help"),
    )
    reading = result.vectors.reading
    template = reading.template if reading else vectors.SENTENCE
    with st.spinner(TEXT("reading-many")):
        rows = _recorded_row(result) + _readings(result, [models[k] for k in chosen], template)
    if not [row for row in rows if row["d"] is not None]:
        st.caption(TEXT("nothing-yet"))
        return
    pictures.show(reading_dots(rows, _width()), "association-readings")
    signs = {row["d"] > 0 for row in rows if row["d"] is not None and abs(row["d"]) >= CLEAR}
    st.markdown(TEXT("sign-turns") if len(signs) == 2 else TEXT("sign-stays", clear=CLEAR))
    without = [row["name"] for row in rows if row["d"] is None]
    none = f" {TEXT('readings-none', names=plain(', '.join(without)))}" if without else ""
    st.caption(TEXT("readings", template=plain(template), none=none))


def _recorded_row(result: Result) -> list[dict[str, Any]]:
    try:
        cosines = recorded.cosines(result.test)
    except ValueError:
        return []
    return [_row("word2vec", "word2vec, Google News", cosines)]


def _row(name: str, source: str, cosines: from_cosines.Cosines) -> dict[str, Any]:
    first, second = cosines.scores()
    d = from_cosines.effect_size(first, second)
    low, high, _ = p_of(first.tolist(), second.tolist(), quick=True)
    p = results.p_text({"p_low": low, "p_high": high})
    return {"name": name, "source": source, "d": d if d == d else None, "p": p, "high": high}


def _readings(result: Result, models: Sequence[Source], template: str) -> list[dict[str, Any]]:
    sets = {role: list(one.words) for role, one in result.test.sets.items()}
    readings = {model.key: ways_of(model, template) for model in models}
    for model in models:  # all of them work before the first answer is waited for
        model.begin(vectors.QUESTION, sets=sets, **vectors.asked(readings[model.key]))
    rows = []
    for model in models:
        answers = vectors.read(model, sets, readings[model.key]) or []
        for reading, answer in zip(readings[model.key], answers, strict=False):
            row = _row(reading.name, model.name, unpacked(answer, result.test))
            rows.append(row)
            if row["d"] is not None:
                way = f"{reading.name} · {template}"
                earlier_results.add(result, model.key, way, row["d"], row["high"])
    return rows


def ways_of(model: Source, template: str) -> list[Reading]:
    """Return the readings of a model that are compared: each way at three layers."""
    found = [Reading("static", -1, template)]
    if model.task != "language":
        most = vectors.layers_of(model)
        layers = sorted({1, (most + 1) // 2, most}) if most else [-1]
        ways = [way for way in vectors.WAYS if way != "static"]
        found += [Reading(way, layer, template) for way in ways for layer in layers]
    return found


def draw_published(result: Result) -> None:
    """Draw what papers report for these lists."""
    given = stimuli.published(result.test.key)
    if not given:
        st.caption(TEXT("unpublished"))
        return
    rows = [
        {
            "What": f"Here: {result.vectors.label}",
            "d": result.lab["effect_size"],
            "p": results.p_text(result.lab),
        },
        {"What": "Caliskan et al. 2017: word2vec, Google News", "d": given.get("word2vec_d")},
        {"What": "Caliskan et al. 2017: GloVe, Common Crawl", "d": given.get("glove_d")},
    ]
    if given.get("iat_d") is not None:
        people = {"What": "People (the IAT that the lists come from)"}
        rows.append(people | {"d": float(given["iat_d"]), "p": given["iat_p"]})
    table = pd.DataFrame(rows, columns=["What", "d", "p"]).fillna({"p": ""})
    st.dataframe(
        table,
        hide_index=True,
        key="association-published",
        column_config={"d": st.column_config.NumberColumn(format="%+.2f", width=70)},
    )
    st.caption(TEXT("published", source=plain(given["source"].split(":")[0])))
    if result.vectors.recorded and result.whole.missing:
        words = plain(", ".join(result.whole.missing))
        st.caption(TEXT("published-without", words=words, p=number(result.lab["p_high"])))
