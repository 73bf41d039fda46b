"""The transfer table on synthetic regions: methods x features x pairs of regions, over seeds.

```
nice -n 19 python -m assets.recorded.make_crops_transfer
```

A seed draws the scenes, the batches and (for RI and the forest) the beginning. Every method learns
from the training part of a region's scene and is judged on the test part of both scenes, so that
"France, tuned in Spain" and "France, tuned in France" are about the same pixels. Nothing here is
chosen by the paper's Table 1: it is printed beside.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lab.crops.network.data import CropData, Place
from lab.crops.network.layers import FEATURES, METHODS
from lab.crops.network.published import PAIRS, SOURCE
from lab.crops.network.published import value as published
from lab.crops.network.settings import CropSettings

FILE = Path(__file__).parent / "crops_transfer.json"
SEEDS = (0, 1, 2)
SIZE = 384  # pixels a side: 36 tiles, 7 of them tested on
RIVALS = ("forest", "rule")
PAPERS_NAME = {"forest": "RF"}
TARGETS = {
    trained: tuple(tested for first, tested in PAIRS if first == trained) for trained, _ in PAIRS
}


def measure(method: str, features: str, trained: str, seed: int, **changes: Any) -> Iterator[dict]:
    """Yield one figure for each region that is tested on.

    Args:
        method: of `METHODS` or `RIVALS`.
        features: "VH" or "VH+VV"; the rule reads VH only.
        trained: region to learn from.
        seed: of everything.
        changes: fields of `CropSettings`, and `size` of the scenes.

    Yields:
        {"method", "features", "tuned", "tested", "seed", "iou" (pixels), "tiles" (mean over
        tiles), "seconds" (CPU, to learn)}.
    """
    size = changes.pop("size", SIZE)
    begun = time.process_time()
    if method in RIVALS:
        found, seconds = _rival(method, features, trained, seed, size, begun)
    else:
        from lab.crops.network.task import train

        data = CropData.of(trained, TARGETS[trained], seed=seed, size=size)
        settings = CropSettings.default(
            method, features=features, seed=seed, device="cpu", **changes
        )
        for event in train(data=data, settings=settings):
            found, seconds = event.metrics, event.seconds
    for tested in TARGETS[trained]:
        yield {
            "method": method,
            "features": features,
            "tuned": trained,
            "tested": tested,
            "seed": seed,
            **{name: _number(found.get(f"{name}_{tested}")) for name in ("iou", "tiles")},
            "seconds": round(seconds, 2),
        }


def _number(value: float | None) -> float | None:
    return None if value is None or value != value else value


def _rival(
    method: str, features: str, trained: str, seed: int, size: int, begun: float
) -> tuple[dict[str, float], float]:
    from lab.crops.network.predict import of_stack
    from lab.crops.network.task import judge, tested_on

    if method == "forest":
        from lab.crops.network.predict import forest_of

        forest_of(trained, seed, size, features)
    seconds, found = time.process_time() - begun, {}
    for tested in TARGETS[trained]:
        place = Place(tested, seed, size)
        said = of_stack(method, place.stack(), seed, size, trained, features)
        found |= judge(tested, tested_on(place), said)
    return found, seconds


def gathered(figures: Iterable[dict]) -> list[dict[str, Any]]:
    """Return one row for each method, features and pair, with lists over the seeds."""
    rows: dict[tuple, dict[str, Any]] = {}
    for figure in figures:
        key = tuple(figure[name] for name in ("method", "features", "tuned", "tested"))
        names = ("method", "features", "tuned", "tested")
        row = rows.setdefault(key, {**dict(zip(names, key, strict=True)), "seeds": []})
        row["seeds"].append(figure["seed"])
        for name in ("iou", "tiles", "seconds"):
            value = figure[name]
            row.setdefault(name, []).append(None if value is None else round(value, 4))
    return list(rows.values())


def printed(rows: list[dict[str, Any]]) -> str:
    """Return the table as text: mean over seeds, lowest and highest, the paper's in brackets."""
    pairs = [f"{trained[:2]}>{tested[:2]}" for trained, tested in PAIRS]
    lines = [f"{'':8} {'':6} " + " ".join(f"{pair:>21}" for pair in pairs)]
    found = {(r["method"], r["features"], r["tuned"], r["tested"]): r for r in rows}
    for method, features in dict.fromkeys((r["method"], r["features"]) for r in rows):
        cells = [
            _cell(found.get((method, features, *pair)), method, features, *pair) for pair in PAIRS
        ]
        lines.append(f"{method:8} {features:6} " + " ".join(f"{cell:>21}" for cell in cells))
    lines += [
        "",
        "Mean over tiles of the crop's IoU in the test part of synthetic scenes, mean over seeds",
        f"(lowest-highest); in brackets the mean IoU of {SOURCE}, on real images.",
    ]
    return "\n".join(lines)


def _cell(row: dict[str, Any] | None, method: str, features: str, *pair: str) -> str:
    values = [value for value in row["tiles"] if value is not None] if row else []
    if not values:
        return "-"
    text = f"{sum(values) / len(values):.2f} ({min(values):.2f}-{max(values):.2f})"
    try:
        return f"{text} [{published(PAPERS_NAME.get(method, method), *pair, features):.2f}]"
    except KeyError:
        return f"{text}       "


def jobs(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str, int]]:
    """Yield method, features, region to learn from and seed of all that is to be measured."""
    for seed in seeds:
        for trained in TARGETS:
            for features in FEATURES:
                for method in (*METHODS, *RIVALS):
                    if method != "rule" or features == "VH":
                        yield method, features, trained, seed


def main() -> None:
    """Read the command line, measure, write and print."""
    parser = argparse.ArgumentParser(
        prog="python -m assets.recorded.make_crops_transfer", description=__doc__
    )
    parser.add_argument("--to", type=Path, default=FILE, help="file to write")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--methods", nargs="+", default=(*METHODS, *RIVALS))
    options = parser.parse_args()
    os.environ["OMP_WAIT_POLICY"], os.environ["OMP_NUM_THREADS"] = "PASSIVE", "1"
    import torch

    torch.set_num_threads(1)
    figures: list[dict] = []
    for job in jobs(options.seeds):
        if job[0] in options.methods:
            new = list(measure(*job))
            figures += new
            print(*job, *(f"{f['tested']} {f['tiles']}" for f in new), flush=True)
            options.to.parent.mkdir(parents=True, exist_ok=True)
            options.to.write_text(_file(figures), encoding="utf-8")
    print(printed(gathered(figures)))


def _file(figures: list[dict]) -> str:
    about = {
        "what": "IoU of the crop in the test part of synthetic scenes (make_crops_transfer.py)",
        "synthetic": True,
        "size": SIZE,
        "settings": {
            method: {
                name: getattr(CropSettings.default(method), name)
                for name in ("steps", "batch", "patch", "learning_rate", "dropout", "start")
            }
            for method in METHODS
        },
    }
    rows = ",\n".join(json.dumps(row, allow_nan=False) for row in gathered(figures))
    return json.dumps(about, indent=1)[:-2] + f',\n "rows": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    main()
