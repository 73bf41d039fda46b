"""The scripts beside the assets that they make: each starts, and the cards name them."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

ASSETS = Path(__file__).parents[2] / "assets"
MAKERS = sorted(
    ".".join(("assets", *path.relative_to(ASSETS).with_suffix("").parts))
    for path in ASSETS.rglob("make*.py")
)


@pytest.mark.parametrize("maker", MAKERS)
def test_a_script_starts_and_names_its_own_command(maker, monkeypatch, capsys):
    monkeypatch.chdir(ASSETS.parent)
    monkeypatch.setattr(sys, "argv", [maker, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(f"{maker.replace('.', '/')}.py", run_name="__main__")
    assert ended.value.code == 0
    assert f"usage: python -m {maker}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("card", ["masked/README.md", "vectors/README.md", "crops/CARD.md"])
def test_a_card_names_a_command_that_exists(card):
    commands = [
        word
        for line in (ASSETS / card).read_text(encoding="utf-8").splitlines()
        if line.startswith("python -m ")
        for word in line.split()[2:3]
    ]
    assert commands
    assert set(commands) <= set(MAKERS)
