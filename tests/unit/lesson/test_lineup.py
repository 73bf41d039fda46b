"""Line-ups in links, and text that must stay text."""

import pytest

from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.text import plain
from lab.lesson.language_model.lesson import CATALOGUE as LANGUAGE

from_link, to_link, labels = LANGUAGE.from_link, LANGUAGE.to_link, LANGUAGE.labels


def test_a_link_gives_back_its_line_up():
    entries = [
        Entry("lstm"),
        Entry("transformer", {"learning_rate": 1e-4, "layers": 4, "positions": "learned"}),
        Entry("lstm", {"dropout": 0.25}),
    ]
    link = to_link(entries)
    assert link == (
        "lstm;transformer:learning_rate=0.0001,layers=4,positions=learned;lstm:dropout=0.25"
    )
    assert from_link(link) == (entries, [])


@pytest.mark.parametrize(
    "part",
    [
        "gpt",
        "lstm:heads=2",
        "lstm:layers=two",
        "lstm:seed=1",
        "transformer:positions=x",
        "lstm:learning_rate=nan",
        "lstm:width=100000",
        "lstm:layers=0",
        "gru:dropout=1.5",
        "gru:learning_rate=inf",
    ],
)
def test_what_cannot_be_read_is_named(part):
    assert from_link(f"gru;{part};rnn") == ([Entry("gru"), Entry("rnn")], [part])


def test_labels_are_distinct():
    same = Entry("gru", {"width": 64})
    assert labels([same, Entry("gru"), same]) == [
        "GRU (width 64) #1",
        "GRU",
        "GRU (width 64) #2",
    ]


def test_plain_text_has_no_markup_left():
    assert plain("a*b_[x](y)<i>:red[z]") == r"a\*b\_\[x\]\(y\)\<i\>\:red\[z\]"
