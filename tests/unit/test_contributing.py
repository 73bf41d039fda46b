"""The recipe of CONTRIBUTING.md, followed literally: its files make a lesson that opens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_FILE = re.compile(r"^\d\. `([^`]+)`.*?\n\n   ```\w+\n(.*?)\n   ```", re.MULTILINE | re.DOTALL)
FILES = {
    name: textwrap.dedent(f"{body}\n")
    for name, body in _FILE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
}
_OPEN = """
import sys
from streamlit.testing.v1 import AppTest

app = AppTest.from_file("lab/main.py", default_timeout=120)
app.session_state["_session"] = "a newcomer"
app.run()
assert not app.exception, app.exception
app = AppTest.from_file("pages/how_wide.py", default_timeout=120).run()
assert not app.exception, app.exception
assert app.title[0].value == "How wide?"
app.button_group(key="budget").set_value("steps").run()
app.number_input(key="scenes").set_value(300)
app.number_input(key="steps").set_value(10)
app.button_group(key="guess_pills").set_value("I would rather not guess").run()
next(button for button in app.button if button.label == "Train").click().run()
assert not app.exception, app.exception
assert not app.error, app.error
runs = list(__import__("lab.lesson.service").lesson.service.run_queue().records.runs.values())
assert len(runs) == 2, runs
__import__("lab.lesson.service").lesson.service.run_queue().close()
from lab.lesson.kit.collect import lessons
assert "how_wide" in [lesson.name for lesson in lessons()]
print("opened")
"""


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of the lab with the recipe's files in it."""
    for folder in ("lab", "pages", ".streamlit"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.pyc"))
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    for name, body in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return tmp_path


def test_the_recipe_names_its_files():
    assert sorted(FILES) == [
        "lab/lesson/how_wide/__init__.py",
        "lab/lesson/how_wide/lesson.py",
        "lab/lesson/how_wide/text.md",
        "pages/how_wide.py",
    ]


def test_the_recipe_makes_a_lesson_that_opens_and_trains(checkout):
    environ = {**os.environ, "GLASSHOUSE_DATA": str(checkout / "data"), "GLASSHOUSE_WORKERS": "1"}
    environ["PYTHONPATH"] = str(checkout)
    done = subprocess.run(
        [sys.executable, "-c", _OPEN], cwd=checkout, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("opened")


def test_the_recipe_is_clean(checkout):
    files = [str(checkout / name) for name in FILES if name.endswith(".py")]
    config = str(ROOT / "pyproject.toml")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", config, *files],
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
