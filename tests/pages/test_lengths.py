"""The tab "Work and memory", by its controls, with measurements that are known."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson.kit.question import SKIP
from lab.lesson.steps import lengths, lengths_figures
from tests.pages.test_language_model import button, choose, sentences

BASE = {"low": 1.0, "high": 2.0, "repeats": 9}


def answer(kind: str, power: float, first: float, lengths=(16, 32, 64, 128), stopped=""):
    points = [
        {"length": n, "ms": first * (n / 16) ** power, "bytes": 100 * n, **BASE} for n in lengths
    ]
    return {"kind": kind, "width": 64, "heads": 4, "points": points, "stopped": stopped}


def known(seed: int) -> dict:
    """Attention is a quarter of the RNN at 16 tokens and equals it at 64."""
    return {
        "rnn": answer("rnn", 1, 4 + seed),
        "conv": answer("conv", 1, 0.1),
        "attention": answer("attention", 2, 1, stopped="It stops here."),
        "fused": answer("fused", 2, 0.5),
    }


def script():
    from lab.lesson.steps import lengths

    lengths.work_and_memory()


@pytest.fixture
def asked(monkeypatch):
    """Answer in place of the workers; return what was asked."""
    calls = []

    def compute(module, function, **arguments):
        calls.append(arguments)
        assert (module, function) == ("lab.attention.lengths", "measure")
        return known(arguments["seed"])[arguments["kind"]]

    monkeypatch.setattr(lengths, "compute", compute)
    return calls


def text(app) -> str:
    return sentences(app) + "\n".join(m.value for m in [*app.markdown, *app.caption])


def measured(guess: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30).run()
    choose(app, "lengths_guess", guess).run()
    return button(app, "Measure on this machine").click().run()


def test_nothing_is_measured_before_a_guess_and_a_click(asked):
    app = AppTest.from_function(script, default_timeout=30).run()
    assert not app.exception
    assert button(app, "Measure on this machine").disabled
    assert list(app.dataframe[0].value["Longest path"]) == ["n", "n / k", "1", "1"]
    assert not asked


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        ("Self-attention", "You guessed it. At 128 tokens: RNN 32 ms, Convolution 0.8 ms, "),
        ("RNN", "You guessed RNN. At 128"),
        (SKIP, ""),
    ],
)
def test_the_guess_is_compared(asked, guess, said):
    app = measured(guess)
    assert not app.exception
    assert said in sentences(app)
    assert bool(said) == ("guessed" in sentences(app))
    assert len(app.get("vega_lite_chart")) == 3
    assert [call["kind"] for call in asked] == ["rnn", "conv", "attention", "fused"]


def test_sentences_and_powers_follow_the_figures(asked):
    app = measured("RNN")
    assert "up to about **60 tokens**" in text(app)
    assert "It stops here." in text(app)
    powers = app.dataframe[0].value["Time: power of n"]
    assert list(powers) == [f"{n}.00 (order: {n})" for n in (1, 1, 2, 2)]
    assert list(app.dataframe[0].value["Memory: power of n"])[2] == "1.00 (order: 2)"


def test_measuring_again_asks_anew_and_so_does_another_width(asked):
    app = measured("RNN")
    asked.clear()
    button(app, "Measure again").click().run()
    assert [call["seed"] for call in asked] == [1] * 4
    assert "RNN 40 ms" in sentences(app)
    choose(app, "lengths_width", 256).run()
    assert asked[-1]["width"] == 256
    assert "n = d = 256" in text(app)


def test_what_was_measured_before_a_worker_was_lost_stays(asked, monkeypatch):
    whole = lengths.compute
    monkeypatch.setattr(
        lengths,
        "compute",
        lambda *names, **options: (
            None if options["kind"] == "attention" else whole(*names, **options)
        ),
    )
    app = measured("RNN")
    assert not app.exception
    assert "guessed" not in sentences(app)
    assert list(app.dataframe[0].value["Time: power of n"])[1:3] == [
        "1.00 (order: 1)",
        "too few lengths",
    ]


def test_curves_that_never_cross_are_said_to():
    found = known(0)
    found["attention"] = answer("attention", 2, 50)
    assert "ends slower than the RNN at 128 tokens" in lengths_figures.summary(found, 64)[0]
    found["attention"] = answer("attention", 1, 1)
    assert "ends faster than the RNN" in lengths_figures.summary(found, 64)[0]


def test_memory_is_compared_at_the_same_length():
    (said,) = (s for s in lengths_figures.summary(known(0), 64) if "cost" in s)
    # 2 matrices x 4 heads x 128 x 128 x 4 bytes
    assert "At 128 tokens it holds 12.8 kB at once; the fused call" in said
    assert "524 kB" in said


@pytest.mark.parametrize(
    ("count", "written"), [(999, "999 bytes"), (2_621_440, "2.62 MB"), (5e12, "5,000 GB")]
)
def test_sizes(count, written):
    assert lengths_figures.size(count) == written
