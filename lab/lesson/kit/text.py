"""A lesson's sentences, in a text file beside it that nobody has to program to edit.

    # Title of the lesson
    ## question
    One sentence.
    ## notice
    - **A point.** With a figure: 88 to 89 %. <!-- source: script, settings, seeds, date -->
    ## too-long
    These are {count} sentences; at most {most} can be read.

A heading names a text, `{count}` is filled in by the lesson, and a comment is never shown. Where
`text.de.md` stands beside `text.md`, a reader in German gets its texts, and the English ones for
what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_HEADING = re.compile(r"^(#{1,2}) +(.+?) *$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]*<!--.*?-->", re.DOTALL)
_GAP = re.compile(r"\{([a-z_]+)\}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Text:
    """The texts of one lesson.

    Args:
        folder: where `text.md` lies.
    """

    folder: Path

    @classmethod
    def beside(cls, file: str) -> Text:
        """Return the texts that lie beside a Python file, given as its `__file__`."""
        return cls(Path(file).parent)

    @property
    def title(self) -> str:
        """The title of the lesson: the first heading."""
        return self._find("")

    def __call__(self, key: str, /, **figures: Any) -> str:
        """Return a text with its gaps filled; what a student typed goes through `plain` first.

        Raises:
            KeyError: there is no such text, or a gap has no figure.
        """
        return _GAP.sub(lambda gap: str(figures[gap[1]]), self._find(key))

    def points(self, key: str, /, **figures: Any) -> list[str]:
        """Return the points of a list, without their dashes."""
        parts = re.split(r"^- +", self(key, **figures), flags=re.MULTILINE)
        return [" ".join(part.split()) for part in parts if part.strip()]

    def has(self, key: str) -> bool:
        """Return whether there is such a text."""
        return key in read(self.folder / "text.md")

    def _find(self, key: str) -> str:
        language = _language()
        if language != "en" and _LANGUAGE.fullmatch(language):
            translated = self.folder / f"text.{language}.md"
            if translated.exists() and key in (found := read(translated)):
                return found[key]
        return read(self.folder / "text.md")[key]


def _language() -> str:
    # Outside a page, as at import, there is no reader to ask.
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    return (st.context.locale or "en")[:2].lower()


@cache
def read(path: Path) -> Mapping[str, str]:
    """Return the texts of a file by their headings; the title stands under "".

    Raises:
        ValueError: two texts have one name, or something stands before the title.
    """
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, str]:
    """Part a text file into its texts; errors as for `read`."""
    first, *parts = _HEADING.split(_COMMENT.sub("", text))
    if first.strip():
        raise ValueError("A text file begins with a heading.")
    texts: dict[str, str] = {}
    for mark, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        key, value = ("", name) if mark == "#" else (name, body.strip())
        if key in texts:
            raise ValueError(f"Two texts are called {key or 'the title'!r}.")
        texts[key] = value
    return texts


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is: what was typed stays text."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+-.!|~$:&" else char for char in text)
