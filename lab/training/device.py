"""Where a run computes: the devices of this machine, their clock, and their fast precision."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import torch

from lab.training.hyperparameters import SettingsError


@cache
def available() -> list[str]:
    """Return the devices that this process can train on, "cpu" first."""
    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return devices


def resolve_device(device: str) -> str:
    """Turn "auto" into a GPU if there is one, else "cpu", and check that a named one is there.

    Raises:
        SettingsError: this machine has no such device.
    """
    if device == "auto":
        return available()[-1]
    if device not in available():
        raise SettingsError(
            f"This machine has no {device!r} device: choose {' or '.join(available())}."
        )
    return device


def resolve_precision(precision: str, device: str, fast: tuple[str, ...]) -> str:
    """Turn "auto" into "bfloat16" where matrix hardware makes it faster, else "float32".

    Args:
        precision: "auto", or what it is to be.
        device: "cpu", "cuda" or "mps".
        fast: devices on which the task was measured to be faster so.
    """
    if precision != "auto":
        return precision
    return "bfloat16" if device in fast and has_matrix_hardware(device) else "float32"


def has_matrix_hardware(device: str) -> bool:
    """Tell whether a device multiplies matrices of bfloat16 in hardware of their own."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    # Not public in torch 2.13, and the only way to ask.
    asked = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return device == "cpu" and asked is not None and bool(asked())


def clock(device: str) -> Callable[[], float]:
    """Return the clock of training: CPU seconds of this process, or on an accelerator the wall.

    CPU seconds leave out the time that other processes held the core: on a shared machine they
    are what a run really used.
    """
    return time.process_time if device == "cpu" else time.perf_counter
