"""The package as it is installed: no repository beside it, started and imported from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys

from lab.lesson.fill.save_and_code import snippet
from lab.lesson.fill.targets import Targets
from lab.lesson.sources.folder import FolderSource
from lab.masked.settings import PROJECT
from lab.pretrained.folders import look_into
from tests.notebook import ROOT, environment


def run(installed, folder, *command, **given):
    """Run in another folder, where only the installed package is found; return what was printed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder, env=environment(installed), capture_output=True, text=True, **given,
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


def test_a_printed_snippet_runs_anywhere(notebook):
    source = FolderSource(look_into(PROJECT))
    template = "The {nurse, plumber} said that [MASK] was tired."
    pair = ["The nurse saw [MASK].", "The plumber saw [MASK]."]
    code = snippet(source, template, Targets(("he", "she"), False), pair)
    assert notebook.run(code).startswith("The nurse said that [MASK]")


def test_the_readmes_code_runs_anywhere(notebook):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    quick = [code for code in blocks if "train(" not in code and "path/to" not in code]
    assert len(quick) == 3  # blanks, WEAT, a crop map
    told = notebook.run("\n".join(quick))
    assert "0.96" in told  # the effect size that can be computed by hand
