"""Texts beside a lesson, and the rule that each of them is used and each figure has its source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lab.lesson.kit.text import Text, parse, plain

LESSONS = Path(__file__).parent.parent.parent.parent / "lab" / "lesson"
FILES = sorted(LESSONS.glob("*/text.md"))
# Read by the frame, whoever declares them.
FRAME = {"", "question", "does", "set-up", "missing", "notice"}
# A measured figure: a share, a decimal, a range, or a number with its unit.
_FIGURE = re.compile(r"\d\s?%|\d\.\d|\.\d\d|\d to \d|\d (nats|points|dB|seconds|steps)\b")


def test_headings_name_texts_and_comments_are_never_shown():
    texts = parse("# T\n\n## one\nA {gap}. <!-- source: x -->\n\n## two\n- **a.** b\n  c\n- d\n")
    assert texts == {"": "T", "one": "A {gap}.", "two": "- **a.** b\n  c\n- d"}


@pytest.mark.parametrize("text", ["before\n# T\n", "# T\n## a\nx\n## a\ny\n"])
def test_what_is_no_text_file_is_refused(text):
    with pytest.raises(ValueError, match="text"):
        parse(text)


def test_gaps_points_and_titles(tmp_path):
    (tmp_path / "text.md").write_text(
        "# T\n## a\n{n} of {m} in {these, two}\n## b\n- x\n  y\n- z\n"
    )
    text = Text(tmp_path)
    assert text.title == "T"
    assert text("a", n=1, m="<b>") == "1 of <b> in {these, two}"
    assert text.points("b") == ["x y", "z"]
    with pytest.raises(KeyError):
        text("a", n=1)
    with pytest.raises(KeyError):
        text("c")


def test_a_reader_gets_their_language_as_far_as_it_goes(tmp_path, monkeypatch):
    (tmp_path / "text.md").write_text("# T\n## a\none\n## b\ntwo\n")
    (tmp_path / "text.de.md").write_text("# D\n## a\neins\n")
    text = Text(tmp_path)
    monkeypatch.setattr("lab.lesson.kit.text._language", lambda: "de")
    assert (text.title, text("a"), text("b")) == ("D", "eins", "two")
    monkeypatch.setattr("lab.lesson.kit.text._language", lambda: "fr")
    assert (text.title, text("a")) == ("T", "one")


def test_what_was_typed_stays_text():
    assert plain("*a* [b](c) $d$") == r"\*a\* \[b\]\(c\) \$d\$"


def used(folder: Path) -> set[str]:
    """Return the keys that a folder's code asks for: literals given to a text, and f-strings."""
    found: set[str] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9-]+"
                    for part in node.values
                ]
                found.add("".join(parts))
    return found


def asked(folder: Path) -> set[str]:
    """Return the literal keys in calls of TEXT or KIT, TEXT.points and TEXT.has."""
    found: set[str] = set()
    name = "KIT" if folder.name == "kit" else "TEXT"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            first = node.args[0]
            if getattr(function, "id", "") == name and isinstance(first, ast.Constant):
                found.add(first.value)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_text_that_is_asked_for_exists_and_none_is_unused(path):
    texts, names = parse(path.read_text(encoding="utf-8")), used(path.parent)
    assert asked(path.parent) <= set(texts)
    unused = {
        key
        for key in set(texts) - FRAME
        if not any(re.fullmatch(name, key) for name in names if _plausible(name, key))
    }
    assert not unused, f"nobody reads {sorted(unused)}"
    if path.parent.name not in ("kit", "sources"):
        assert "question" in texts


def _plausible(name: str, key: str) -> bool:
    return name == key or "[a-z0-9-]+" in name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_figures_that_are_quoted_have_a_source(path):
    notices = re.findall(
        r"^## (notice\S*)\n(.*?)(?=^## |\Z)", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for key, body in notices:
        for point in re.split(r"^- +", body, flags=re.MULTILINE):
            quoted = re.sub(r"<!--.*?-->|\b100 %", "", point, flags=re.DOTALL)
            if _FIGURE.search(quoted):
                assert "<!-- source:" in point, f"{path.parent.name}, {key}: {quoted[:80]}"
