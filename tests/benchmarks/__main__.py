"""Run benchmarks by name, or all of them: `python -m tests.benchmarks startup sharing`."""

from __future__ import annotations

import os
import sys
from importlib import import_module

# Before anything imports torch.
os.environ.update(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE", MKL_NUM_THREADS="1")

NAMES = (
    "startup",
    "latency",
    "throughput",
    "sharing",
    "nanogpt",
    "translation",
    "attention",
    "filling",
    "weat",
    "crops",
)


def main(chosen: list[str]) -> None:
    """Run the chosen benchmarks one after the other."""
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}.")
    for name in chosen or NAMES:
        print(f"\n== {name}", flush=True)
        import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
