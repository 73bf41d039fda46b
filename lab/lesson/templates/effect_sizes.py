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
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import compare
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest
from lab.lesson.templates.models import Answer, Answers

SAME, TURNS = "Yes, in every sentence", "No, it turns in at least one"

ODD = 0.5  # standard deviations from the mean of the others: out of line
_ABOUT = {
    "words": "one word of a list, averaged over the sentences",
    "rows": "one word in one sentence",
    "targets": "one target word: how much more list A than B adds to it",
}
UNIT = Choice("unit", "Look at", tuple(_ABOUT))
WIDE = 860  # pixels of the chart


def draw(page: Page, answers: Answers, test: BiasTest) -> None:
    """Draw the sentences' effect sizes, the outcome, and the units of analysis."""
    if not answers:
        return
    chart = sizes_chart(answers, test, pictures.PHONE if pictures.on_phone() else WIDE)
    if chart is None:
        st.info(TEXT("all-equal"))
        return
    outcome(answers, page.guess)
    pictures.show(chart, "templates-effects")
    st.caption(_explained(answers, test))
    st.markdown(TEXT("one-observation"))
    _units(answers, test)


def sizes(answer: Answer, test: BiasTest) -> list[float | None]:
    """Return the effect size of each sentence, None where there is none."""
    known = {one["template"]: one["effect_size"] for one in answer["templates"]}
    return [known.get(number) for number in range(len(test.templates))]


def sizes_chart(answers: Answers, test: BiasTest, room: float) -> Any:
    """Return the chart of effect sizes; None where no sentence has one."""
    rows, summaries = [], []
    for source, answer in answers:
        values = sizes(answer, test)
        whole = spread(values)
        if whole is None:
            continue
        summaries.append({"model": source.name} | whole)
        for number, value in enumerate(values):
            if value is not None:
                odd = number == whole["odd"] and whole["off"] >= ODD
                rows.append({"model": source.name, "template": number, "d": value, "odd": odd})
    if not rows:
        return None
    return effect_dots(rows, summaries, test.shown, test.directions, room)


def outcome(answers: Answers, guess: str | None) -> None:
    """Write whether the sign stays, for each model, and what the guess was worth."""
    lines, turns = [], []
    for source, answer in answers:
        whole = spread([one["effect_size"] for one in answer["templates"]])
        if whole is None or len(answer["kept"]) < 2:
            continue
        turns.append(whole["turns"])
        what = "the sign **turns**" if whole["turns"] else "one sign in all sentences"
        if not whole["turns"] and whole["low"] < 0 < whole["high"]:
            what = f"the sign does not clearly turn (one end is within {CLEAR} of 0)"
        ends = f"{whole['low']:+.2f} to {whole['high']:+.2f}".replace("-", "−")
        lines.append(f"{plain(source.name)}: {what}, d from {ends}")
    if not lines:
        st.info(TEXT("no-spread"), icon=":material/flag:")
        return
    right = all(guess == (TURNS if one else SAME) for one in turns)
    compare(guess, right, ". ".join(lines) + ".")


def _explained(answers: Answers, test: BiasTest) -> str:
    lines = [TEXT("effect-size", positive=plain(test.directions[1]), odd=ODD)]
    if any(answer["prior"] == "paper" for _, answer in answers) and test.prior == "masked":
        lines.append(TEXT("authors-prior"))
    return " ".join([*lines, TEXT("other-templates")])


def p_text(low: float | None, high: float | None) -> str:
    """Return a p-value, or the two numbers it lies between, as text."""
    if low is None:
        return "–"
    if low == high or f"{low:.2g}" == f"{high:.2g}":
        return f"{high:.2g}"
    return f"{low:.2g} – {high:.2g}"


def table(answer: Answer) -> pd.DataFrame:
    """Return n, d and p in each unit."""
    units = {one["unit"]: one for one in answer["units"]}
    return pd.DataFrame(
        {
            "unit": unit,
            "n": " + ".join(map(str, units[unit]["n"])) if units[unit]["values"] else "–",
            "d": units[unit]["d"],
            "p, two-sided": p_text(units[unit]["p_low"], units[unit]["p_high"]),
        }
        for unit in _ABOUT
    )


def _units(answers: Answers, test: BiasTest) -> None:
    unit = UNIT.draw()
    st.caption(f"Each tick is {_ABOUT[unit]}. Diamonds: means.")
    for source, answer in answers:
        st.markdown(f"**{plain(source.name)}**")
        left, right = st.columns(2, gap="medium")
        with left:
            _table(source, answer)
        with right:
            _ticks(source, answer, test, unit)
    st.caption(why(answers[0][1]))


def _table(source: Source, answer: Answer) -> None:
    st.dataframe(
        table(answer),
        hide_index=True,
        key=f"templates-units-{source.key}",
        column_config={
            "unit": st.column_config.TextColumn(width=65),
            "n": st.column_config.TextColumn(width=64, help="observations of both groups"),
            "d": st.column_config.NumberColumn(format="%+.3f", width=62),
            "p, two-sided": st.column_config.TextColumn(
                width=135, help="exact, or two numbers between which it certainly lies"
            ),
        },
    )


def _ticks(source: Source, answer: Answer, test: BiasTest, unit: str) -> None:
    one = next(one for one in answer["units"] if one["unit"] == unit)
    if not one["values"]:
        st.caption(TEXT("no-targets"))
        return
    names = test.sides if unit == "targets" else test.names
    title = "more beside A than beside B (nats)" if unit == "targets" else "score (nats)"
    chart = observation_ticks(list(zip(names, one["values"], strict=True)), title, pictures.half())
    pictures.show(chart, f"templates-ticks-{unit}-{source.key}")


def why(answer: Answer) -> str:
    """Return in words why the units differ, with the numbers of one model."""
    units = {one["unit"]: one for one in answer["units"]}
    rows, words, targets = (units[name] for name in ("rows", "words", "targets"))
    count, lines = len(answer["kept"]), []
    if count > 1 and None not in (rows["d"], words["d"]):
        given = {
            "count": count,
            "rows": sum(rows["n"]),
            "larger": "larger" if abs(words["d"]) >= abs(rows["d"]) else "smaller",
            "words_d": f"{words['d']:+.2f}",
            "rows_d": f"{rows['d']:+.2f}",
        }
        lines.append(TEXT("rows-count", **given))
    if targets["values"] and sum(targets["n"]) == 2:
        lines.append(TEXT("two-targets"))
    elif targets["values"]:
        # With equal sizes every split has a mirror image that is as far apart.
        mirrored = len(set(targets["n"])) == 1
        low = (2 if mirrored else 1) / math.comb(sum(targets["n"]), targets["n"][0])
        lines.append(TEXT("few-targets", count=sum(targets["n"]), low=f"{min(1.0, low):.2g}"))
    return " ".join([*lines, TEXT("no-true-unit")])
