"""What Jo et al. published, to stand beside the lab's own numbers and never among them.

Source: Jo, Koukos, Sitokonstantinou, Lee, Kontoes 2022, Towards Global Crop Maps with Transfer
Learning, NeurIPS 2022 workshop Tackling Climate Change with Machine Learning, Table 1. Mean IoU on
real Sentinel-1 data; how many seeds each number stands for is not said there.
"""

from __future__ import annotations

SOURCE = "Jo et al. 2022, Table 1"

# Tuned in, tested in.
PAIRS = (
    ("spain", "spain"),
    ("spain", "france"),
    ("france", "france"),
    ("france", "spain"),
    ("netherlands", "netherlands"),
)
FEATURES = ("VH", "VH+VV")
METHODS = ("RF", "RI", "FT", "FT_E")

# Method -> for each of `PAIRS` the mean IoU with VH and with VH and VV.
_TABLE = {
    "RF": ((0.87, 0.90), (0.63, 0.66), (0.76, 0.84), (0.77, 0.78), (0.26, 0.40)),
    "RI": ((0.86, 0.69), (0.52, 0.36), (0.76, 0.74), (0.70, 0.73), (0.31, 0.0)),
    "FT": ((0.89, 0.90), (0.57, 0.63), (0.82, 0.83), (0.82, 0.83), (0.40, 0.45)),
    "FT_E": ((0.90, 0.90), (0.63, 0.66), (0.86, 0.86), (0.79, 0.84), (0.42, 0.54)),
}


def rows() -> list[dict[str, object]]:
    """Return the table: method, tuned, tested, features, mean (of IoU)."""
    return [
        {"method": method, "tuned": tuned, "tested": tested, "features": features, "mean": value}
        for method, pairs in _TABLE.items()
        for (tuned, tested), values in zip(PAIRS, pairs, strict=True)
        for features, value in zip(FEATURES, values, strict=True)
    ]


def value(method: str, tuned: str, tested: str, features: str) -> float:
    """Return one number of the table.

    Raises:
        KeyError: the table has none there.
    """
    for row in rows():
        if (row["method"], row["tuned"], row["tested"], row["features"]) == (
            method,
            tuned,
            tested,
            features,
        ):
            return float(row["mean"])
    raise KeyError((method, tuned, tested, features))
