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


# Score function -> the dot product that it is in the end.
_AS_DOT = {
    "dot": r"h_i \cdot STATE",
    "scaled dot": r"h_i \cdot (STATE / \sqrt{H})",
    "general": r"h_i \cdot (W_g\, STATE)",
    "concat": r"v \cdot \tanh(W[h_i; STATE])",
    "mlp": r"w_3 \cdot \mathrm{ReLU}(\dots)",
}


def dot_product(name: str, look: str, place: int, terms: Sequence[Sequence[float]]) -> str:
    """Return the score of one source place in numbers: its first terms, and the sum of all."""
    state = "s_{t-1}" if look == "before" else "s_t"
    what = _AS_DOT[name].replace("STATE", state).replace("h_i", f"h_{{{place + 1}}}")
    left, right = terms
    first = " + ".join(f"({a:.2f})({b:.2f})" for a, b in list(zip(left, right, strict=True))[:2])
    value = float(np.dot(left, right))
    return (
        rf"\begin{{aligned}} e_{{{place + 1}}} &= {what} \\ &= {first} + \dots \\"
        rf" &= {value:.3f} \end{{aligned}}"
    )


def context(weights: Sequence[float], shown: int = 2) -> str:
    """Return the context as a sum over the most attended places, in numbers."""
    order = np.argsort(weights)[::-1][:shown]
    terms = " + ".join(rf"{weights[i]:.3f}\,h_{{{i + 1}}}" for i in order)
    more = r" + \dots" if len(weights) > shown else ""
    return rf"\begin{{aligned}} c_t &= \sum_i w_i h_i \\ &= {terms}{more} \end{{aligned}}"


def _short(number: float) -> str:
    if 0.01 <= number < 10_000:
        return f"{number:.2f}"
    exponent = int(np.floor(np.log10(number)))
    return rf"{number / 10**exponent:.2f}\cdot 10^{{{exponent}}}"
