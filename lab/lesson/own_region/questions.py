"""Questions about the student's place, asked of the workers; files keep their own names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

from lab.lesson.kit import ask

MODULE = "lab.crops.own"


def named(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with files called as they came: digest.tif -> what was uploaded.

    Args:
        sentence: of an error.
        names: path -> name.
    """
    for path, name in names.items():
        sentence = sentence.replace(Path(path).name, name)
    return sentence


def asking(function: str, **arguments: Any) -> tuple[Hashable, ask.Send, str]:
    """Return a question of `lab.crops.own`, as `ask.several` takes it."""
    return (*ask.computing(MODULE, function, **arguments), "")


def answer(function: str, names: Mapping[str, str], **arguments: Any) -> Any:
    """Return what a function of `lab.crops.own` says, or None with the reason on the page."""
    return ask.answer(*asking(function, **arguments), said=lambda text: named(text, names))


def file_of(function: str, **arguments: Any) -> Callable[[], bytes]:
    """Return what lets a worker make a file, for a download button: outside the page."""
    key, send, _ = asking(function, **arguments)
    return ask.maker(key, send)
