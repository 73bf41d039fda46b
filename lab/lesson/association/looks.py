"""Further looks at a test: conventions, single words, readings of models, published values."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lab.bias import cosines as from_cosines
from lab.bias import recorded, stimuli
from lab.bias.asked import p_of, packed, unpacked
from lab.bias.weat import CLEAR
from lab.charts.sensitivity import left_out_dots, reading_dots
from lab.lesson import pictures
from lab.lesson.asking import compute
from lab.lesson.association import found as findings
from lab.lesson.association import keep, vectors
from lab.lesson.association.found import LEVEL, Found, number
from lab.lesson.association.seen import keep as keep_seen
from lab.lesson.association.vectors import Reading
from lab.lesson.lineup import plain
from lab.lesson.sources.source import Source

CONVENTION, WORDS, READINGS, PUBLISHED, SAVE = (
    "Conventions",
    "Without one word",
    "Side by side",
    "Published values",
    "Save and code",
)
_SHOWN = 40  # words of a leave-one-out that are drawn


def desk(found: Found) -> None:
    """Draw the choice of a look, and the look."""
    look = st.segmented_control(
        "Look closer",
        (CONVENTION, WORDS, READINGS, PUBLISHED, SAVE),
        default=CONVENTION,
        key="look",
        bind="query-params",
        required=True,
    )
    {
        CONVENTION: conventions,
        WORDS: single_words,
        READINGS: side_by_side,
        PUBLISHED: published,
        SAVE: keep.desk,
    }.get(look, conventions)(found)


def conventions(found: Found) -> None:
    """Draw what every convention says of the same scores."""
    rows = []
    for verdict in found.verdicts:
        one = findings.convention(verdict["convention"])
        rows.append(
            {
                "Convention": one.label,
                "d": verdict["effect_size"],
                "p": findings.p_text(verdict),
                "Below .05": {True: "yes", False: "no", None: "cannot be said"}[verdict["below"]],
                "How p is found": f"{verdict['method']}, {verdict['alternative']}",
                "ddof": one.ddof,
                "Word on it": verdict["note"] or one.note,
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="association-conventions",
        column_config={
            "d": st.column_config.NumberColumn(format="%+.3f", width=70),
            "p": st.column_config.TextColumn(width=110),
            "Word on it": st.column_config.TextColumn(width=560),
        },
    )
    below = {v["below"] for v in found.verdicts if v["p_low"] is not None}
    alike = "All of them agree" if len(below) == 1 else "**They do not agree**"
    st.caption(
        f"The same cosines in every row, only the arithmetic differs. {alike} at .05. Drawn "
        "p-values move a little with the seed (here 0). WEFE reports S first."
    )


def single_words(found: Found) -> None:
    """Draw d without each word."""
    given = packed(found.cosines)
    with st.spinner("Leaving out one word after the other …"):
        answer = compute(
            "lab.bias.asked", "left_out", X=given["X"], Y=given["Y"], sets=given["sets"]
        )
    if not answer or found.lab["effect_size"] is None:
        return
    rows = _moved(answer, found.lab["below"])
    rows.sort(key=lambda row: row["d"] if row["d"] is not None else 0.0)
    shown = rows
    if len(rows) > _SHOWN:
        shown = [*rows[: _SHOWN // 2], *rows[-_SHOWN // 2 :]]
    width = 340 if pictures.on_phone() else 640
    pictures.show(
        left_out_dots(shown, found.lab["effect_size"], found.names, width), "association-left-out"
    )
    moving = [row["word"] for row in rows if row["moves"]]
    said = (
        "The verdict at .05 hangs on one word. Without one of these alone it changes: "
        f"{plain(', '.join(moving[:8]))}."
        if moving
        else "No single word changes the verdict at .05."
    )
    some = "" if shown is rows else f" Drawn: the {_SHOWN} of {len(rows)} words that move d most."
    st.markdown(said)
    st.caption(f"Line: d with all words. Each point: d when this word alone is left out.{some}")


def _moved(answer: list[dict[str, Any]], below: bool | None) -> list[dict[str, Any]]:
    rows = []
    for row in answer:
        ends = {"p_low": row["p_low"], "p_high": row["p_high"]}
        now = row["p_high"] < LEVEL if (row["p_low"] < LEVEL) == (row["p_high"] < LEVEL) else None
        moves = None not in (now, below) and now != below
        rows.append({**row, "p": findings.p_text(ends), "moves": moves})
    return rows


def side_by_side(found: Found) -> None:
    """Draw d of several sources, and of one model read in many ways."""
    origins = vectors.origins(tell=False)
    models = {key: one for key, one in origins.items() if one.model is not None}
    key = found.origin.key
    chosen = st.multiselect(
        "Models, each read in many ways",
        list(models),
        default=[key] if key in models else list(models)[:1],
        format_func=lambda k: models[k].name,
        key="association-models",
        max_selections=3,
        help="Input table; the word's own place, the first token and the mean of all tokens, each "
        "at the first, a middle and the last layer.",
    )
    template = found.origin.reading.template if found.origin.reading else vectors.TEMPLATE
    rows = _recorded_row(found)
    for name in chosen:
        with st.spinner("Reading in many ways …"):
            rows += _readings(found, models[name].model, name, models[name].name, template)
    if not [row for row in rows if row["d"] is not None]:
        st.caption("There is nothing to compare yet: choose a model.")
        return
    pictures.show(reading_dots(rows, 340 if pictures.on_phone() else 640), "association-readings")
    none = [row["name"] for row in rows if row["d"] is None]
    signs = {row["d"] > 0 for row in rows if row["d"] is not None and abs(row["d"]) >= CLEAR}
    st.markdown(
        "**The sign turns with the reading**: the same lists, and the answer to “which group” is "
        "another."
        if len(signs) == 2
        else f"None turns the sign clearly (beyond ±{CLEAR}). Change the sentence or the lists."
    )
    st.caption(
        f"Sentence: “{plain(template)}”. p: one-sided, the lab's. What differs between sources may "
        "be their texts, their size, or how they are read: this is no ranking."
        + (f" No d for {plain(', '.join(none))}: all words have the same vector." if none else "")
    )


def _recorded_row(found: Found) -> list[dict[str, Any]]:
    try:
        cosines = recorded.cosines(found.test)
    except ValueError:
        return []
    return [_row("word2vec", "word2vec, Google News", cosines)]


def _row(name: str, source: str, cosines: from_cosines.Cosines) -> dict[str, Any]:
    first, second = cosines.scores()
    d = from_cosines.effect_size(first, second)
    low, high, _ = p_of(first, second, quick=True)
    p = findings.p_text({"p_low": low, "p_high": high})
    return {"name": name, "source": source, "d": d if d == d else None, "p": p, "high": high}


def _readings(
    found: Found, model: Source, key: str, name: str, template: str
) -> list[dict[str, Any]]:
    sets = {role: list(one.words) for role, one in found.test.sets.items()}
    most = vectors.layers_of(model)
    asked = [Reading("static", -1, template)]
    if model.task != "language":
        layers = sorted({1, (most + 1) // 2, most}) if most else [-1]
        asked += [Reading(way, layer, template) for way in vectors.WAYS for layer in layers][
            len(layers) :
        ]
    answers = vectors.ask(model, sets, asked) or []
    rows = []
    for reading, answer in zip(asked, answers, strict=False):
        row = _row(reading.name, name, unpacked(answer, found.test))
        rows.append(row)
        if row["d"] is not None:
            keep_seen(found, key, f"{reading.name} · {template}", row["d"], row["high"])
    return rows


def published(found: Found) -> None:
    """Draw what papers report for these lists."""
    given = stimuli.published(found.test.key)
    if not given:
        st.caption("Nothing is published about your own lists, as far as the lab knows.")
        return
    d = found.lab["effect_size"]
    rows = [
        {"What": f"Here: {found.origin.label}", "d": d, "p": findings.p_text(found.lab)},
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
    st.caption(
        "The d of an IAT compares people's response times and that of WEAT compares words: the two "
        "are not on one scale. "
        + plain(given["source"].split(":")[0])
        + ". Published figures stand here as they were printed, and nothing was tuned to them."
    )
    if found.origin.key == vectors.RECORDED and found.whole.missing:
        gone = plain(", ".join(found.whole.missing))
        st.caption(
            f"Here without {gone}, which the recorded vectors do not have: that alone can move d. "
            f"p here {number(found.lab['p_high'])}."
        )
