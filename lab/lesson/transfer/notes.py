"""What to notice: sentences around recorded figures, so that they say what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from lab.crops.network.layers import parameters
from lab.lesson.transfer import recorded
from lab.lesson.transfer.results import Row

_HEAD = ("Zero-shot", "RI", "FT", "FT_E", "FT_D", "Forest")
_FEW = ("RI", "FT", "FT_E", "Forest")


def told(
    rows: Sequence[Row], tuned: str, tested: str, features: str, methods: Sequence[str]
) -> str:
    """Return the range over seeds of some methods in one place, such as "FT 0.71 to 0.80"."""
    place = (tuned, tested, features)
    found = {r["method"]: r for r in rows if (r["tuned"], r["tested"], r["features"]) == place}
    return ", ".join(
        f"{method} {found[method]['low']:.2f} to {found[method]['high']:.2f}"
        for method in methods
        if method in found
    )


def points() -> list[str]:
    """Return the points of the lesson."""
    rows = recorded.rows()
    share = {m: f"{(n := parameters(m))[0] / n[1]:.0%}" for m in ("FT_E", "FT_D", "last1")}
    spain = told(rows, "spain", "spain", "VH", _HEAD)
    away = told(rows, "spain", "france", "VH", _FEW)
    home = told(rows, "france", "france", "VH", _FEW)
    barley = told(rows, "netherlands", "netherlands", "VH", _FEW)
    one = told(rows, "spain", "spain", "VH", ("RI", "FT", "FT_E"))
    two = told(rows, "spain", "spain", "VH+VV", ("RI", "FT", "FT_E"))
    return [
        f"**What learns anew.** FT trains all weights, FT_E {share['FT_E']} of them (the encoder "
        f"with the bottleneck), FT_D the other {share['FT_D']}, the last layer five numbers. What "
        "is frozen is the same to the bit after training (*Network*).",
        *_with(
            spain,
            f"**Spain from Korea.** Mean IoU in fields that nothing was learned from, lowest to "
            f"highest of {recorded.seeds()} seeds, VH: {spain}.",
        ),
        *_with(
            away,
            "**Tuned in one place, tested in another.** The same networks, tuned in Spain, in "
            f"France: {away}. Tuned in France: {home}. Part of France's rice keeps a steady VH "
            "that Spain never shows; *Two regions* draws the curves.",
        ),
        *_with(
            barley,
            f"**Another crop.** Barley in the Netherlands from Korean rice: {barley}. Nothing "
            "floods, and its curve lies among those of meadow and wheat (*Barley and rice*).",
        ),
        "**Few labels.** Three seeds, VH. Spain with ten labelled tiles: RI 0.71 to 0.74, FT 0.80 "
        "to 0.87; with three: RI 0.52 to 0.80, FT 0.79 to 0.81. France with ten: RI 0.53 to 0.61, "
        "FT 0.58 to 0.60; with three: RI 0.32 to 0.52, FT 0.34 to 0.43. The head start was worth "
        "most where the crop looks like the source's.",
        *_with(
            two,
            f"**Two channels from one.** Spain with VH: {one}. With VH+VV, the first layer copied "
            f"and halved: {two}.",
        ),
        "**A test must be new.** A forest on pixels drawn from everywhere promised 0.69 to 0.76 in "
        "France, and a new scene gave 0.54 to 0.65; Netherlands: 0.46 to 0.71, then 0.26 to 0.39. "
        "By blocks of fields France promised 0.33 to 0.67, then 0.52 to 0.61: no leak, but few "
        "blocks to judge by. Three seeds; in Spain, where rice is easy, the leak was small.",
        "**Synthetic, and the lab's choices.** Real scenes have what no generator draws. Loss, "
        "optimiser, steps and the kind of recurrence are the lab's, the paper does not tell them: "
        "its table stands beside, and nothing here was tuned to it.",
    ]


def _with(figures: str, sentence: str) -> list[str]:
    return [sentence] if figures else []
