"""The README's table of lessons, made from what the lessons declare: `make readme` writes it."""

from __future__ import annotations

import re
from pathlib import Path

from lab.lesson.kit.collect import lessons

README = Path("README.md")
_TABLE = re.compile(r"^\| lesson \|.*?(?=^\s*$)", re.MULTILINE | re.DOTALL)


def table() -> str:
    """Return the table: a row for each lesson, in the order of the course."""
    rows = [f"| {lesson.title} | {lesson.text('does')} |" for lesson in lessons()]
    return "\n".join(["| lesson | what a student does |", "| --- | --- |", *rows]) + "\n"


def renewed(readme: str) -> str:
    """Return a README with the table as the lessons declare it."""
    return _TABLE.sub(lambda _: table(), readme, count=1)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
