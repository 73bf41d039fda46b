"""The rules that keep the house a house (see the README, "What is where", and .importlinter)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent.parent
LAB = ROOT / "lab"
FILES = sorted(LAB.rglob("*.py"))
HEAVY = ("torch", "rasterio", "sklearn", "pystac", "xarray")
# What the web process imports, or may: all lessons, and these.
LIGHT = [
    "lab.attention.bertviz",
    "lab.attention.senses",
    "lab.attention.steps",
    "lab.attention.trace",
    "lab.bias.asked",
    "lab.bias.conventions",
    "lab.bias.cosines",
    "lab.bias.distribution",
    "lab.bias.files",
    "lab.bias.iat",
    "lab.bias.own_lists",
    "lab.bias.stimuli",
    "lab.bias.units",
    "lab.bias.weat",
    "lab.charts",
    "lab.classify.kind",
    "lab.classify.opinions",
    "lab.classify.reading",
    "lab.classify.settings",
    "lab.crops.catalogs.known",
    "lab.crops.compared",
    "lab.crops.iou",
    "lab.crops.missed",
    "lab.crops.network.data",
    "lab.crops.network.first_layer",
    "lab.crops.network.kind",
    "lab.crops.network.layers",
    "lab.crops.network.published",
    "lab.crops.network.settings",
    "lab.crops.own",
    "lab.crops.rule",
    "lab.crops.scenes.bias",
    "lab.crops.scenes.passes",
    "lab.crops.scenes.scene",
    "lab.crops.series",
    "lab.crops.shown",
    "lab.crops.stack",
    "lab.masked",
    "lab.masked.kind",
    "lab.masked.objectives",
    "lab.masked.pretext",
    "lab.masked.probes",
    "lab.masked.recorded",
    "lab.masked.slots",
    "lab.pretrained.folders",
    "lab.pretrained.hub",
    "lab.runs",
    "lab.runs.kinds",
    "lab.seq2seq",
    "lab.seq2seq.alignment",
    "lab.seq2seq.kind",
    "lab.seq2seq.reading",
    "lab.seq2seq.tasks",
    "lab.text",
    "lab.training",
    "lab.training.cost",
    "lab.training.settings",
    "lab.vision",
    "lab.vision.kind",
    "lab.vision.looking",
    "lab.vision.upload",
]

# Imports module after module, and tells what each brought along first.
_IMPORT_ALL = """
import importlib, json, sys
modules, heavy = json.load(sys.stdin)
brought, known = {}, set()
for module in modules:
    try:
        importlib.import_module(module)
    except Exception as error:
        brought[module] = [repr(error)]
    new = {name for name in heavy if name in sys.modules} - known
    if new:
        brought[module] = sorted(new)
    known |= new
print(json.dumps(brought))
"""


def brought_by(modules: list[str], heavy: tuple[str, ...] = HEAVY) -> dict[str, list[str]]:
    """Return the modules that bring something heavy along in a fresh process, with what."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL],
        cwd=ROOT,
        input=json.dumps([modules, heavy]),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def lessons() -> list[str]:
    """Return the modules of all lessons by their names."""
    files = (path.relative_to(ROOT).with_suffix("") for path in (LAB / "lesson").rglob("*.py"))
    return sorted(".".join(file.parts).removesuffix(".__init__") for file in files)


def test_arrows_run_one_way(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    # Its settings would silence the loggers of this process, the lab's own among them.
    monkeypatch.setattr("logging.config.dictConfig", lambda settings: None)
    kept = lint_imports(config_filename=".importlinter", no_cache=True, no_logo=True) == 0
    assert kept, capsys.readouterr().out


def test_the_web_process_can_import_it_with_nothing_heavy():
    assert brought_by([*LIGHT, *lessons()]) == {}


def test_who_brings_something_heavy_is_named():
    found = brought_by(["lab.text", "colorsys", "lab.nowhere"], heavy=("colorsys",))
    assert list(found) == ["colorsys", "lab.nowhere"]
    assert found["colorsys"] == ["colorsys"]
    assert "No module named 'lab.nowhere'" in found["lab.nowhere"][0]


def test_nothing_reads_a_pickle_or_a_remote_script():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for word in ("pickle.load", "torch.load(", "trust_remote_code=True", "unsafe_allow_html"):
            assert word not in text, f"{word} in {path}"
