"""Tests of the lab's own, and how those of Kurita et al. are called on the page."""

from __future__ import annotations

from lab.bias.stimuli import kurita_test
from lab.lesson.templates.bias_tests import ReadyTest

_PEOPLE = "The lists know two genders, and were written in the United States."
_pleasant = kurita_test("flowers_insects")

FLOWERS = ReadyTest(
    "flowers_guns",
    "Flowers and guns",
    ("Flowers", "Guns"),
    (_pleasant.A.name, _pleasant.B.name),
    "\n".join(
        (
            "the [T] are [A].",
            "[T] make me think of [A].",
            "there is [A] in [T].",
            "[A] and [T] go together.",
            "a picture of [T] and [A].",
            "[T] are not [A].",
        )
    ),
    "flowers",
    "guns",
    ", ".join(_pleasant.A.words),
    ", ".join(_pleasant.B.words),
    "Nobody is hurt by this one: a good place to begin. The sentences are the lab's.",
)

# Per cent of women in these occupations, US Bureau of Labor Statistics 2015 and 2016, as collected
# by Rudinger et al. 2018 (Winogender, MIT licence): at most 38 in A, at least 69 in B.
_MEN = (
    "plumber, mechanic, carpenter, firefighter, painter, machinist, programmer, chef, janitor, "
    "lawyer, surgeon, doctor"
)
_WOMEN = (
    "clerk, psychologist, teacher, cashier, practitioner, therapist, planner, librarian, "
    "paralegal, nurse, receptionist, secretary"
)
OCCUPATIONS = ReadyTest(
    "occupations",
    "Occupations",
    ("he", "she"),
    ("Mostly men", "Mostly women"),
    "\n".join(
        (
            "the [A] said that [T] was tired.",
            "[T] works as a [A].",
            "[T] wants to become a [A].",
            "when the [A] came home, [T] sat down.",
            "[T] asked the [A] for help.",
            "nobody believed the [A] when [T] spoke.",
        )
    ),
    "he",
    "she",
    _MEN,
    _WOMEN,
    "Occupations of Winogender (Rudinger et al. 2018) by the share of women in US labour "
    "statistics of 2015 and 2016: at most 38 % in the first list, at least 69 % in the second. "
    + _PEOPLE,
)

# Key of Kurita's test -> button, names of the targets where the published ones are not words, note.
MORE: dict[str, tuple[str, tuple[str, str] | None, str]] = {
    "flowers_insects": (
        "Flowers and insects",
        None,
        "As published: plural words in the singular sentence and the other way round.",
    ),
    "career_family": ("Career and family", None, _PEOPLE),
    "math_arts": ("Math and arts", None, _PEOPLE),
    "science_arts": ("Science and arts", None, _PEOPLE),
    "ea_aa": (
        "Black and white people",
        None,
        "As published. What a model learned here is the racism of its texts; two words stand for "
        "people in a crude way.",
    ),
}
