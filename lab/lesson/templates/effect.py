"""The effect size of every sentence alone, what the guess was worth, and the unit of analysis."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from lab.bias.kurita import spread
from lab.bias.weat import CLEAR
from lab.charts.templates import effect_dots, observation_ticks
from lab.lesson import pictures
from lab.lesson.frame import SKIP
from lab.lesson.lineup import plain
from lab.lesson.templates.controls import SAME, TURNS
from lab.lesson.templates.lists import Asked
from lab.lesson.templates.models import Found, Voice

ODD = 0.5  # standard deviations from the mean of the others: out of line
UNITS = ("words", "rows", "targets")
_ABOUT = {
    "words": "one word of a list, averaged over the sentences",
    "rows": "one word in one sentence",
    "targets": "one target word: how much more list A than B adds to it",
}
_WIDE = 860


def desk(found: Found, asked: Asked, guessed: str) -> None:
    """Draw the sentences' effect sizes, the outcome, and the units of analysis."""
    if not found:
        return
    room = pictures.PHONE if pictures.on_phone() else _WIDE
    chart = draw(found, asked, room)
    if chart is None:
        st.info("All scores of a sentence are equal: there is no effect size to draw.")
        return
    outcome(found, guessed)
    pictures.show(chart, "templates-effects")
    st.caption(_explained(found, asked))
    st.markdown("**What is one observation?** The same scores, counted in three ways.")
    _units(found, asked)


def sizes(answer: dict[str, Any], asked: Asked) -> list[float | None]:
    """Return the effect size of each sentence, None where there is none."""
    known = {one["template"]: one["effect_size"] for one in answer["templates"]}
    return [known.get(number) for number in range(len(asked.templates))]


def draw(found: Found, asked: Asked, room: float):
    """Return the chart of effect sizes; None where no sentence has one."""
    rows, summaries = [], []
    for voice, answer in found:
        values = sizes(answer, asked)
        whole = spread(values)
        if whole is None:
            continue
        summaries.append({"model": voice.name} | whole)
        for number, value in enumerate(values):
            if value is not None:
                odd = number == whole["odd"] and whole["off"] >= ODD
                rows.append({"model": voice.name, "template": number, "d": value, "odd": odd})
    if not rows:
        return None
    return effect_dots(rows, summaries, asked.shown, asked.directions, room)


def outcome(found: Found, guessed: str) -> None:
    """Write whether the sign stays, for each model, and what the guess was worth."""
    said, turns = [], []
    for voice, answer in found:
        whole = spread([one["effect_size"] for one in answer["templates"]])
        if whole is None or len(answer["kept"]) < 2:
            continue
        turns.append(whole["turns"])
        what = "the sign **turns**" if whole["turns"] else "one sign in all sentences"
        if not whole["turns"] and whole["low"] < 0 < whole["high"]:
            what = f"the sign does not clearly turn (one end is within {CLEAR} of 0)"
        ends = f"{whole['low']:+.2f} to {whole['high']:+.2f}".replace("-", "−")
        said.append(f"{plain(voice.name)}: {what}, d from {ends}")
    if not said:
        st.info("With one sentence there is no spread: add a second one.", icon=":material/flag:")
        return
    text = ". ".join(said) + "."
    if guessed == SKIP:
        st.info(text, icon=":material/flag:")
        return
    right = all(guessed == (TURNS if one else SAME) for one in turns)
    what = "You guessed it." if right else f"You guessed “{plain(guessed)}”."
    (st.success if right else st.info)(f"{what} {text}", icon=":material/psychology:")


def _explained(found: Found, asked: Asked) -> str:
    said = (
        "d: difference of the mean scores of the two lists, over the standard deviation of all "
        "words (ddof 1), within one sentence. Positive: "
        f"{plain(asked.directions[1])}. Ringed: the sentence furthest from the mean of the "
        f"others, where it is {ODD} or more away. "
    )
    if any(answer["prior"] == "paper" for _, answer in found) and asked.prior == "masked":
        said += (
            "The recorded figures have the authors' prior. Within a sentence it is a constant "
            "and cancels from d. "
        )
    return said + (
        "Seshadri et al. 2022: other templates moved published bias figures by up to +162 %."
    )


