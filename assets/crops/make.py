"""Make the weights that ship: the small network pre-trained on Korea, then fine-tuned to Spain.

```
nice -n 19 python -m assets.crops.make
```

Both are trained on synthetic scenes of seeds that no lesson uses (`FIRST_SEED` and up; pages stay
below), by the one training loop. Composites of the scenes have one to six acquisitions in turn, so
that the network does not take one number of them for the season's shape.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from lab.crops.network.data import CropData, Place
from lab.crops.network.settings import WEIGHTS, CropSettings
from lab.crops.scenes.regions import MOST_ACQUISITIONS, REGIONS

FIRST_SEED = 1000  # of scenes; lessons and the transfer table stay below
SCENES = {"korea": 24, "spain": 6}
SIZE = 256
PRETRAINING = {"steps": 1_500, "batch": 8, "learning_rate": 4e-3, "warmup": 50, "dropout": 0.1}
FINE_TUNING = {"steps": 300, "batch": 8, "learning_rate": 5e-3}


def data(key: str, seed: int = FIRST_SEED) -> CropData:
    """Return the scenes of a region to learn from; the first is tested on.

    Args:
        key: "korea", with 1 to 6 acquisitions in turn, or "spain", with its own number.
        seed: of the first scene.
    """
    vary = key == "korea"
    places = tuple(
        Place(key, seed + number, SIZE, 1 + number % MOST_ACQUISITIONS if vary else None)
        for number in range(SCENES[key])
    )
    return CropData(places, (Place(key, seed, SIZE),))


def make(method: str, places: CropData, folder: Path, name: str, **settings: Any) -> dict:
    """Train, write weights and JSON, and return what the card says.

    Args:
        method: a key of `lab.crops.network.layers.METHODS`.
        places: scenes to learn from.
        folder: where to.
        name: of the files.
        settings: fields of `CropSettings`.
    """
    from lab.crops.network.net import save
    from lab.crops.network.questions import load
    from lab.crops.network.task import CropTask
    from lab.training.loop import fit

    chosen = CropSettings.default(method, device="cpu", **settings)
    for event in fit(CropTask(chosen, places)):
        if event.validation_loss is not None and event.step % 64 == 0:
            found = event.metrics.get("iou", float("nan"))
            print(
                f"{name} {event.step:5} loss {event.validation_loss:.3f} IoU {found:.3f}",
                flush=True,
            )
    about = {
        "region": name,
        "synthetic": True,
        "method": method,
        "features": chosen.features,
        "steps": event.step,
        "cpu_seconds": round(event.seconds, 1),
        "validation_loss": round(event.validation_loss, 4),
        "validation_iou": round(event.metrics["iou"], 4),
        "scene_seeds": [place.seed for place in places.train],
        "settings": chosen.to_dict(),
    }
    save(load(event.checkpoint()), name, about, folder)
    return about


def others(folder: Path, name: str, seed: int) -> dict[str, float]:
    """Return the IoU of weights on a whole new scene of each region, at threshold 0.5."""
    from lab.crops.iou import iou
    from lab.crops.network.net import load, probabilities
    from lab.crops.network.task import THRESHOLD

    model, found = load(name, folder), {}
    for key in REGIONS:
        stack = Place(key, seed, SIZE).stack()
        found[key] = iou(stack.truth, probabilities(model, stack) >= THRESHOLD)
    return found


_CARD = """# The lab's own crop networks

Small recurrent U-Nets (`lab/models/recurrent_unet.py`; widths {widths}, {parameters:,} numbers,
VH only), trained by `assets/crops/make.py` on one processor core so that the lessons
on crop maps work within seconds. **All their data are synthetic**: scenes of the project's own
generator (`lab/crops/scenes/scene.py`); no satellite image and no other data went into them.

| | `korea` | `spain` |
|---|---|---|
{rows}

"IoU, validation part" is of whole fields that were not learned from, in the scenes that were.
The whole new scenes have seed {new} and each region's own number of acquisitions; the
Dutch crop is barley, which neither network has ever been shown.

Weights are in half precision, the JSON beside them says their shape and settings.

## What they are not good for

Anything but teaching. They know a generator, not the ground: its fields are drawn from a table of
mean backscatter by month, with an honest share of noise. A real scene has weather, slopes, ditches
and crops that no table has. Pixels of one synthetic region say nothing about that country.

## Make them again

```
python -m assets.crops.make
```

The same seeds give the same weights on machines of one kind.
"""


def card(found: dict[str, dict], ious: dict[str, dict[str, float]], parameters: int) -> str:
    """Return the card as Markdown: what the weights are, and all figures."""
    both = [found["korea"], found["spain"]]
    lines = {
        "trained": [
            a["method"] + (" (random start)", " from `korea`")[n] for n, a in enumerate(both)
        ],
        "scenes": [
            f"{len(a['scene_seeds'])} of {SIZE} x {SIZE} pixels, seeds {a['scene_seeds'][0]} to "
            f"{a['scene_seeds'][-1]}"
            for a in both
        ],
        "acquisitions to a composite": ["1 to 6 in turn", str(REGIONS["spain"].acquisitions)],
        "steps of 8 crops of 64 x 64 pixels": [f"{a['steps']:,}" for a in both],
        "CPU seconds": [f"{a['cpu_seconds']:.0f}" for a in both],
        "learning rate": [f"{a['settings']['learning_rate']:g}, falling" for a in both],
        "dropout": [f"{a['settings']['dropout']:g}" for a in both],
        "IoU, validation part": [f"{a['validation_iou']:.3f}" for a in both],
        **{
            f"IoU, a new scene of {REGIONS[key].name}": [
                f"{ious[name][key]:.3f}" for name in ("korea", "spain")
            ]
            for key in REGIONS
        },
    }
    rows = "\n".join(f"| {name} | {a} | {b} |" for name, (a, b) in lines.items())
    widths = ", ".join(map(str, _widths()))
    return _CARD.format(widths=widths, parameters=parameters, rows=rows, new=FIRST_SEED - 1)


def _widths() -> tuple[int, ...]:
    from lab.crops.network.layers import widths

    return widths(CropSettings.width)


def main() -> None:
    """Read the command line, train both, write the card."""
    parser = argparse.ArgumentParser(prog="python -m assets.crops.make", description=__doc__)
    parser.add_argument("--only", choices=("spain", "card"), help="leave what is made already")
    options = parser.parse_args()
    # Before torch is imported: threads that wait in a busy loop cost others their core.
    os.environ["OMP_WAIT_POLICY"], os.environ["OMP_NUM_THREADS"] = "PASSIVE", "1"
    import json

    import torch

    torch.set_num_threads(1)
    if options.only is None:
        make("RI", data("korea"), WEIGHTS, "korea", **PRETRAINING)
    if options.only != "card":
        make("FT_E", data("spain"), WEIGHTS, "spain", **FINE_TUNING)
    names = ("korea", "spain")
    found = {name: json.loads((WEIGHTS / f"{name}.json").read_text()) for name in names}
    ious = {name: others(WEIGHTS, name, FIRST_SEED - 1) for name in names}
    text = card(found, ious, CropSettings.default("FT").parameters())
    (WEIGHTS / "CARD.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
