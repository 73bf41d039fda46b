"""The code behind the first tab, as a notebook would have it."""

from __future__ import annotations

from lab.lesson.steps.setup import Setup


def snippet(setup: Setup, cell: tuple[str, int, int, int]) -> str:
    """Return Python that computes and prints the same numbers."""
    options = setup.options
    tables = {"x": setup.embeddings(), **{f"w_{n}": m for n, m in setup.matrices.items()}}
    if options["positions"] is not None:
        tables["positions"] = options["positions"]
    lines = "\n".join(
        f"{name} = np.array([\n"
        + "".join(f"    {[float(value) for value in row]},\n" for row in rows)
        + "])"
        for name, rows in tables.items()
    )
    more = "".join(
        f", {given}={name}"
        for given, name in (("w_o", "w_o"), ("positions", "positions"))
        if name in tables
    )
    return f"""import numpy as np

from lab.attention.arithmetic import arithmetic
from lab.attention.steps import attend

words = {list(setup.words)!r}
{lines}
steps = attend(
    x, w_q, w_k, w_v, heads={setup.heads}, scaled={setup.scaled}, causal={setup.causal}{more}
)
for name in ("q", "k", "v", "scores", "scaled", "masked", "weights", "heads", "output"):
    print(name)
    print(getattr(steps, name).round(3))
print(arithmetic(steps, {", ".join(map(repr, cell))}))  # LaTeX of the chosen cell
"""
