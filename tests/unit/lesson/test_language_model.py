"""The flagship lesson: the code behind an experiment, n-gram counts, and when a guess is judged."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from lab.lesson.kit import ask
from lab.lesson.kit.lineup import Entry
from lab.lesson.language_model import lesson, ngram_counts
from lab.lesson.language_model.text_picker import ChosenText
from lab.text import Corpus, load


def page(source: str, tokenizer: str, entries: list[Entry], tokens: int, seed: int, characters=0):
    corpus = Corpus.from_text(load("play")[: characters or 20_000], tokenizer)
    return SimpleNamespace(
        chosen=ChosenText(corpus, source, "", characters),
        entries=entries,
        budget={"tokens": tokens},
        seed=seed,
    )


def test_the_code_behind_trains_every_model_on_the_same_budget(capsys):
    entries = [Entry("rnn", {"width": 16}), Entry("transformer", {"width": 16, "layers": 1})]
    code = lesson.code(page("play", "character", entries, 8_000, 5, 12_000))
    assert 'load("play")[:12000]' in code
    exec(compile(code, "snippet", "exec"), {})
    printed = capsys.readouterr().out
    assert "RNN (width 16), step 0:" in printed
    assert "Transformer (width 16, layers 1), step" in printed


def test_in_the_code_an_own_text_is_read_from_a_file():
    code = lesson.code(page("", "word", [Entry("lstm")], 1_000_000, 0))
    assert 'open("my-text.txt"' in code
    assert "tokens=1000000, seed=0" in code
    compile(code, "snippet", "exec")


class Queue:
    """A queue in which counting is answered by hand."""

    def __init__(self) -> None:
        self.asked: list[Future] = []

    def ask_corpus(self, digest: str, name: str, **arguments) -> Future:
        self.asked.append(Future())
        return self.asked[-1]


@pytest.fixture
def queue(monkeypatch):
    made = Queue()
    monkeypatch.setattr("lab.lesson.service.run_queue", lambda: made)
    monkeypatch.setattr("lab.lesson.service.session", lambda: "ann")
    ask.answers.clear()
    yield made
    ask.answers.clear()


def run(name: str, loss: float, corpus: str = "c0ffee"):
    return SimpleNamespace(run=SimpleNamespace(name=name, validation_loss=loss, corpus=corpus))


def counted(*losses: float) -> list[dict]:
    return [{"order": n, "validation_loss": loss} for n, loss in enumerate(losses, 1)]


def test_counts_are_read_by_many_and_asked_for_by_one(queue):
    shown = [run("LSTM", 1.5)]
    assert ngram_counts.losses(shown) == {}
    assert not ngram_counts.being_counted(shown)
    assert not queue.asked
    ask.begin(*ngram_counts._counting(shown))
    assert ngram_counts.being_counted(shown)
    queue.asked[0].set_result(counted(2.0, 1.0))
    assert ngram_counts.losses(shown) == {"1-gram counts": 2.0, "2-gram counts": 1.0}
    assert len(queue.asked) == 1


def test_runs_on_different_texts_share_no_counts(queue):
    shown = [run("a", 1.5), run("b", 1.5, "beef")]
    assert ngram_counts._counting(shown) is None
    assert ngram_counts.losses(shown) == {}


def test_a_text_that_is_not_here_has_no_counts(queue):
    shown = [run("LSTM", 1.5)]
    ask.begin(*ngram_counts._counting(shown))
    queue.asked[0].set_exception(ValueError("The text of this run is not on this server."))
    assert ngram_counts.losses(shown) == {}
    assert not ngram_counts.being_counted(shown)


def test_no_guess_is_judged_while_the_counts_are_under_way(queue, monkeypatch):
    told = []
    monkeypatch.setattr(lesson, "compare_best", lambda *given, **_: told.append(given))
    shown = [run("LSTM", 1.5)]
    ask.begin(*ngram_counts._counting(shown))
    lesson.outcome("n-gram counts", shown)
    assert not told
    queue.asked[0].set_result(counted(2.0, 1.0))
    lesson.outcome("n-gram counts", shown)
    assert told[0][:2] == ("n-gram counts", {"LSTM": 1.5, "n-gram counts": 1.0})
