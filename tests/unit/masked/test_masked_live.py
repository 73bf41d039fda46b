"""Any text as rows, and runs in class: from random, from the project's weights, followed on."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lab.masked import live, task
from lab.masked.export import export
from lab.masked.kind import KIND
from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings, listed
from lab.masked.stories import stories
from lab.masked.task import MaskedTask
from lab.masked.vocabulary import CLS, SEP, train_vocabulary
from lab.models.bert import Bert
from lab.text import TextError
from lab.training.hyperparameters import SettingsError
from lab.training.loop import fit

TEXT = "\n".join(stories()[0])
SMALL = {
    "layers": 1, "width": 16, "heads": 2, "context": 64, "batch": 64, "growth": 1,
    "device": "cpu", "precision": "float32", "look": 64,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return live.rows_of_text(TEXT, "A", size=400)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A tiny model in the place of the project's own."""
    torch.manual_seed(1)
    tokens = train_vocabulary(list(stories()[0]), 300, ["nurse", "engineer", "he", "she"], 1)
    model = Bert(len(tokens), 16, 1, 2, 32)
    export(model, tokens, tmp_path)
    monkeypatch.setattr(task, "PROJECT", tmp_path)
    rows = {11: np.array([[CLS, *range(5, 14), SEP]] * 8, dtype=np.uint16)}
    return model, Rows(rows, rows, tuple(tokens), "x")


def test_lines_are_paragraphs_unless_a_sentence_goes_on():
    assert live.paragraphs("One line\ngoes on here.\nAnother.\n\nafter a gap") == [
        "One line goes on here.", "Another.", "after a gap"
    ]  # fmt: skip


def test_the_end_of_a_text_is_held_out():
    train, held = live.split("\n".join(f"Line {n}." for n in range(100)))
    assert (len(train), held[0], held[-1]) == (90, "Line 90.", "Line 99.")
    train, held = live.split("A first one. A second. A third. " * 10)  # one paragraph
    assert (len(train), len(held)) == (27, 3)


def test_rows_have_a_vocabulary_of_their_own_and_keep_occupations_whole(rows):
    assert rows.vocabulary_size <= 400
    assert {"nurse", "engineer", "he", "she", "[MASK]"} <= set(rows.tokens)
    for length, part in (*rows.train.items(), *rows.held.items()):
        assert part.shape[1] == length <= 64
        assert (part[:, 0] == CLS).all()
        assert (part[:, -1] == SEP).all()


def test_a_long_sentence_goes_on_in_the_next_row():
    text = " ".join(["word"] * 900) + ".\n" + TEXT
    words = sum((part != 0).sum() for part in live.rows_of_text(text, size=400).train.values())
    without = sum((part != 0).sum() for part in live.rows_of_text(TEXT, size=400).train.values())
    assert words - without > 880


@pytest.mark.parametrize(
    ("text", "said"), [("Too short. " * 12, "too short"), ("a" * 2_000_001, "at most 2,000,000")]
)
def test_a_text_that_cannot_be_used_gets_a_sentence(text, said):
    with pytest.raises(TextError, match=said):
        live.rows_of_text(text)


def test_the_two_stories_have_the_same_rows_but_for_pronouns():
    first, second = (live.story_rows(which) for which in (0, 1))
    assert first.digest != second.digest
    assert first.tokens == second.tokens == live.project_tokens()
    sizes = [sum(part.size for part in r.train.values()) for r in (first, second)]
    assert abs(sizes[0] - sizes[1]) < 0.01 * sizes[0]


def test_settings_of_older_files_are_filled_in():
    new = MaskedSettings.default("random", steps=3)
    old = {k: v for k, v in new.to_dict().items()
           if k not in ("start", "head_start", "look", "words", "watch")}  # fmt: skip
    read = MaskedSettings.from_dict(old)
    assert (read.start, read.head_start, read.per_evaluation) == ("random", True, 1_600_000)
    with pytest.raises(SettingsError):
        MaskedSettings.from_dict(old | {"odd": 1})
    with pytest.raises(SettingsError, match="at most 12"):
        new.changed(watch=" ".join(f"w{n}" for n in range(13)))
    assert listed("He, she  he,they") == ["he", "she", "they"]


def test_the_project_start_has_the_projects_shape():
    settings = MaskedSettings.default("project", steps=1)
    assert (settings.layers, settings.width, settings.context) == (4, 256, 128)


def test_a_run_goes_on_from_the_projects_weights(project):
    model, rows = project
    settings = MaskedSettings.of(**SMALL | {"context": 32}, steps=1, start="project")
    found = MaskedTask(settings, rows).build()
    for name, tensor in model.state_dict().items():
        assert torch.allclose(found.state_dict()[name], tensor, atol=1e-3)  # half precision
    assert all(p.requires_grad for p in found.parameters())
    other = Rows(rows.train, rows.held, (*rows.tokens[:-1], "other"), "x")
    for wrong in (MaskedTask(settings, other), MaskedTask(settings.changed(width=32), rows)):
        with pytest.raises(SettingsError, match="do not fit"):
            wrong.build()


def test_the_head_start_can_be_left_out(rows):
    weights = {}
    for wanted in (True, False):
        settings = MaskedSettings.of(**SMALL, steps=1, head_start=wanted)
        torch.manual_seed(0)
        model = MaskedTask(settings, rows).build()
        weights[wanted] = model.bias.detach()
    assert weights[False].abs().max() == 0
    assert weights[True].std() > 0.5  # the frequencies of the tokens


def test_a_run_tells_what_it_is_asked_for(rows):
    settings = MaskedSettings.of(
        **SMALL, steps=2, words="he, she, zebra", watch="nurse, engineer",
        prompt="The nurse said that [MASK] was tired.",
    )  # fmt: skip
    told = {"words": "she"}
    events = [e for e in fit(MaskedTask(settings, rows), None, told) if e.validation_loss]
    sample = events[-1].sample
    assert list(sample.words) == ["she"]
    assert 0 < sample.words["she"] < 1
    assert set(events[-1].metrics) == {"top1", "he : she, nurse", "he : she, engineer"}
    assert KIND.sample(sample.to_dict()) == sample.to_dict()
    without = {k: v for k, v in sample.to_dict().items() if k != "words"}
    assert KIND.sample(without)["words"] == {}


def test_a_continued_run_measures_what_it_forgets(project):
    _, rows = project
    settings = MaskedSettings.of(**SMALL | {"context": 32}, steps=1, start="project")
    events = list(fit(MaskedTask(settings, rows)))
    assert events[0].metrics["everyday"] == pytest.approx(np.log(len(rows.tokens)), abs=1.5)
