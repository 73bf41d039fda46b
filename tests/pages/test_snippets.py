"""The Python that the pages print runs in anybody's notebook, and says what the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from lab.lesson.kit import collect
from lab.lesson.kit.lesson import Lesson, TrainingLesson
from lab.lesson.kit.question import SKIP
from tests.pages.conftest import wait_for_runs
from tests.pages.test_attention import latex
from tests.pages.test_language_model import choose, train

PAIRS = "".join(f"a{n} b{n}\tb{n} a{n}\n" for n in range(60))
CNN, VIT = "cnn:width=16,batch=8", "vit:layers=2,heads=2,width=16,batch=8"
GRU, SMALL_TRANSFORMER = "gru:width=32", "transformer:layers=1,heads=2,width=16,block=16,batch=8"


@dataclass(frozen=True)
class Case:
    """A state of a lesson, and what its code has to print.

    Args:
        query: of the link: the smallest settings.
        act: what the student does then.
        printed: page -> texts in what the code prints; as often as they stand here, or oftener.
        files: of the folder that the code runs in.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    act: Callable[[Any], Any] = lambda app: app
    printed: Callable[[Any], Sequence[str]] = lambda app: ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def own_text(app):
    return choose(app, "own_text", "the cat sat on the mat, and the dog ran. " * 60).run()


def own_pairs(app):
    choose(app, "pairs", "own").run()
    return choose(app, "own_pairs", PAIRS).run()


def numbers(app):
    return choose(app, "pairs", "numbers").run()


def loss_of_the_page(app) -> list[str]:
    (run,) = wait_for_runs()
    return [f"LSTM, step {run.step}: {run.validation_loss:.3f}"]


# Lesson -> its states; one that is not here is opened as its link says, with the least budget.
CASES: dict[str, list[Case]] = {
    "attention": [
        Case(query, printed=lambda app: [latex(app), *["\n"] * 31])
        for query in (
            {},
            {"heads": "2", "positions": "learned", "mask": "true", "vectors": "random"},
        )
    ],
    "caption": [
        Case({"models": "soft:width=16,batch=8", "scenes": "300"},
             printed=lambda app: ["pointing accuracy"]),
    ],
    "inside": [Case({"text_model": "The bank of the river."})],
    "language_model": [
        Case(act=lambda app: train(app, tokens=20_000), printed=loss_of_the_page),
        Case({"text": "Paste a text", "models": "gru:width=16,block=16,batch=8"}, own_text,
             lambda app: ["GRU (", "nats per token"],
             {"my-text.txt": b"the cat sat on the mat, and the dog ran. " * 60}),
    ],
    "picture": [
        Case({"models": f"{VIT};{CNN}", "scenes": "300"}, printed=lambda app: ["accuracy"] * 4),
    ],
    "translate": [
        Case({"models": f"{GRU};lstm:score=none,width=16"}, numbers, lambda app: ["exact match"]),
        Case({"models": GRU}, own_pairs, lambda app: ["exact match"],
             {"my-pairs.tsv": PAIRS.encode()}),
    ],
    "words": [Case({"word": "bank"}, printed=lambda app: ["same_sense"] * 2)],
}  # fmt: skip


def least(lesson: Lesson) -> dict[str, str]:
    """Return the part of a link that asks for the least budget, and for no guess."""
    query = {lesson.question.name: SKIP} if lesson.question is not None else {}
    if isinstance(lesson, TrainingLesson) and lesson.form is not None:
        budgets = lesson.form.budgets
        kind = next(kind for kind in ("steps", "tokens", "seconds") if kind in budgets)
        query |= {"budget": budgets[kind].name, kind: str(budgets[kind].number.low)}
    return query


def tabs_of(lesson: Lesson) -> list[dict[str, str]]:
    """Return the links under which a lesson draws all of its code."""
    lazy = [tab.name for tab in lesson.tabs if tab.lazy and "code" in tab.name.lower()]
    return [{"tab": name} for name in lazy] or [{}]


def python_of(app) -> list[str]:
    return [code.value for code in app.code if code.language == "python"]


@pytest.mark.parametrize(
    ("lesson", "case"),
    [
        pytest.param(lesson, case, id=f"{lesson.name}-{number}")
        for lesson in collect.lessons()
        if isinstance(lesson, Lesson)
        for number, case in enumerate(CASES.get(lesson.name, [Case()]))
    ],
)
def test_the_code_behind_runs_in_anybodys_notebook(lesson, case, open_page, notebook):
    printed, found = "", 0
    for tab in tabs_of(lesson):
        app = case.act(open_page(lesson.name, **least(lesson) | tab | case.query))
        assert not app.exception
        codes = python_of(app)
        found += len(codes)
        printed += "".join(notebook.run(code, case.files) for code in codes)
    assert found
    for text, often in Counter(case.printed(app)).items():
        assert printed.count(text) >= often


@pytest.fixture
def saved(open_page):
    """Return a trained Transformer: its id, and the two files that its lesson saves."""
    from lab.lesson import service
    from lab.lesson.kit import keep

    app = open_page("language_model", models=SMALL_TRANSFORMER)
    train(app, SKIP, tokens=10_000)
    queue = service.run_queue()
    (run,) = wait_for_runs()
    weights = queue.store.checkpoint_path(run).read_bytes()
    return run.id, {"run.safetensors": weights, "run.json": keep._json(queue.view(run.id))}


@pytest.mark.parametrize(
    ("lesson", "texts"),
    [("inside", ["self-attention"]), ("words", ["same_sense"])],
)
def test_the_code_about_a_run_reads_the_files_that_its_lesson_saves(
    lesson, texts, saved, open_page, notebook
):
    run, files = saved
    app = open_page(lesson, model=f"run:{run}", guess=SKIP)
    assert not app.exception
    (code,) = python_of(app)
    assert "run.json" in code
    printed = notebook.run(code, files)
    for text in texts:
        assert text in printed


def test_code_in_a_notebook_sees_the_installed_package_and_nothing_else(notebook, installed):
    code = "import sys, os, lab; print(lab.__file__, os.listdir(), *sys.path, sep='\\n')"
    place, folder, *paths = notebook.run(code).splitlines()
    assert place == str(installed / "lab" / "__init__.py")
    assert folder == "[]"
    assert str(installed) in paths
    assert not {"", ".", str(notebook._folder)} & set(paths)
    with pytest.raises(AssertionError, match="NameError"):
        notebook.run("print(os)")  # names of earlier code are gone
