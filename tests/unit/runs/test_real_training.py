"""The whole way with the real training loop: queue, worker processes, checkpoints, questions."""

import sys

import psutil
import pytest
from runs_help import ended, limits, until

from lab.runs import Status, scheduler
from lab.runs.pools import LocalPool
from lab.runs.worker import advance, warm
from lab.text import Corpus
from lab.training import Settings, train

CORPUS = Corpus.from_text("to be or not to be, that is the question.\n" * 200)
SMALL = {"width": 16, "batch": 4, "block": 16, "sample_length": 8}


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    return LocalPool(limits(folder, workers=1, worker_bytes=1_000_000_000))


@pytest.fixture
def queue(open_queue, pool, monkeypatch):
    queue = open_queue(pool, advance)
    # The pool serves all tests here: importing torch takes seconds.
    monkeypatch.setattr(queue.pool, "close", lambda: None)
    monkeypatch.setattr(scheduler, "LONGEST_SLICE", 0.25)
    return queue


def start(queue, **settings):
    chosen = Settings.default("rnn", **{**SMALL, **settings})
    return queue.submit("ann", "real", chosen.to_dict(), CORPUS.digest, CORPUS.to_bytes())


def regular(points):
    return [point for point in points if not point["interim"]]


def test_a_killed_worker_and_many_slices_leave_the_curve_of_one_undisturbed_run(queue):
    pid = queue.call(warm).result(120)
    run = start(queue, steps=1_200)  # enough to be caught at it on a fast machine
    until(lambda: queue.view(run).run.step > 0 and queue.view(run).training)
    psutil.Process(pid).kill()
    view = ended(queue, run)
    assert view.run.status is Status.FINISHED
    assert view.run.step == 1_200
    assert view.run.checkpoint >= 2  # several slices
    assert queue.call(warm).result(120) != pid
    alone = regular(event.to_dict() for event in train("rnn", CORPUS, steps=1_200, **SMALL))
    points = regular(view.history.points)
    assert [point["step"] for point in points] == [point["step"] for point in alone]
    for name in ("train_loss", "validation_loss", "learning_rate", "gradient_norm"):
        there, here = ([point[name] for point in curve] for curve in (points, alone))
        assert [value is None for value in there] == [value is None for value in here]
        measured = [value for value in here if value is not None]
        assert [v for v in there if v is not None] == pytest.approx(measured, rel=1e-4), name
    first = view.history.sample_at(0)
    assert first["step"] == 0
    assert len(first["tokens"]) == 8


def test_questions_about_a_run_and_its_text_are_answered_by_a_worker(queue):
    run = start(queue, steps=10)
    ended(queue, run)
    likely = queue.ask(run, "next_tokens", prompt="to b", k=3).result(60)
    assert len(likely) == 3
    assert all(0 < p <= 1 for _, p in likely)
    sample = queue.ask(
        run, "generate", prompt="to", length=12, temperature=1.0, top_k=None, seed=1
    ).result(60)
    assert len(sample["tokens"]) == 12
    counts = queue.ask_corpus(
        CORPUS.digest, "ngram_baselines", orders=[1, 2], smoothing="add-k"
    ).result(60)
    assert [row["order"] for row in counts] == [1, 2]


def test_a_run_that_diverges_ends_with_a_sentence_and_goes_on_with_a_smaller_step(queue):
    run = start(queue, steps=100_000)
    until(lambda: queue.view(run).run.step > 0)
    queue.pause(run, "ann")
    until(lambda: not queue.view(run).training)
    reached = queue.view(run).run.step
    queue.set_live(run, "ann", learning_rate=1e30)
    queue.resume(run, "ann")
    view = ended(queue, run)
    assert view.run.status is Status.FAILED
    assert "diverged at step" in view.run.message
    assert view.run.step >= reached
    queue.set_live(run, "ann", learning_rate=1e-3)
    queue.resume(run, "ann")
    until(lambda: queue.view(run).run.step > reached + 20)
    queue.stop(run, "ann")
    steps = [point["step"] for point in queue.view(run).history.points]
    assert steps == sorted(set(steps))
    assert queue.view(run).history.points[-1]["train_loss"] < 10


def test_settings_that_cannot_be_trained_end_with_their_sentence(queue):
    chosen = Settings.default("rnn", steps=5, **SMALL).to_dict()
    run = queue.submit("ann", "bad", {**chosen, "width": -3}, CORPUS.digest, CORPUS.to_bytes())
    view = ended(queue, run)
    assert view.run.status is Status.FAILED
    assert "width" in view.run.message.lower()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the data of a process")
def test_a_model_too_large_for_its_worker_ends_with_a_sentence(queue):
    pid = queue.call(warm).result(120)
    run = start(queue, steps=5, width=128, batch=1024, block=512)
    view = ended(queue, run)
    assert view.run.status is Status.FAILED
    assert "memory" in view.run.message
    assert queue.call(warm).result(120) == pid
