"""Anybody's notebook: the installed package, an empty folder, and no repository beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT = 300  # seconds for one piece of code, on a busy machine

# Runs one piece of code after the other, each in its folder and with names of its own: torch is
# imported once. Questions and answers are lines of JSON.
_SERVER = """
import contextlib, io, json, os, runpy, sys, traceback
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what a library writes past Python is no answer
for line in sys.stdin:
    asked, printed, fault = json.loads(line), io.StringIO(), ""
    os.chdir(asked["folder"])
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(asked["path"], run_name="__main__")
    except BaseException:
        fault = traceback.format_exc()
    print(json.dumps([printed.getvalue(), fault]), file=answers, flush=True)
"""


def build(folder: Path) -> Path:
    """Build a wheel offline and install it below a folder; return where it was installed."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    offline = ["--no-deps", "--no-index", "--quiet"]
    wheel = [*pip, "wheel", str(ROOT), "--no-build-isolation", "-w", str(folder), *offline]
    subprocess.run(wheel, check=True, cwd=folder)
    (built,) = folder.glob("glasshouse-*.whl")
    into = ["--target", str(folder / "site"), "--no-compile"]
    subprocess.run([*pip, "install", str(built), *into, *offline], check=True, cwd=folder)
    return folder / "site"


def environment(installed: Path) -> dict[str, str]:
    """Return the environment of somebody who has installed the package, and set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GLASSHOUSE_")}
    return {**kept, "PYTHONPATH": str(installed), "CUDA_VISIBLE_DEVICES": ""}


class Notebook:
    """A process that runs code with the installed package; it starts with the first code.

    Args:
        installed: where the package is installed.
        folder: for the folders of the codes, one each.
    """

    def __init__(self, installed: Path, folder: Path) -> None:
        self._installed, self._folder = installed, folder
        self._process: subprocess.Popen[str] | None = None
        self._count = 0

    def run(self, code: str, files: Mapping[str, bytes] | None = None) -> str:
        """Run code in a folder that holds some files and nothing else; return what it prints.

        Raises:
            AssertionError: it raised something, or wrote a path of this repository.
        """
        assert str(ROOT) not in code, "a path of this machine says nothing to anybody else"
        self._count += 1
        folder = self._folder / f"{self._count}"
        folder.mkdir()
        for name, contents in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(contents)
        path = self._folder / f"{self._count}.py"
        path.write_text(code, encoding="utf-8")
        printed, fault = self._ask({"folder": str(folder), "path": str(path)})
        assert not fault, f"{code}\n{fault}"
        return printed

    def _ask(self, question: Mapping[str, str]) -> tuple[str, str]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        clock = threading.Timer(LIMIT, process.kill)
        clock.start()
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        finally:
            clock.cancel()
        assert answer, f"the process ended, or took longer than {LIMIT} s"
        printed, fault = json.loads(answer)
        return printed, fault

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _SERVER],
                cwd=self._folder,
                env=environment(self._installed),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
