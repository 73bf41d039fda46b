"""Sources: their keys and questions, which runs a lesson takes, and how one is picked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson.sources import run as runs
from lab.lesson.sources.folder import FolderSource
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.run import Runs, RunSource
from lab.lesson.sources.source import ask_each
from lab.lesson.sources.vectors import Counted, Upload, UploadedText, VectorFile, upload_field
from lab.pretrained.folders import Folder

BERT = Folder("google/bert", "/models/google/bert", "BertForMaskedLM", 2, 2, 1.0, "a" * 40)


def view(task: str | None = None, checkpoint: int = 3, **settings):
    named = settings | ({"task": task} if task else {})
    run = SimpleNamespace(
        id="abcdef", name="Mine", step=1_200, checkpoint=checkpoint, settings=named, session="me"
    )
    return SimpleNamespace(run=run)


def test_every_source_has_a_key_for_the_link_and_a_name():
    one = RunSource(view("masked"), "Masked model · Mine")
    assert (one.key, one.identity, one.task) == ("run:abcdef", "run:abcdef:3", "masked")
    folder = FolderSource(BERT)
    assert (folder.key, folder.name) == (f"model:google/bert@{'a' * 40}", "google/bert")
    assert (folder.path, folder.called) == (BERT.path, {"name": "google/bert"})
    assert one.called == {}
    assert VectorFile("/models/glove.txt").key == "file:glove.txt"
    assert Counted().key == "counted"
    upload = Upload("..\\..\\a/b.txt", b"data")
    assert (upload.key, upload.name) == ("upload", "b.txt")
    assert upload.identity == "upload:" + "".join(
        ("3a6eb0790f39ac87c94f3856b2dd2c5d", "110e6811602261a9a923d3bb23adc8b7")
    )


def test_the_project_s_own_model_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr("lab.lesson.sources.folder.ASSETS", tmp_path)
    own = Folder("own", str(tmp_path / "masked"), "B", 1, 1, 1.0)
    assert FolderSource(own).own
    assert not FolderSource(BERT).own


class Queue:
    def __init__(self):
        self.calls = []

    def call(self, function, *arguments, session="", **given):
        self.calls.append((arguments, given))
        return SimpleNamespace()

    def ask(self, run_id, question, session="", **given):
        self.calls.append(((run_id, question), given))
        return SimpleNamespace()


@pytest.mark.parametrize(
    ("source", "arguments", "more"),
    [
        (RunSource(view(), "x"), ("abcdef", "lab.q:of_run"), {}),
        (FolderSource(BERT), ("lab.q", "of_folder"), {"path": BERT.path}),
        (VectorFile("/m/g.txt"), ("lab.q", "of_file"), {"path": "/m/g.txt"}),
        (Counted(), ("lab.q", "of_counted"), {}),
        (Upload("g.txt", b"1"), ("lab.q", "of_bytes"), {"data": b"1", "name": "g.txt"}),
        (UploadedText("t.txt", b"\xff1"), ("lab.q", "of_text"), {"text": "\ufffd1"}),
    ],
)
def test_a_question_is_a_module_with_a_function_for_each_kind(source, arguments, more, monkeypatch):
    queue = Queue()
    monkeypatch.setattr("lab.lesson.service.run_queue", lambda: queue)
    monkeypatch.setattr("lab.lesson.service.session", lambda: "me")
    key, send = source.asking("lab.q", k=2)
    send()
    assert queue.calls == [(arguments, {"k": 2} | more)]
    assert isinstance(hash(key), int)
    assert key != source.asking("lab.q", k=3)[0]
    assert b"1" not in key


def test_recorded_figures_are_looked_up_and_never_sent():
    recorded = Recorded("Recorded", lambda question, **given: (question, given))
    assert recorded.ask("lab.q", k=1) == ("lab.q", {"k": 1})
    assert recorded.begin("lab.q", k=1) is None
    assert recorded.later("lab.q", k=1).result() == ("lab.q", {"k": 1})


@pytest.mark.parametrize(
    ("settings", "attends"),
    [
        ({"model": "transformer"}, True),
        ({"model": "lstm"}, False),
        ({"task": "translation", "model": "gru", "score": "dot"}, True),
        ({"task": "translation", "model": "gru", "score": "none"}, False),
        ({"task": "captioning", "attention": "hard"}, True),
        ({"task": "captioning", "attention": "none"}, False),
        ({"task": "vision", "model": "vit"}, False),  # has a lesson of its own
        ({"task": "masked"}, False),
        ({"task": "nothing"}, False),
    ],
)
def test_what_attends_is_declared_by_the_lessons(settings, attends):
    assert runs.attends(settings) is attends
    given = dict(settings)
    one = view(given.pop("task", None), **given).run
    assert Runs(attending=True).takes(one) is attends


def test_which_runs_are_taken():
    masked = Runs(("masked",))
    assert masked.takes(view("masked").run)
    assert not masked.takes(view("masked", checkpoint=0).run)
    assert not masked.takes(view(model="transformer").run)
    assert [one.name for one in masked.trained_in()] == ["bert"]
    attending = [one.name for one in Runs(attending=True).trained_in()]
    assert attending == ["language_model", "translate", "caption"]


def test_a_run_is_called_what_its_lesson_calls_it():
    assert runs.name_of(view("masked").run) == "Masked model · Mine · 1,200 steps · abcd"
    assert runs.name_of(view("captioning").run).startswith("Captioner · ")
    assert runs.name_of(view(model="lstm").run).startswith("Language model · ")


def vectors_page():
    import streamlit as st

    from lab.lesson.sources.picker import pick_vectors
    from lab.lesson.sources.vectors import Counted, VectorFile, upload_field

    offers = [Counted(), VectorFile("/models/glove.txt"), upload_field("a-file")]
    source = pick_vectors(offers, "some-vectors")
    st.code(source.identity if source else "none")


def opened(**query) -> AppTest:
    app = AppTest.from_function(vectors_page)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_the_first_offer_is_preset_and_the_link_names_another():
    app = opened()
    assert app.code[0].value == "counted"
    assert app.query_params["vectors"] == "counted"
    assert not app.warning
    app = opened(vectors="file:glove.txt")
    assert app.code[0].value == "file:glove.txt"


@pytest.mark.parametrize("key", ["file:../../etc/passwd", "x" * 10_000, "run:gone"])
def test_what_is_not_at_hand_is_said(key):
    app = opened(vectors=key)
    assert not app.exception
    assert app.code[0].value == "counted"


def test_an_upload_waits_for_its_file():
    app = opened(vectors="upload")
    assert app.code[0].value == "none"
    assert "head of a file" in app.caption[0].value
    with pytest.raises(LookupError):
        upload_field("x").ask("lab.q")


def test_several_sources_work_at_once_and_answer_in_their_order(monkeypatch):
    asked = []

    def several(questions, places):
        asked.extend((key[2], who) for key, _, who in questions)
        assert len(places) == len(questions)
        return [f"answer {number}" for number, _ in enumerate(questions)]

    monkeypatch.setattr("lab.lesson.service.run_queue", Queue)
    monkeypatch.setattr("lab.lesson.kit.ask.several", several)
    recorded = Recorded("Recorded", lambda question, **given: (question, given))
    sources = [FolderSource(BERT), recorded, RunSource(view("masked"), "Mine")]
    found = ask_each(sources, "lab.masked.blanks", what="fill")
    assert found == ["answer 0", ("lab.masked.blanks", {"what": "fill"}), "answer 1"]
    (folder, name), (run, _) = asked
    assert name == "google/bert"
    assert '"name": "google/bert"' in folder  # a worker's message calls it so
    assert run == "lab.masked.blanks:of_run"
