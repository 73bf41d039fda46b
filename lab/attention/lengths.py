"""What a longer sequence costs: time, memory and paths of recurrence, convolution and attention.

Orders and paths are arithmetic and are computed here; `measure` runs the layers, and only it needs
torch. Source of the argument: Vaswani et al. 2017, Attention Is All You Need, section 4, table 1.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LENGTHS = tuple(2**power for power in range(4, 13))  # 16 to 4,096 tokens
LONGEST = 65_536
BYTES = 256_000_000  # of activations; a worker on a small machine has little more
_FLOAT = 4  # bytes
_FEWEST = 3  # repeats, however slow


@dataclass(frozen=True)
class Order:
    """How a layer grows with the number of tokens n, the width d and the kernel k.

    Args:
        name: on charts.
        work: operations of a layer.
        sequential: operations that have to wait for each other.
        path: longest way between two tokens.
        memory: of a forward pass; it is not in the paper's table.
        work_exponent, memory_exponent: power of n, once n is large.
    """

    name: str
    work: str
    sequential: str
    path: str
    memory: str
    work_exponent: int
    memory_exponent: int


KINDS: dict[str, Order] = {
    "rnn": Order("RNN", "n · d²", "n", "n", "n · d", 1, 1),
    "conv": Order("Convolution", "k · n · d²", "1", "n / k", "n · d", 1, 1),
    "attention": Order("Self-attention", "n² · d", "1", "1", "n² + n · d", 2, 2),
    "fused": Order("Self-attention, fused", "n² · d", "1", "1", "n · d", 2, 1),
}


class LengthsError(ValueError):
    """These lengths or sizes cannot be measured."""


def path_length(kind: str, length: int, kernel: int = 3) -> int:
    """Return over how many steps the first token can reach the last one.

    A step is one application of the recurrence, of a convolution, or of attention. One convolution
    carries a token h = (k - 1) / 2 places to either side, so several of them are stacked. "dilated"
    ones leave gaps of (h + 1)^0, (h + 1)^1 ... places, 1, 2, 4 ... for a kernel of 3, and about
    log n of them are enough. (Gaps of k^0, k^1 ..., the log_k(n) of the paper's table, grow the
    field of a middle token faster, but not every way from the first token to the last then stays
    within the sequence.)

    Args:
        kind: "rnn", "conv", "dilated", "attention" or "fused".
        length: T, tokens, at least 1.
        kernel: k, odd, of the convolutions.

    Raises:
        LengthsError: no such kind, no token, or a kernel that is even or below 3.
    """
    _check(kind, length, kernel)
    distance, reach = length - 1, kernel // 2
    if distance == 0:
        return 0
    if kind == "rnn":
        return distance
    if kind == "conv":
        return math.ceil(distance / reach)
    if kind == "dilated":
        layers, reached = 0, 0
        while reached < distance:
            reached += reach * (reach + 1) ** layers
            layers += 1
        return layers
    return 1


def _check(kind: str, length: int, kernel: int) -> None:
    if kind not in KINDS and kind != "dilated":
        raise LengthsError(f"{kind!r} is none of {', '.join(KINDS)}.")
    if length < 1:
        raise LengthsError("A sequence has at least one token.")
    if kernel < 3 or kernel % 2 == 0:
        raise LengthsError("Choose an odd kernel of at least 3, so that a token is in its middle.")


def slope(lengths: Sequence[float], values: Sequence[float]) -> float:
    """Return the power with which values grow: the slope of log value over log length.

    Least squares over the upper half of the lengths. What a call costs however short the sequence
    is flattens the lower half.

    Args:
        lengths: ascending.
        values: positive.

    Raises:
        LengthsError: fewer than two lengths, or a value that has no logarithm.
    """
    if len(lengths) != len(values) or len(lengths) < 2:
        raise LengthsError("A slope needs at least two lengths with a value each.")
    if min(*lengths, *values) <= 0:
        raise LengthsError("A slope needs values above zero.")
    first = min(len(lengths) // 2, len(lengths) - 2)
    x, y = np.log(lengths[first:]), np.log(values[first:])
    x = x - x.mean()
    return float((x * (y - y.mean())).sum() / (x * x).sum())


def crossing(
    lengths: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> float | None:
    """Return the length at which `lower` overtakes `upper` for good, None if it does not.

    Between two lengths both curves are taken as straight on logarithmic axes.

    Args:
        lengths: ascending.
        lower, upper: positive values of two curves.
    """
    gap = np.log(lower) - np.log(upper)
    if gap[-1] <= 0:
        return None
    for place in range(len(gap) - 1, 0, -1):
        before, after = gap[place - 1], gap[place]
        if before <= 0 < after:
            share = -before / (after - before)
            start, end = np.log(lengths[place - 1]), np.log(lengths[place])
            return float(np.exp(start + share * (end - start)))
    return None


def least_bytes(kind: str, length: int, width: int, heads: int) -> int:
    """Return bytes that a pass takes at least: one (T, C), or scores and weights (nh, T, T).

    Args:
        kind: of the layer.
        length: T.
        width: C.
        heads: nh.
    """
    if kind == "attention":
        return 2 * heads * length * length * _FLOAT
    return length * width * _FLOAT


def measure(
    kind: str,
    lengths: Sequence[int] = LENGTHS,
    width: int = 64,
    heads: int = 4,
    kernel: int = 3,
    seconds: float = 5.0,
    repeats: int = 15,
    most_bytes: int = BYTES,
    seed: int = 0,
) -> dict[str, Any]:
    """Time a forward pass of one layer, without gradients, and count its memory (float32, B = 1).

    Args:
        kind: "rnn", "conv", "attention" or "fused".
        lengths: T, ascending.
        width: C.
        heads: of the attention.
        kernel: of the convolution.
        seconds: for all of it; a length that would not fit is left out, and so are longer ones.
        repeats: at most so many passes for a length, at least 3.
        most_bytes: a length that needs more is left out.
        seed: of weights and input.

    Returns:
        kind, width, heads; points with length, ms (the median), low and high (quartiles), repeats,
        bytes (the most alive at once beyond input and parameters); stopped, a sentence if lengths
        were left out.

    Raises:
        LengthsError: a kind, length or size that cannot be.
    """
    _check_sizes(kind, lengths, width, heads, kernel)
    import torch

    from lab.attention.sequence_layers import build, peak_bytes

    layer = build(kind, width, heads, kernel, seed)
    source = torch.Generator().manual_seed(seed)
    end, points, stopped = time.perf_counter() + seconds, [], ""
    for place, length in enumerate(lengths):
        left = end - time.perf_counter()
        stopped = _too_much(kind, length, width, heads, most_bytes, points, left)
        if stopped:
            break
        x = torch.randn(1, length, width, generator=source)  # (B, T, C)
        held = peak_bytes(layer, x)  # a first pass too: later ones find all in place
        with torch.no_grad():
            times = _times(lambda x=x: layer(x), repeats, left / (len(lengths) - place))
        points.append({"length": length, **_summary(times), "bytes": held})
    return {"kind": kind, "width": width, "heads": heads, "points": points, "stopped": stopped}


def _check_sizes(kind: str, lengths: Sequence[int], width: int, heads: int, kernel: int) -> None:
    _check(kind, min(lengths, default=0), kernel)
    if kind not in KINDS:
        raise LengthsError(f"{kind!r} is not measured; its path length can be computed.")
    if list(lengths) != sorted(set(lengths)) or lengths[-1] > LONGEST:
        raise LengthsError(f"Give lengths in ascending order, up to {LONGEST:,}.")
    if not 1 <= width <= 1024 or heads < 1 or width % heads:
        raise LengthsError("Choose a width up to 1,024 that the number of heads divides.")


def _too_much(
    kind: str,
    length: int,
    width: int,
    heads: int,
    most_bytes: int,
    points: Sequence[dict[str, Any]],
    left: float,
) -> str:
    """Return why a length is left out, "" if it is not."""
    needed = least_bytes(kind, length, width, heads)
    if needed > most_bytes:
        what = "its scores and weights alone" if kind == "attention" else "its output alone"
        return (
            f"{KINDS[kind].name} stops before {length:,} tokens: {what} would take "
            f"{needed / 1e6:,.0f} MB, and the bound is {most_bytes / 1e6:,.0f} MB."
        )
    if points:
        # No layer here grows faster than with the square. One pass more counts the memory, and it
        # is slower than the others.
        last = points[-1]
        guess = last["ms"] / 1e3 * (length / last["length"]) ** 2 * (_FEWEST + 2)
        if guess > left:
            return (
                f"{KINDS[kind].name} stops before {length:,} tokens: the seconds for this "
                "measurement are used up."
            )
    return ""


def _times(call: Callable[[], Any], repeats: int, share: float) -> list[float]:
    """Return milliseconds of several calls, until `repeats` of them or a share of time is over."""
    times: list[float] = []
    end = time.perf_counter() + share
    while len(times) < _FEWEST or (len(times) < repeats and time.perf_counter() < end):
        before = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - before))
    return times


def _summary(times: list[float]) -> dict[str, float]:
    low, middle, high = statistics.quantiles(times, n=4, method="inclusive")
    return {"ms": middle, "low": low, "high": high, "repeats": len(times)}
