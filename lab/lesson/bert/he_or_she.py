"""How far a model leans to he or she beside each occupation, through the runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from lab.charts.pretraining import ratio_panels, ratio_rows
from lab.lesson import pictures
from lab.lesson.bert import TEXT
from lab.lesson.bert.measures import ratios
from lab.lesson.kit.keys import Switch
from lab.lesson.kit.runs import names
from lab.runs import View

PERSON = "person"
CENTRED = Switch("centred", "Minus that of *person*", help=TEXT("centred-help"))


def pronouns(shown: Sequence[View]) -> None:
    """Draw log p(he)/p(she) of the occupations that are watched, through all runs."""
    found = {name: ratios(view) for view, name in zip(shown, names(shown), strict=True)}
    found = {name: points for name, points in found.items() if points}
    if not found:
        return
    occupations = list(dict.fromkeys(w for points in found.values() for w in points[0][1]))
    st.markdown(TEXT("he-or-she"))
    subtracted = ""
    if PERSON in occupations and len(occupations) > 1:
        subtracted = PERSON if CENTRED.draw() else ""
    phone = pictures.on_phone()
    drawn = ratio_panels(
        ratio_rows(found, subtracted),
        [word for word in occupations if word != subtracted],
        list(found),
        pictures.PHONE if phone else 2 * pictures.HALF + 60,
        2 if phone else 4,
    )
    st.altair_chart(drawn, key="bert-ratios", width="content")
    st.caption(TEXT("ratios", odds=f"{math.e:.1f}"))
