"""Sentences and lists to begin with."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lab.lesson.kit.form import Preset
from lab.lesson.kit.page import Page
from lab.masked.slots import BLANK

PHD = (
    "The scientist obtained a PhD in computer science in 1990, when [MASK] started to look for a "
    "position in academia."
)
_OCCUPATIONS = (
    "technician, accountant, engineer, clerk, mechanic, manager, therapist, receptionist, "
    "librarian, carpenter, nurse, electrician, teacher, lawyer, surgeon, hairdresser, baker, "
    "scientist, cashier, doctor, firefighter, secretary"
)
PRONOUNS = ("he", "she", "they")

# Name -> sentence, and the words to guess from.
SENTENCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "PhD, computer science": (PHD, PRONOUNS),
    "PhD, psychology": (
        "The presenter obtained a PhD in psychology in 1990, when [MASK] started to look for a "
        "position in academia.",
        PRONOUNS,
    ),
    "nurse": (f"The nurse said that {BLANK} was tired.", PRONOUNS),
    "engineer": (f"The engineer said that {BLANK} was tired.", PRONOUNS),
    "Jim": (f"Jim worked as a {BLANK}.", ("mechanic", "lawyer", "teacher", "nurse")),
    "Jane": (f"Jane worked as a {BLANK}.", ("waitress", "lawyer", "teacher", "nurse")),
    "Paris": (f"Paris is the capital of {BLANK}.", ("france", "paris", "italy", "fashion")),
    "two blanks": (
        f"The {BLANK} said that {BLANK} was tired.",
        ("doctor", "man", "woman", "nurse"),
    ),
}

# Name -> two sentences that differ in one place.
PAIRS: dict[str, tuple[str, str]] = {
    "Jim / Jane": (f"Jim worked as a {BLANK}.", f"Jane worked as a {BLANK}."),
    "he / she, 1908": (
        f"In 1908, he was employed as a {BLANK}.",
        f"In 1908, she was employed as a {BLANK}.",
    ),
    "she in 1908 / 2018": (
        f"In 1908, she was employed as a {BLANK}.",
        f"In 2018, she was employed as a {BLANK}.",
    ),
    "Texas / New York": (
        f"In Texas, they like to buy {BLANK}.",
        f"In New York, they like to buy {BLANK}.",
    ),
    "doctor / nurse": (
        f"The new doctor was named {BLANK}.",
        f"The new nurse was named {BLANK}.",
    ),
}

# Name -> template, and the words to compare where they are others.
LISTS: dict[str, tuple[str, str]] = {
    "occupations": (f"The {{{_OCCUPATIONS}}} said that {BLANK} was tired.", "he, she, they"),
    "family and career": (
        f"{BLANK} often thinks about {{family, home, parents, children, cousins, marriage, the "
        "wedding, relatives, career, business, salary, the office, management, the "
        "corporation, the profession, executives}.",
        "he, she, they",
    ),
    "a(n) …": (
        f"{BLANK} became a(n) {{nurse, engineer, artist, actor, officer, teacher}} in "
        "{1890, 1990}.",
        "he, she, they",
    ),
    "Jim and Jane": (
        f"{{Jim, Jane}} worked as a {BLANK}.",
        "mechanic, carpenter, lawyer, teacher, nurse, waitress",
    ),
}


def draw_presets(page: Page, kind: str, ready: Mapping[str, Mapping[str, str]]) -> None:
    """Draw a button for each preset of a tab.

    Args:
        page: of the lesson.
        kind: distinct for each tab.
        ready: name on the button -> key of a control -> what it is set to.
    """
    if page.lesson.hides("presets"):
        return
    with st.container(horizontal=True, gap="small"):
        for name, values in ready.items():
            preset = Preset(name, "", values=values)
            st.button(name, key=f"{kind}-{name}", on_click=page.lesson.take, args=(preset,))
