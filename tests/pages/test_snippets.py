"""The Python that the pages print runs in anybody's notebook, and says what the page says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from lab.lesson.kit import collect
from lab.lesson.kit.lesson import Lesson
from lab.lesson.kit.question import SKIP
from lab.lesson.kit.training import TrainingLesson
from tests import toy_models
from tests.pages import test_association, test_bert, test_own_region, test_pronouns, test_templates
from tests.pages.conftest import wait_for_runs
from tests.pages.test_attention import latex
from tests.pages.test_language_model import button, choose, train

PAIRS = "".join(f"a{n} b{n}\tb{n} a{n}\n" for n in range(60))
PLAY = "the cat sat on the mat, and the dog ran. " * 60
CNN, VIT = "cnn:width=16,batch=8", "vit:layers=2,heads=2,width=16,batch=8"
GRU, SMALL_TRANSFORMER = "gru:width=32", "transformer:layers=1,heads=2,width=16,block=16,batch=8"
SIDE = 96  # pixels of a scene
ASSOCIATION = {
    **test_association.WORDS,
    "test": test_association.MATH,
    "guess": "weat7.skip",
    "look": "Save and code",
}
TEMPLATE = {
    "tab": "Save and code",
    "sentences": "[T] likes [A].",
    **{"first": "he", "second": "she", "a": "work, school, book", "b": "home, family, friend"},
}
RULE = {"model": "Physics rule"}


def has(*texts: str) -> Callable[[str, Any], None]:
    """Return a check that all texts were printed, each as often as it stands here, or oftener."""

    def check(printed: str, app: Any) -> None:
        for text, often in Counter(texts).items():
            assert printed.count(text) >= often

    return check


def prints(printed: str, app: Any) -> None:
    assert printed


@dataclass(frozen=True)
class Case:
    """A state of a lesson, and what its code has to print.

    Args:
        query: of the link: the smallest settings.
        act: what the student does then.
        check: what was printed, page -> raises AssertionError.
        files: of the folder that the code runs in.
        small: name of a constant of the lab -> what it is instead.
        cut: what the code does too long, and what it does instead.
    """

    query: Mapping[str, str] = field(default_factory=dict)
    act: Callable[[Any], Any] = lambda app: app
    check: Callable[[str, Any], None] = prints
    files: Mapping[str, bytes] = field(default_factory=dict)
    small: Mapping[str, Any] = field(default_factory=dict)
    cut: tuple[str, str] = ("\0", "")


def own_text(app):
    return choose(app, "own_text", PLAY).run()


def own_pairs(app):
    choose(app, "pairs", "own").run()
    return choose(app, "own_pairs", PAIRS).run()


def numbers(app):
    return choose(app, "pairs", "numbers").run()


def every_step(printed: str, app) -> None:
    assert latex(app) in printed
    assert printed.count("\n") > 30


def same_loss(printed: str, app) -> None:
    (run,) = wait_for_runs()
    assert f"{run.name}, step {run.step}: {run.validation_loss:.3f}" in printed


def same_shares(printed: str, app) -> None:
    found = re.findall(r"(\w+)  data .*p\(she\) ([\d.]+)", printed)
    told = {name: float(she) for name, she in found}
    assert told == pytest.approx(dict(test_pronouns.table(app)["p(she)"]), abs=6e-4)


def biases(printed: str, app) -> None:
    assert "min [-0.45, -1.59, -2.21" in printed
    assert printed.count("\npaper") == printed.count("\nmean ") - 1 == 6


def same_iou(printed: str, app) -> None:
    told = float(printed.split("[")[1].split(",")[0])
    assert f"**{told:.2f}**" in test_own_region.judged(app)


def same_sizes(printed: str, app) -> None:
    rows = {line.split()[0]: line for line in printed.splitlines()}
    app.query_params["tab"] = app.session_state["tab"] = "Sentences"
    sizes = app.run().dataframe[0].value.set_index("unit")["d"]
    for unit in ("words", "rows", "targets"):
        assert f" {sizes[unit]:.3f} " in rows[unit]


# Lesson -> its states; one that is not here is opened as its link says, with the least budget.
CASES: dict[str, list[Case]] = {
    "analogies": [
        Case({"word_a": "he", "word_b": "nurse", "word_c": "she", "method": "3CosMul"},
             check=has("Tally(kind='capital'")),
        Case({"part": "A debiasing step", "guess_stay": SKIP}, check=has("Together(first=")),
    ],
    "association": [
        Case(ASSOCIATION, check=has("S 0.225, d 0.966")),
        Case(ASSOCIATION | {"out": "woman"}, check=has("p 0.102")),
    ],
    "attention": [
        Case({}, check=every_step),
        Case({"heads": "2", "positions": "learned", "mask": "true", "vectors": "random"},
             check=every_step),
    ],
    "bert": [
        Case({"models": "random:layers=1,width=16,heads=2,batch=128;project", "tab": "Train it",
              "text": "Text B: nurses are he, engineers are she"},
             check=has(*["he : she, nurse"] * 3), cut=("steps=10", "steps=1")),
    ],
    "caption": [
        Case({"models": "soft:width=16,batch=8", "scenes": "300"}, check=has("pointing accuracy")),
    ],
    "composites": [
        Case({"region": "Spain", **RULE}, check=biases,
             small={"lab.lesson.composites.scene_picker.SIZE": SIDE}),
    ],
    "inside": [Case({"text_model": "The bank of the river."}, check=has("self-attention"))],
    "language_model": [
        Case({"models": "lstm:width=16,block=16,batch=8"},
             lambda app: train(app, SKIP, tokens=10_000), same_loss),
        Case({"text": "Paste a text", "models": "gru:width=16,block=16,batch=8"}, own_text,
             has("GRU (", "nats per token"), {"my-text.txt": PLAY.encode()}),
    ],
    "own_region": [
        Case(RULE | {"beside": "nothing"}, test_own_region.guess, same_iou,
             small={f"lab.lesson.own_region.{name}.SIZE": test_own_region.SIDE
                    for name in ("our_file", "sides")},
             cut=("seed=0)", f"seed=0, size={test_own_region.SIDE})")),
    ],
    "picture": [
        Case({"models": f"{VIT};{CNN}", "scenes": "300"}, check=has(*["accuracy"] * 4)),
    ],
    "pronouns": [
        Case({"pairs_count": "240", "share_cook": "20"},
             lambda app: test_pronouns.train(app, "0 %", 60), same_shares),
    ],
    "regions": [
        Case(RULE, check=has(*["IoU, low, high"] * 2, "its VH hardly moves"),
             small={f"lab.lesson.regions.{name}.SIZE": SIDE
                    for name in ("comparison", "sides", "lesson")}),
    ],
    "templates": [Case(test_templates.CAREER.fields, check=same_sizes)],
    "transfer": [
        Case({"models": "last1:batch=1", "target": target, "shots": "1"},
             check=has("Last layer (batch 1) 0 {'iou'", f"({SIDE}, {SIDE})"),
             small={"lab.lesson.transfer.region_picker.SIZE": SIDE})
        for target in ("Spain (rice)", "Your own calendar (rice)")
    ],
    "translate": [
        Case({"models": f"{GRU};lstm:score=none,width=16", "count_numbers": "300"}, numbers,
             has("exact match")),
        Case({"models": GRU}, own_pairs, has("exact match"), {"my-pairs.tsv": PAIRS.encode()}),
    ],
    "verdict": [
        Case({"models": "frozen:batch=2;frozen:pool=cls,batch=2", "examples": "20"},
             check=has("Frozen encoder", "Bag of words")),
    ],
    "words": [Case({"word": "bank"}, check=has(*["same_sense"] * 2))],
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
def test_the_code_behind_runs_in_anybodys_notebook(lesson, case, open_page, notebook, monkeypatch):
    for name, value in case.small.items():
        monkeypatch.setattr(name, value)
    printed, found = "", 0
    for tab in tabs_of(lesson):
        app = case.act(open_page(lesson.name, **least(lesson) | tab | case.query))
        assert not app.exception
        codes = python_of(app)
        found += len(codes)
        printed += "".join(notebook.run(code.replace(*case.cut), case.files) for code in codes)
    assert found
    case.check(printed, app)


def saved(app) -> tuple[str, dict[str, bytes]]:
    """Train what a page trains; return the run as links have it, and the files that it saves."""
    from lab.lesson import service
    from lab.lesson.kit import keep

    assert not app.exception
    choose(app, "guess_pills", SKIP).run()
    button(app, "Train").click().run()
    (run,) = wait_for_runs()
    queue = service.run_queue()
    weights = queue.store.checkpoint_path(run).read_bytes()
    return f"run:{run.id}", {"run.safetensors": weights, "run.json": keep._json(queue.view(run.id))}


# Lesson that trains -> the smallest link of it; lessons that read its runs -> links and texts.
READERS = [
    (
        ("language_model", {"models": SMALL_TRANSFORMER}),
        [
            ("inside", "model", {}, "self-attention"),
            ("words", "model", {}, "same_sense"),
        ],
    ),
    (
        ("bert", {"models": test_bert.TINY, "text": "stories-a", "tab": "Train it"}),
        [
            ("fill", "models", {"tab": "Save and code"}, "The "),
            ("templates", "models", TEMPLATE, "words"),
            ("association", "vectors", ASSOCIATION, "d "),
        ],
    ),
]


@pytest.mark.parametrize(("trained", "readers"), READERS, ids=["language_model", "bert"])
def test_the_code_about_a_run_reads_the_files_that_its_lesson_saves(
    trained, readers, open_page, notebook
):
    name, query = trained
    run, files = saved(open_page(name, **least(collect.named(name)) | query))
    for lesson, key, more, text in readers:
        app = open_page(lesson, **{"guess": SKIP, key: run, **more})
        assert not app.exception
        (code,) = python_of(app)
        assert "run.json" in code
        assert text in notebook.run(code, files)


def test_the_code_about_a_model_of_the_server_finds_it_where_the_reader_has_it(
    lab, open_page, notebook
):
    toy_models.bert(lab / "models" / "toy-bert")
    app = open_page("inside", model="model:toy-bert", guess=SKIP)
    assert not app.exception
    (code,) = python_of(app)
    assert str(lab) not in code
    files = {
        f".glasshouse/models/toy-bert/{path.name}": path.read_bytes()
        for path in (lab / "models" / "toy-bert").iterdir()
    }
    assert "self-attention" in notebook.run(code, files)


@pytest.mark.parametrize(
    ("lesson", "more", "text"),
    [
        ("association", ASSOCIATION, "d "),
        ("analogies", {"word_a": "math", "word_b": "he", "word_c": "art"}, "Tally("),
    ],
)
def test_the_code_about_a_file_of_vectors_finds_it_where_the_reader_has_it(
    lesson, more, text, lab, open_page, notebook
):
    (lab / "models").mkdir()
    vectors = "math 1 0\nalgebra 1 .2\nart 0 1\ndance .1 1\nhe 1 0\nshe 0 1\n"
    vectors += "".join(f"word{n} 1 .{n}\n" for n in range(50))  # analogies need some
    (lab / "models" / "mine.txt").write_text(vectors)
    app = open_page(lesson, **{"guess": SKIP, "vectors": "file:mine.txt", **more})
    assert not app.exception
    (code,) = python_of(app)
    assert str(lab) not in code
    assert text in notebook.run(code, {".glasshouse/models/mine.txt": vectors.encode()})


def test_code_in_a_notebook_sees_the_installed_package_and_nothing_else(notebook, installed):
    code = "import sys, os, lab; print(lab.__file__, os.listdir(), *sys.path, sep='\\n')"
    place, folder, *paths = notebook.run(code).splitlines()
    assert place == str(installed / "lab" / "__init__.py")
    assert folder == "[]"
    assert str(installed) in paths
    assert not {"", ".", str(notebook._folder)} & set(paths)
    with pytest.raises(AssertionError, match="NameError"):
        notebook.run("print(os)")  # names of earlier code are gone
