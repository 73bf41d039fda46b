"""The README's table of lessons is what the lessons declare."""

from pathlib import Path

from lab.lesson.kit.collect import lessons
from lab.lesson.kit.readme import renewed, table

README = Path(__file__).parent.parent.parent.parent / "README.md"


def test_the_table_is_made_from_the_declarations():
    readme = README.read_text(encoding="utf-8")
    assert renewed(readme) == readme, "make readme"
    assert table().count("\n") == len(lessons()) + 2
