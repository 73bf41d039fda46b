"""The weights of a trace as a file: NumPy arrays, exact, without a pickle."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.attention import own, pretrained
from lab.attention.bertviz import Part
from lab.attention.trace import Trace

_HALF_FROM = 20_000_000  # weights: more are saved in half precision


def of_run(checkpoint: bytes, data: Any, text: str, hidden: Sequence[int] = ()) -> bytes:
    """Return the attention of a run's model on a text as an NPZ file; see `lab.attention.own`."""
    return _npz(own.trace(checkpoint, data, text, hidden, pack=_kept))


def of_folder(path: str, text: str, hidden: Sequence[int] = ()) -> bytes:
    """Return the attention of a model folder as an NPZ file; see `lab.attention.pretrained`."""
    return _npz(pretrained.trace(path, text, hidden, pack=_kept))


def _kept(name, rows, columns, weights, _layer) -> Part:
    return Part(name, rows, columns, np.asarray(weights))


def _npz(trace: Trace) -> bytes:
    # For each part: weights (L, H, T, S), and the tokens of rows and columns as text arrays.
    arrays = {}
    for part in trace.blocks:
        name = part.name.replace("-", "_")
        kind = np.float16 if part.weights.size > _HALF_FROM else np.float32
        arrays[f"{name}_weights"] = part.weights.astype(kind)
        arrays[f"{name}_rows"] = np.array(part.rows, dtype=np.str_)
        arrays[f"{name}_columns"] = np.array(part.columns, dtype=np.str_)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()
