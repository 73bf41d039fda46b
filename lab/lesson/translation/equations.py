"""The equations of attention, with the real numbers of one step in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

# Score function -> its equation; STATE is the decoder's state, h_i the encoder's.
_SCORES = {
    "dot": r"e_i = h_i^\top STATE",
    "scaled dot": r"e_i = h_i^\top STATE \,/\, \sqrt{H}",
    "general": r"e_i = h_i^\top W_g\, STATE",
    "concat": r"e_i = v^\top \tanh\left(W \begin{bmatrix} h_i \\ STATE \end{bmatrix}\right)",
    "mlp": r"e_i = \mathrm{MLP}([h_i; STATE])",
    "multi-head": r"e_i = q_t^\top k_i \,/\, \sqrt{d}\quad\text{in each head}",
}


def score(name: str, look: str) -> str:
    """Return the equation of a score function; the state's index says when it attends."""
    return _SCORES[name].replace("STATE", "s_{t-1}" if look == "before" else "s_t")


def weight(step: Mapping[str, Any], place: int) -> str:
    """Return the softmax for one source place, in numbers."""
    scores = np.array(step["scores"])
    total = np.exp(scores - scores.max()).sum() * np.exp(scores.max())
    return (
        rf"w_{{{place + 1}}} = \frac{{e^{{e_{{{place + 1}}}}}}}{{\sum_j e^{{e_j}}}}"
        rf" = \frac{{e^{{{scores[place]:.2f}}}}}{{{_short(total)}}} = {step['weights'][place]:.3f}"
    )


def dot_product(h: Sequence[float], s: Sequence[float], value: float, scaled: bool) -> str:
    """Return a dot product in numbers: its first three terms, and the sum of all."""
    terms = " + ".join(rf"({a:.2f})({b:.2f})" for a, b in list(zip(h, s, strict=True))[:3])
    divided = rf"\;/\;\sqrt{{{len(s)}}}" if scaled else ""
    opened, closed = (r"\left[", r"\right]") if scaled else ("", "")
    return rf"{opened}{terms} + \dots{closed}{divided} = {value:.3f}"


def context(weights: Sequence[float], shown: int = 3) -> str:
    """Return the context as a sum over the most attended places, in numbers."""
    order = np.argsort(weights)[::-1][:shown]
    terms = " + ".join(rf"{weights[i]:.3f}\,h_{{{i + 1}}}" for i in order)
    more = r" + \dots" if len(weights) > shown else ""
    return rf"c_t = \sum_i w_i h_i = {terms}{more}"


def _short(number: float) -> str:
    if 0.01 <= number < 10_000:
        return f"{number:.2f}"
    exponent = int(np.floor(np.log10(number)))
    return rf"{number / 10**exponent:.2f}\cdot 10^{{{exponent}}}"
