"""Whole scenes of crop maps: pixels a second against the bare network, memory, reads, fine-tuning.

The scene is a synthetic one of 512 x 512 pixels laid side by side into a file of 8 bands (int16 in
steps of 0.01 dB, deflate, tiles of 512), by default 4,096 x 4,096 pixels. A whole Sentinel-2 tile:

    GLASSHOUSE_SCENE=10980 python -m tests.benchmarks crops

Everything runs on one thread. The bare network gets tiles that lie in memory, scaled: no file, no
margin, no map. Its tiles are as large as those of the job, and it is timed between slices of the
job, so that other work on the machine slows both alike; seconds are of the processor too.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.tools import report

SIZE = int(os.environ.get("GLASSHOUSE_SCENE", "4096"))
BANDS = int(os.environ.get("GLASSHOUSE_SCENE_BANDS", "8"))
EVERY = 8  # slices between two looks at the bare network
MEMORY = 1.5  # GB
SHARE = 0.8
STEPS = 80


def make(path: Path, size: int, bands: int) -> None:
    """Write a synthetic scene of any size, a row of blocks at a time."""
    import rasterio
    from rasterio.windows import Window

    from lab.crops.scenes.scene import scene

    values = scene("korea", seed=0, size=512).values.reshape(-1, 512, 512)[:bands]
    steps = np.round(values * 100).astype(np.int16)
    profile = {
        "driver": "GTiff",
        "width": size,
        "height": size,
        "count": bands,
        "dtype": "int16",
        "nodata": -32768,
        "crs": "EPSG:32652",
        "transform": rasterio.Affine(10, 0, 300_000, 0, -10, 4_000_000),
        "tiled": True,
        "blockxsize": 512,
        "blockysize": 512,
        "compress": "deflate",
        "predictor": 2,
        "zlevel": 1,
        "bigtiff": "if_safer",
    }
    with rasterio.Env(GDAL_CACHEMAX=128_000_000), rasterio.open(path, "w", **profile) as file:
        file.scales = [0.01] * bands
        file.update_tags(quantity="sigma0", unit="dB", synthetic="yes")
        for band in range(bands):
            file.update_tags(band + 1, band="VH" if band < 8 else "VV")
        for top in range(0, size, 512):
            rows = np.tile(steps[:, : min(512, size - top)], (1, 1, -(-size // 512)))[..., :size]
            file.write(rows, window=Window(0, top, size, rows.shape[1]))


def network(bands: int) -> Any:
    """Return the small network with random weights: they cost what trained ones do."""
    import torch

    from lab.models.recurrent_unet import RecurrentUNet

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return RecurrentUNet(bands // 8).eval()


def random_weights(bands: int) -> None:
    """Let jobs of this process use random weights."""
    from lab.crops.network import net

    net.load = lambda name: network(bands)


def timed(function: Callable[[], Any]) -> tuple[float, float]:
    """Return seconds on the clock and of the processor."""
    clock, spent = time.perf_counter(), time.process_time()
    function()
    return time.perf_counter() - clock, time.process_time() - spent


def against_the_bare_network(path: Path, folder: Path, bands: int, answers: Any) -> None:
    """Predict the scene into a finished map, and a tile in memory now and then.

    Sends seconds per pixel of the job, of the network and of its lean form, which the job uses (on
    the clock, of the processor), memory before and at its peak
    (the bare network's share, which is the larger one's, included), seconds and MB of the map.
    """
    import torch

    from lab.crops.network.lean import Lean
    from lab.crops.rasters import whole

    bare, ours = network(bands), np.zeros(2)
    random_weights(bands)
    before = peak()
    x = torch.randn(1, 8, bands // 8, whole.TILE, whole.TILE)
    job = whole.begin([str(path)], folder, {"name": "random"})
    alone, looks = np.zeros(2), 0

    thrifty, lean = Lean(bare), np.zeros(2)

    def look(model: Any) -> None:
        with torch.no_grad():
            torch.sigmoid(model(x)).numpy()

    look(bare)
    while job["state"] == "running":
        if job["next"] // EVERY >= looks:
            alone, looks = alone + timed(lambda: look(bare)), looks + 1
            lean += timed(lambda: look(thrifty))

        def slice_() -> None:
            nonlocal job
            job = whole.advance(job, 0)

        ours += timed(slice_)
    clock, _ = timed(lambda: whole.finish(job))
    size = next(folder.glob("*.tif")).stat().st_size
    tiles = looks * whole.TILE**2
    speeds = ours / job["pixels"], alone / tiles, lean / tiles
    answers.put((*speeds, before, peak(), clock, size / 1e6))


def peak() -> float:
    """Return the largest resident memory of this process so far in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def reads(path: Path, answers: Any) -> None:
    """Read the scene by aligned windows, bare and as dB; send MB of the file's values a second."""
    import rasterio
    from rasterio.windows import Window

    from lab.crops.rasters import whole
    from lab.crops.rasters.refusals import guarded
    from lab.crops.rasters.source import Source

    side, seconds, values = whole.TILE, np.zeros((2, 2)), 0
    with (
        guarded(192),
        rasterio.open(path) as file,
        Source([path], cache=192) as source,
    ):
        for top in range(0, min(file.height, 4096), side):
            for left in range(0, file.width, side):
                h, w = min(side, file.height - top), min(side, file.width - left)
                window = Window(left, top, w, h)
                seconds[0] += timed(lambda window=window: file.read(window=window))
                seconds[1] += timed(lambda at=(top, left, h, w): source.read(*at))
                values += h * w * file.count
    answers.put(values * 2 / 1e6 / seconds)


