"""Random numbers that depend on nothing but what they are for.

A run must go on after a pause exactly as if there had been none. Instead of carrying the state
of a generator along, every use has its own stream, found by counting: the batches of steps 0 to
255, dropout in step 17, the sample at step 64. Philox makes such streams cheap.

Source: Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

BATCHES, DROPOUT, SAMPLE, WEIGHTS = range(4)  # what a stream is for
CHUNK = 256  # steps whose batches are drawn at once: one call instead of 256


def stream(seed: int, use: int, number: int = 0) -> np.random.Generator:
    """Return the generator for one use: (run's seed, what for, which of them).

    Args:
        seed: of the run, from 0 to 2**63 - 1.
        use: BATCHES, DROPOUT, SAMPLE or WEIGHTS.
        number: chunk or step.
    """
    return np.random.Generator(np.random.Philox(key=[seed, use], counter=[0, 0, 0, number]))


def torch_seed(seed: int, use: int, number: int = 0) -> int:
    """Return a seed for torch's own generator, for the same kind of use."""
    return int(stream(seed, use, number).integers(2**63))


@contextlib.contextmanager
def own_torch_randomness(device: str | None) -> Iterator[None]:
    """Use torch's global generators inside without disturbing whoever else uses them.

    Args:
        device: "cpu", "cuda" or "mps"; None if no chance is needed, which costs nothing.
    """
    if device is None:
        yield
        return
    import torch

    cpu = torch.get_rng_state()
    module = getattr(torch, device, None) if device in ("cuda", "mps") else None
    accelerator = module.get_rng_state() if module else None
    try:
        yield
    finally:
        torch.set_rng_state(cpu)
        if module:
            module.set_rng_state(accelerator)
