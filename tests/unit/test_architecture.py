"""The rules that keep the house a house (see the README, "What is where")."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

LAB = Path(__file__).parent.parent.parent / "lab"
FILES = sorted(LAB.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the modules that a file names in imports, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LAB)))
def test_arrows_run_one_way(path):
    folder = path.relative_to(LAB).parts[0]
    named = imports(path)
    if folder not in ("lesson", "main.py"):
        assert not {name for name in named if name.split(".")[0] == "streamlit"}
        assert not {name for name in named if name.startswith("lab.lesson")}
    allowed = {
        "text": {"lab.text"},
        "models": {"lab.models"},
        "charts": {"lab.charts"},
        "training": {"lab.training", "lab.models", "lab.text"},
        "runs": {"lab.runs", "lab.training", "lab.text"},
        "seq2seq": {"lab.seq2seq", "lab.training", "lab.models", "lab.text"},
        "masked": {"lab.masked", "lab.pretrained", "lab.training", "lab.models", "lab.text"},
        "classify": {
            "lab.classify",
            "lab.masked",
            "lab.training",
            "lab.models",
            "lab.text",
            "lab.seq2seq",
        },
        "bias": {
            "lab.bias",
            "lab.attention",
            "lab.masked",
            "lab.pretrained",
            "lab.training",
            "lab.models",
            "lab.text",
        },
        "crops": {"lab.crops", "lab.training", "lab.models"},
        "pretrained": {"lab.pretrained"},
        "attention": {
            "lab.attention",
            "lab.pretrained",
            "lab.seq2seq",
            "lab.training",
            "lab.models",
            "lab.text",
        },
        "vision": {
            "lab.vision",
            "lab.attention",
            "lab.seq2seq",
            "lab.training",
            "lab.models",
            "lab.text",
        },
    }.get(folder)
    if allowed:
        own = {".".join(name.split(".")[:2]) for name in named if name.startswith("lab.")}
        assert own <= allowed | {"lab", "lab.places"}


@pytest.mark.parametrize(
    "module",
    [
        "lab.text",
        "lab.training",
        "lab.training.settings",
        "lab.training.cost",
        "lab.runs",
        "lab.charts",
        "lab.lesson.service",
        "lab.lesson.experiment",
        "lab.lesson.saving",
        "lab.runs.kinds",
        "lab.seq2seq",
        "lab.seq2seq.kind",
        "lab.seq2seq.tasks",
        "lab.seq2seq.reading",
        "lab.seq2seq.alignment",
        "lab.masked",
        "lab.masked.kind",
        "lab.masked.pretext",
        "lab.masked.probes",
        "lab.masked.objectives",
        "lab.masked.recorded",
        "lab.masked.slots",
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
        "lab.vision",
        "lab.attention.trace",
        "lab.attention.steps",
        "lab.attention.senses",
        "lab.attention.bertviz",
        "lab.pretrained.folders",
        "lab.pretrained.hub",
        "lab.lesson.inside.source",
        "lab.lesson.inside.others",
        "lab.vision.kind",
        "lab.vision.looking",
        "lab.vision.upload",
        "lab.classify.kind",
        "lab.classify.settings",
        "lab.classify.opinions",
        "lab.classify.reading",
        "lab.crops.scenes.bias",
        "lab.crops.catalogs.known",
        "lab.crops.compared",
        "lab.crops.network.data",
        "lab.crops.network.first_layer",
        "lab.crops.iou",
        "lab.crops.network.kind",
        "lab.crops.network.layers",
        "lab.crops.missed",
        "lab.crops.own",
        "lab.crops.scenes.passes",
        "lab.crops.network.published",
        "lab.crops.rule",
        "lab.crops.scenes.scene",
        "lab.crops.series",
        "lab.crops.network.settings",
        "lab.crops.shown",
        "lab.crops.stack",
    ],
)
def test_the_web_process_can_import_it_with_nothing_heavy(module):
    heavy = ("torch", "rasterio", "sklearn", "pystac", "xarray")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=LAB.parent, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert done.stdout.strip() == b"[]", "it brought something heavy along"


def test_nothing_reads_a_pickle_or_a_remote_script():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for word in ("pickle.load", "torch.load(", "trust_remote_code=True", "unsafe_allow_html"):
            assert word not in text, f"{word} in {path}"