def in_a_process(function: Callable[..., None], *arguments: Any) -> Any:
    """Return what a function sends from a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=function, args=(*arguments, answers))
    process.start()
    while True:
        with suppress(Exception):
            return answers.get(timeout=1)
        if not process.is_alive():
            raise RuntimeError(f"{function.__name__} ended without an answer")


def seams(folder: Path, answers: Any) -> None:
    """Predict a scene of 512 x 512 by tiles of 208 and at once with the weights that ship.

    Sends the largest difference in probability, and the share of pixels that differ by over 0.01.
    """
    import rasterio
    import torch

    from lab.crops.network import net
    from lab.crops.rasters import geotiff, whole
    from lab.crops.scenes.scene import scene

    torch.set_num_threads(1)
    stack = scene("korea", seed=1, size=512).take(("VH",))
    path = geotiff.write(stack, folder / "korea.tif")
    asked = {"tile": 208, "dtype": "float32"}  # smaller tiles than a job's: more seams
    job = whole.begin([str(path)], folder / "seams", {"name": "korea"}, **asked)
    while job["state"] == "running":
        job = whole.advance(job, 1)
    with rasterio.open(whole.finish(job)) as file:
        found = file.read(1)
    off = np.abs(found - net.probabilities(net.load("korea"), stack, tile=1024))
    answers.put((float(off.max()), float((off > 0.01).mean())))


def fine_tuning(answers: Any) -> None:
    """Fine-tune the encoder on a small Spanish scene; send the seconds, and of the processor."""
    import torch

    from lab.crops.network.data import CropData
    from lab.crops.network.settings import CropSettings
    from lab.crops.network.task import train

    torch.set_num_threads(1)
    data = CropData.of("spain", ("spain",), seed=0, size=256)
    settings = CropSettings.default("FT_E", device="cpu", steps=STEPS)
    answers.put(timed(lambda: list(train(data=data, settings=settings))))


def scene_against_network(path: Path, folder: Path) -> None:
    """Print pixels a second of both, memory, and the map."""
    ours, bare, lean, before, most, clock, size = in_a_process(
        against_the_bare_network, path, folder, BANDS
    )
    for i, what in enumerate(("clock", "processor")):
        report(f"bare network, tiles in memory, pixels per s ({what})", f"{1 / bare[i]:,.0f}")
        report(f"whole scene, file to file, pixels per s ({what})", f"{1 / ours[i]:,.0f}")
        report(f"share of it ({what})", f"{bare[i] / ours[i]:.2f}", f"goal: {SHARE}")
        report(f"share of the lean network, tiles in memory ({what})", f"{lean[i] / ours[i]:.2f}")
    report("memory of Python and torch before", f"{before:.2f} GB")
    report("memory at its peak", f"{most:.2f} GB", f"goal: at most {MEMORY} GB")
    report("finishing the map", f"{clock:.1f} s, {size:.1f} MB")


def main() -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "scene.tif"
        clock, _ = timed(lambda: make(path, SIZE, BANDS))
        size = path.stat().st_size / 1e6
        report(f"synthetic scene of {SIZE} x {SIZE} x {BANDS}", f"{size:,.0f} MB, {clock:.0f} s")
        scene_against_network(path, folder / "map")
        (bare, bare_cpu), (own, own_cpu) = in_a_process(reads, path)
        report("windows of whole blocks, rasterio alone, MB/s", f"{bare:.0f} ({bare_cpu:.0f} CPU)")
        report("the same as dB with missing pixels, MB/s", f"{own:.0f} ({own_cpu:.0f} CPU)")
        most, share = in_a_process(seams, folder)
        report("tiles against the whole, largest difference", f"{most:.4f}", "goal: 0.01")
        report("pixels that differ by over 0.01", f"{share:.5%}")
    clock, spent = in_a_process(fine_tuning)
    report(f"fine-tuning the encoder, {STEPS} steps", f"{clock:.1f} s ({spent:.1f} s CPU)")