def p_text(low: float | None, high: float | None) -> str:
    """Return a p-value, or the two numbers it lies between, as text."""
    if low is None:
        return "–"
    if low == high or f"{low:.2g}" == f"{high:.2g}":
        return f"{high:.2g}"
    return f"{low:.2g} – {high:.2g}"


def table(answer: dict[str, Any]) -> pd.DataFrame:
    """Return n, d and p in each unit."""
    units = {one["unit"]: one for one in answer["units"]}
    return pd.DataFrame(
        {
            "unit": unit,
            "n": " + ".join(map(str, units[unit]["n"])) if units[unit]["values"] else "–",
            "d": units[unit]["d"],
            "p, two-sided": p_text(units[unit]["p_low"], units[unit]["p_high"]),
        }
        for unit in UNITS
    )


def _units(found: Found, asked: Asked) -> None:
    unit = st.segmented_control(
        "Look at",
        UNITS,
        default=UNITS[0],
        key="unit",
        required=True,
        bind="query-params",
    )
    unit = unit or UNITS[0]
    st.caption(f"Each tick is {_ABOUT[unit]}. Diamonds: means.")
    for voice, answer in found:
        st.markdown(f"**{plain(voice.name)}**")
        left, right = st.columns(2, gap="medium")
        with left:
            _table(voice, answer)
        with right:
            _ticks(voice, answer, asked, unit)
    st.caption(why(found[0][1]))


def _table(voice: Voice, answer: dict[str, Any]) -> None:
    st.dataframe(
        table(answer),
        hide_index=True,
        key=f"templates-units-{voice.key}",
        column_config={
            "unit": st.column_config.TextColumn(width=65),
            "n": st.column_config.TextColumn(width=64, help="observations of both groups"),
            "d": st.column_config.NumberColumn(format="%+.3f", width=62),
            "p, two-sided": st.column_config.TextColumn(
                width=135, help="exact, or two numbers between which it certainly lies"
            ),
        },
    )


def _ticks(voice: Voice, answer: dict[str, Any], asked: Asked, unit: str) -> None:
    one = next(one for one in answer["units"] if one["unit"] == unit)
    if not one["values"]:
        st.caption("Recorded as log-odds of both groups: single targets are not known.")
        return
    names = asked.sides if unit == "targets" else asked.names
    title = "more beside A than beside B (nats)" if unit == "targets" else "score (nats)"
    chart = observation_ticks(list(zip(names, one["values"], strict=True)), title, pictures.half())
    pictures.show(chart, f"templates-ticks-{unit}-{voice.key}")


def why(answer: dict[str, Any]) -> str:
    """Return in words why the units differ, with the numbers of one model."""
    units = {one["unit"]: one for one in answer["units"]}
    rows, words, targets = (units[name] for name in ("rows", "words", "targets"))
    count = len(answer["kept"])
    said = []
    if count > 1 and None not in (rows["d"], words["d"]):
        larger = "larger" if abs(words["d"]) >= abs(rows["d"]) else "smaller"
        said.append(
            f"*Rows* count every word {count} times, once for each sentence, as if these were "
            f"{sum(rows['n'])} separate words: p becomes too small, and what differs between "
            f"sentences enters the standard deviation. *Words* average that away first, and d is "
            f"{larger}: {words['d']:+.2f} against {rows['d']:+.2f}."
        )
    if targets["values"] and sum(targets["n"]) == 2:
        said.append(
            "*Targets*: with two words d is always ±1.41 (√2), whatever the scores, and p is 1."
        )
    elif targets["values"]:
        # With equal sizes every split has a mirror image that is as far apart.
        mirrored = len(set(targets["n"])) == 1
        low = (2 if mirrored else 1) / math.comb(sum(targets["n"]), targets["n"][0])
        said.append(
            f"*Targets*: {sum(targets['n'])} words can be parted in few ways, so that p cannot "
            f"fall below {min(1.0, low):.2g}."
        )
    return " ".join([*said, "No unit is the true one: say which you took."])
