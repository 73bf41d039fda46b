"""What a colour means, once for all pages: more ink is more, the page's own colour is zero.

A chart learns from Vega's signal `background` whether its page is light or dark, and Streamlit
sets that to the page's colour: so a chart turns with the theme, and is right on white paper too.
The canvases of `lab.lesson.components` get the same colours from `to_dict`.
"""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

BACKGROUND = alt.ExprRef("background")
# Of a page with white text; and of a fill on which black is read as well as white, by the
# relative luminance of WCAG 2.1.
_DARK_PAGE, _EVEN = 0.3, 0.179


@dataclass(frozen=True)
class Ink:
    """A colour of one meaning.

    Args:
        light, dark: on a light and on a dark page, "#rrggbb".
    """

    light: str
    dark: str

    @property
    def colour(self) -> alt.ExprRef:
        """Return the colour for the page that the chart is on."""
        return alt.ExprRef(f"luminance(background) < {_DARK_PAGE} ? '{self.dark}' : '{self.light}'")


# Amounts, from none (the page) to all. Greys of equal steps are seen as about equal steps, on
# paper too; no other quantity is grey.
ATTENTION = Ink("#000000", "#ffffff")
PROBABILITY = Ink("#1f6f5c", "#4fb598")  # the pages' own green

# Below and above zero, told apart with the common colour-vision deficiencies.
NEGATIVE, POSITIVE = "#2f7fd6", "#e07b00"

# Roles, seen on black and on white.
CHOSEN = "#cf4a87"  # what the student, or the model, chose
TRUTH = "#e07b00"  # what is right, or what is asked about
GREY = "#7b8480"  # lines and words; equally far from white and from the dark page
MISSING = "#9aa39f"  # a cell without a value

# Runs, and classes of a text, by their number: told apart with the common colour-vision
# deficiencies, and readable on white and on dark.
RUN_COLOURS = ("#2f7fd6", "#e07b00", "#20a071", "#cf4a87", "#8d6bdb", "#8f8a1e")

# Hit, miss, false alarm and the rest of a map (Okabe and Ito 2008).
OUTCOMES = {"TP": "#009E73", "FN": "#D55E00", "FP": "#0072B2", "TN": "#c4c8c6"}


def amounts(ink: Ink, most: float = 1.0, inverted: bool = False) -> alt.Scale:
    """Return the colours of what is never negative: the page's colour at 0, all ink at `most`.

    Args:
        ink: of the quantity.
        most: what gets all the ink.
        inverted: white for more on black, on any page, as Bahdanau et al. 2015 print attention.
    """
    ends = ["#000000", "#ffffff"] if inverted else [BACKGROUND, ink.colour]
    return alt.Scale(domain=[0, most], range=ends, interpolate="rgb", clamp=True)


def around_zero(most: float) -> alt.Scale:
    """Return the colours of what has a sign, as far to both sides: the page's colour at 0."""
    ends = [NEGATIVE, BACKGROUND, POSITIVE]
    return alt.Scale(domain=[-most, 0, most], range=ends, interpolate="rgb", clamp=True)


def readable(fill: str) -> dict[str, object]:
    """Return black or white, whichever is read more easily on a fill.

    Args:
        fill: a Vega expression of its colour.
    """
    test = f"luminance({fill}) > {_EVEN}"
    return alt.condition(test, alt.value("#000000"), alt.value("#ffffff"))


def to_dict() -> dict[str, object]:
    """Return the colours that canvases draw with; pairs are for a light and for a dark page."""
    return {
        "attention": [ATTENTION.light, ATTENTION.dark],
        "negative": NEGATIVE,
        "positive": POSITIVE,
        "chosen": CHOSEN,
        "missing": MISSING,
        "darkPage": _DARK_PAGE,
        "even": _EVEN,
    }
