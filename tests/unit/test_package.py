"""The package as it is installed: no repository beside it, started and imported from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.lesson.fill.save_and_code import snippet
from lab.lesson.fill.targets import Targets
from lab.lesson.sources.folder import FolderSource
from lab.masked.settings import PROJECT
from lab.pretrained.folders import look_into

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build a wheel and install it into a folder; return the folder."""
    folder = tmp_path_factory.mktemp("package")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    offline = ["--no-deps", "--no-index", "--quiet"]
    build = [*pip, "wheel", str(ROOT), "--no-build-isolation", "-w", str(folder), *offline]
    subprocess.run(build, check=True, cwd=folder)
    (wheel,) = folder.glob("glasshouse-*.whl")
    into = ["--target", str(folder / "site"), "--no-compile"]
    subprocess.run([*pip, "install", str(wheel), *into, *offline], check=True, cwd=folder)
    return folder / "site"


def run(installed, folder, *command, **given):
    """Run in another folder, where only the installed package is found; return what was printed."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder, env=environment, capture_output=True, text=True, **given,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_starts_streamlit_on_the_shipped_entry(installed, tmp_path):
    told = run(installed, tmp_path, str(installed / "bin" / "glasshouse"), "--help")
    assert told.startswith("Usage: glasshouse")
    assert "--server.port" in told


def test_what_the_lab_reads_is_in_the_package(installed, tmp_path):
    code = """
import lab.places as p
print(p.ROOT)
assert p.MAIN.is_file() and p.ENTRY.is_file() and (p.ROOT / ".streamlit/config.toml").is_file()
assert (p.PAGES / "home.py").is_file() and (p.ASSETS / "icon.png").is_file()
import lab.lesson.components.samples, lab.lesson.components.maps, lab.lesson.components.iat
from lab.text import load
from lab.training import Settings
"""
    assert run(installed, tmp_path, "-c", code).strip() == str(installed / "lab" / "shipped")
    ours = {path.relative_to(ROOT) for path in (ROOT / "lab").rglob("*") if path.is_file()}
    theirs = {path.relative_to(installed) for path in (installed / "lab").rglob("*")}
    assert {path for path in ours if path.suffix != ".pyc"} <= theirs
    assert not [path for path in theirs if path.name.startswith("make")]


def test_a_printed_snippet_runs_anywhere(installed, tmp_path):
    source = FolderSource(look_into(PROJECT))
    template = "The {nurse, plumber} said that [MASK] was tired."
    pair = ["The nurse saw [MASK].", "The plumber saw [MASK]."]
    code = snippet(source, template, Targets(("he", "she"), False), pair)
    assert str(ROOT) not in code
    assert run(installed, tmp_path, "-", input=code).startswith("The nurse said that [MASK]")


def test_the_readmes_code_runs_anywhere(installed, tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    quick = [code for code in blocks if "train(" not in code and "path/to" not in code]
    assert len(quick) == 3  # blanks, WEAT, a crop map
    told = run(installed, tmp_path, "-", input="\n".join(quick))
    assert "0.96" in told  # the effect size that can be computed by hand
