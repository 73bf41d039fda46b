"""One cell of attention written out, so that it can be checked with a pocket calculator."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lab.attention.steps import Steps

STAGES = ("x", "q", "k", "v", "scores", "scaled", "masked", "weights", "heads", "output")
_FAR = 12.0  # a score beyond this has a power that no longer fits a line


def table(steps: Steps, stage: str, head: int = 0) -> np.ndarray:
    """Return the matrix of a stage: (T, C) for "x" and "output", else the head's.

    Raises:
        ValueError: there is no such stage.
    """
    if stage not in STAGES:
        raise ValueError(f"There is no stage {stage!r}; there are {', '.join(STAGES)}.")
    found = getattr(steps, stage)
    return found if stage in ("x", "output") else found[head]


def arithmetic(steps: Steps, stage: str, head: int, row: int, column: int, a_line: int = 6) -> str:
    """Return how one cell was computed, in LaTeX, with the numbers themselves.

    Numbers are written with at most three decimals; an "approximately equal" sign says where that
    rounded the result.

    Args:
        steps: see `lab.attention.steps.attend`.
        stage: one of `STAGES`.
        head, row, column: of the cell, from 0.
        a_line: terms of a sum that have room on one line.

    Raises:
        ValueError: there is no such stage or cell.
    """
    values = table(steps, stage, head)
    if not (0 <= row < values.shape[0] and 0 <= column < values.shape[1]):
        raise ValueError(f"The {stage} have no cell ({row}, {column}).")
    lines = _broken(_WRITTEN[stage](steps, head, row, column), a_line)
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def number(value: float) -> str:
    """Return a number with at most three decimals, and none that say nothing."""
    if math.isinf(value):
        return r"-\infty" if value < 0 else r"\infty"
    if abs(value) >= 1e6:
        exponent = math.floor(math.log10(abs(value)))
        return rf"{value / 10.0**exponent:.2f}\cdot 10^{{{exponent}}}"
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def equals(value: float) -> str:
    """Return the value after "=", or after the sign for "about" where writing it rounds it."""
    exact = math.isinf(value) or abs(value - round(value, 3)) < 1e-9
    return f"{'=' if exact else chr(92) + 'approx'} {number(value)}"


Line = str | tuple[str, list[str], str]  # whole, or a start, the terms of a sum, and an end


def _broken(lines: Sequence[Line], a_line: int) -> list[str]:
    # A sum goes on below where it is too long.
    found = []
    for line in lines:
        if isinstance(line, str):
            found.append(line)
            continue
        start, terms, end = line
        for n in range(0, len(terms), a_line):
            first = start if n == 0 else r"&\quad + "
            last = end if n + a_line >= len(terms) else ""
            found.append(f"{first}{' + '.join(terms[n : n + a_line])}{last}")
    return found


def _sum(left: Sequence[float], right: Sequence[float]) -> Line:
    # "2 · 1 + (-1) · 0 + ..."
    pairs = zip(left, right, strict=True)
    return "&= ", [rf"{_factor(a)} \cdot {_factor(b)}" for a, b in pairs], ""


def _factor(value: float) -> str:
    return f"({number(value)})" if number(value).startswith("-") else number(value)


def _x(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    name = rf"x_{{{i + 1},{j + 1}}}"
    if steps.positions is None:
        return [rf"{name} &= {number(steps.x[i, j])} \quad\text{{(given)}}"]
    word, place = steps.embeddings[i, j], steps.positions[i, j]
    return [
        rf"{name} &= \text{{word}} + \text{{position}}",
        f"&= {_factor(word)} + {_factor(place)} {equals(steps.x[i, j])}",
    ]


def _projected(letter: str):
    def written(steps: Steps, head: int, i: int, j: int) -> list[Line]:
        values, matrix = getattr(steps, letter), getattr(steps, f"w_{letter}")
        column = head * values.shape[2] + j
        return [
            rf"{letter}_{{{i + 1},{j + 1}}} &= x_{{{i + 1}}} \cdot"
            rf" \text{{column {column + 1} of }} W_{letter.upper()}",
            _sum(steps.x[i], matrix[:, column]),
            rf"&{equals(values[head, i, j])}",
        ]

    return written


def _scores(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    return [
        rf"s_{{{i + 1},{j + 1}}} &= q_{{{i + 1}}} \cdot k_{{{j + 1}}}",
        _sum(steps.q[head, i], steps.k[head, j]),
        rf"&{equals(steps.scores[head, i, j])}",
    ]


def _scaled(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    score, value = steps.scores[head, i, j], steps.scaled[head, i, j]
    if steps.divisor == 1 and steps.q.shape[2] > 1:
        return [rf"s_{{{i + 1},{j + 1}}} &= {number(score)} \quad\text{{(not divided)}}"]
    return [
        rf"\frac{{s_{{{i + 1},{j + 1}}}}}{{\sqrt{{d}}}} &="
        rf" \frac{{{number(score)}}}{{\sqrt{{{steps.q.shape[2]}}}}} {equals(value)}"
    ]


def _masked(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    value = steps.masked[head, i, j]
    if math.isinf(value):
        why = f"word {j + 1} comes after word {i + 1}"
        return [rf"{number(steps.scaled[head, i, j])} &\to -\infty \quad\text{{({why})}}"]
    return [rf"{number(value)} &\to {number(value)} \quad\text{{(not masked)}}"]


def _weights(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    scores = steps.masked[head, i]
    name = rf"a_{{{i + 1},{j + 1}}} &= \frac{{e^{{{number(scores[j])}}}}}"
    start, most = [], float(scores.max())
    if np.abs(scores[np.isfinite(scores)]).max() > _FAR:
        # Powers of such scores are astronomical: take the largest off, the weights stay the same.
        start = [rf"&\text{{{number(most)} taken off every score: the weights stay}}"]
        scores = scores - most
        name = rf"a_{{{i + 1},{j + 1}}} &= \frac{{e^{{{number(scores[j])}}}}}"
    powers = np.exp(scores)
    below = " + ".join(f"e^{{{number(score)}}}" for score in scores)
    return [
        *start,
        rf"{name}{{\sum_n e^{{s_n}}}}" if len(scores) > 6 else rf"{name}{{{below}}}",
        (
            r"\textstyle\sum_n e^{s_n} &= ",
            [number(power) for power in powers],
            f" {equals(float(powers.sum()))}",
        ),
        rf"a_{{{i + 1},{j + 1}}} &= \frac{{{number(powers[j])}}}{{{number(powers.sum())}}}"
        rf" {equals(steps.weights[head, i, j])}",
    ]


def _heads(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    return [
        rf"o_{{{i + 1},{j + 1}}} &= \textstyle\sum_n a_{{{i + 1},n}} \, v_{{n,{j + 1}}}",
        _sum(steps.weights[head, i], steps.v[head, :, j]),
        rf"&{equals(steps.heads[head, i, j])}",
    ]


def _output(steps: Steps, head: int, i: int, j: int) -> list[Line]:
    if steps.w_o is None:
        of, place = divmod(j, steps.heads.shape[2])
        return [
            rf"y_{{{i + 1},{j + 1}}} &= \text{{head {of + 1}, number {place + 1}}}"
            rf" {equals(steps.output[i, j])}"
        ]
    return [
        rf"y_{{{i + 1},{j + 1}}} &= \text{{joined heads}} \cdot \text{{column {j + 1} of }} W_O",
        _sum(steps.joined[i], steps.w_o[:, j]),
        rf"&{equals(steps.output[i, j])}",
    ]


_WRITTEN = {
    "x": _x,
    "q": _projected("q"),
    "k": _projected("k"),
    "v": _projected("v"),
    "scores": _scores,
    "scaled": _scaled,
    "masked": _masked,
    "weights": _weights,
    "heads": _heads,
    "output": _output,
}
