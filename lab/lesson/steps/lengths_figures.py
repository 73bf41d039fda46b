"""What was measured of growing sequences: rows of charts and tables, and sentences about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.attention.lengths import (
    KINDS,
    LengthsError,
    crossing,
    path_length,
    slope,
)
from lab.lesson.steps import TEXT

Found = Mapping[str, Mapping[str, Any]]  # kind -> the answer of `lab.attention.lengths.measure`
GUESSED = ("rnn", "conv", "attention")  # the fused call is the same layer once more
OPTIONS = tuple(KINDS[kind].name for kind in GUESSED)
DILATED = "Convolution, dilated"
KERNEL = 3
MEASURES = {"time": "ms", "memory": "bytes"}


def names() -> list[str]:
    """Return the layers in the order of their colours."""
    return [*(order.name for order in KINDS.values()), DILATED]


def curves(found: Found, what: str) -> list[dict[str, Any]]:
    """Return the rows of a chart of "time" or "memory"."""
    return [
        {
            "name": KINDS[kind].name,
            "length": point["length"],
            "value": point[MEASURES[what]],
            "note": _note(point) if what == "time" else "beyond input and parameters",
        }
        for kind, answer in found.items()
        for point in answer["points"]
    ]


def _note(point: Mapping[str, Any]) -> str:
    low, high = milliseconds(point["low"]), milliseconds(point["high"])
    return f"median of {point['repeats']}, half of them from {low} to {high}"


def paths(lengths: list[int]) -> list[dict[str, Any]]:
    """Return the rows of the chart of path lengths."""
    drawn = {"rnn": KINDS["rnn"].name, "conv": KINDS["conv"].name, "dilated": DILATED}
    drawn["attention"] = KINDS["attention"].name
    notes = {
        "rnn": "steps of the recurrence, in one layer",
        "conv": f"layers on top of each other, kernel {KERNEL}",
        "dilated": "layers, their gaps doubled from one to the next",
        "attention": "one layer",
    }
    return [
        {
            "name": name,
            "length": length,
            "value": path_length(kind, length, KERNEL),
            "note": notes[kind],
        }
        for kind, name in drawn.items()
        for length in lengths
    ]


def orders(found: Found) -> list[dict[str, str]]:
    """Return the table of orders, with the measured powers where there are any."""
    rows = []
    for kind, order in KINDS.items():
        row = {
            "Layer": order.name,
            "Operations": order.work,
            "One after another": order.sequential,
            "Longest path": order.path,
            "Memory": order.memory,
        }
        if found:
            row["Time: power of n"] = _power(found.get(kind), "time", order.work_exponent)
            row["Memory: power of n"] = _power(found.get(kind), "memory", order.memory_exponent)
        rows.append(row)
    return rows


def _power(answer: Mapping[str, Any] | None, what: str, expected: int) -> str:
    points = answer["points"] if answer else []
    try:
        power = slope([p["length"] for p in points], [p[MEASURES[what]] for p in points])
    except LengthsError:
        return "too few lengths"
    return f"{power:.2f} (order: {expected})"


def longest_common(found: Found) -> int | None:
    """Return the longest length that the layers of the question all reached."""
    if not set(GUESSED) <= set(found):
        return None
    reached = [{p["length"] for p in found[kind]["points"]} for kind in GUESSED]
    return max(set.intersection(*reached), default=None)


def at(found: Found, kind: str, length: int) -> Mapping[str, Any] | None:
    """Return what was measured of a layer at a length, None if it was not."""
    points = found[kind]["points"] if kind in found else []
    return next((point for point in points if point["length"] == length), None)


def outcome(found: Found, guess: str) -> tuple[bool, str] | None:
    """Compare a guess with what was measured.

    Returns:
        Whether it was right and a sentence; None if the layers of the question have no length in
        common.
    """
    length = longest_common(found)
    if length is None:
        return None
    times = {KINDS[kind].name: at(found, kind, length)["ms"] for kind in GUESSED}
    slowest = max(times, key=lambda name: times[name])
    listed = ", ".join(f"{name} {milliseconds(value)}" for name, value in times.items())
    return guess == slowest, f"At {length:,} tokens: {listed}."


def summary(found: Found, width: int) -> list[str]:
    """Say what the figures come to, point by point."""
    said = []
    if {"rnn", "attention"} <= set(found):
        said.append(_overtaken(found, width))
    if memory := _memory(found):
        said.append(memory)
    said += [f"**Left out.** {answer['stopped']}" for answer in found.values() if answer["stopped"]]
    return [sentence for sentence in said if sentence]


def _overtaken(found: Found, width: int) -> str:
    lengths = [p["length"] for p in found["attention"]["points"]]
    rnn = [at(found, "rnn", length) for length in lengths]
    if len(lengths) < 2 or None in rnn:
        return ""
    attention = [p["ms"] for p in found["attention"]["points"]]
    recurrent = [p["ms"] for p in rnn]
    place = crossing(lengths, attention, recurrent)
    counted = TEXT("lengths-counted", width=width)
    if place is not None:
        return f"{TEXT('lengths-crossing', tokens=f'{_round(place):,}')} {counted}"
    faster = "faster" if attention[-1] < recurrent[-1] else "slower"
    ends = TEXT("lengths-no-crossing", faster=faster, tokens=f"{lengths[-1]:,}")
    return f"{ends} {counted}"


def _memory(found: Found) -> str:
    if not found.get("attention", {}).get("points"):
        return ""
    last = found["attention"]["points"][-1]
    length, heads = last["length"], found["attention"]["heads"]
    fused = at(found, "fused", length)
    beside = TEXT("lengths-fused", bytes=size(fused["bytes"])) if fused else ""
    return TEXT(
        "lengths-memory",
        tokens=f"{length:,}",
        held=size(last["bytes"]),
        beside=beside,
        heads=heads,
        bytes=size(2 * heads * length**2 * 4),
    )


def _round(length: float) -> int:
    return int(round(length, -1) if length < 1000 else round(length, -2))


def milliseconds(value: float) -> str:
    """Write a time with three significant digits."""
    return f"{float(f'{value:.3g}'):,g} ms"


def size(count: float) -> str:
    """Write a number of bytes with a prefix."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{float(f'{count:.3g}'):,g} {unit}"
        count /= 1000
    raise AssertionError
