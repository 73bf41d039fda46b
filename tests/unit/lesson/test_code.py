"""The snippet behind an experiment."""

from lab.lesson.code import snippet
from lab.lesson.lineup import Entry


def test_it_trains_every_model_on_the_same_budget(capsys):
    code = snippet(
        "play",
        "character",
        [Entry("rnn", {"width": 16}), Entry("transformer", {"width": 16, "layers": 1})],
        {"tokens": 8_000},
        seed=5,
        characters=12_000,
    )
    assert 'load("play")[:12000]' in code
    exec(compile(code, "snippet", "exec"), {})
    printed = capsys.readouterr().out
    assert "RNN (width 16), step 0:" in printed
    assert "Transformer (layers 1, width 16), step" in printed or "Transformer" in printed


def test_an_own_text_is_read_from_a_file():
    code = snippet("", "word", [Entry("lstm")], {"tokens": 1_000_000}, seed=0)
    assert 'open("my-text.txt"' in code
    assert "tokens=1000000, seed=0" in code
    compile(code, "snippet", "exec")
