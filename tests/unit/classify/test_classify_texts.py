"""Labelled texts: the lab's opinions, tables of one's own, what is chosen, the baseline."""

import re

import numpy as np
import pytest

from lab.classify import baseline as bag
from lab.classify.opinions import lexicons, opinions
from lab.classify.reading import LabelError, read_labelled, to_table
from lab.classify.texts import LONGEST, Examples, Labelled, tokenise, words
from lab.classify.words import BAD, GOOD, NOUNS


@pytest.fixture(scope="module")
def data():
    return opinions(200, 80)


def table(rows, separator=",", header=""):
    return (header + "\n".join(f"{text}{separator}{label}" for text, label in rows)).encode()


ROWS = [(f"text number {n}", "good" if n % 2 else "bad") for n in range(60)]


def test_words_have_one_verdict():
    everything = [*GOOD, *BAD, *NOUNS]
    assert len(everything) == len(set(everything))
    assert len(GOOD) + len(BAD) > 200


def test_no_opinion_is_drawn_twice_and_verdicts_are_balanced(data):
    texts = [*data.train.texts, *data.held_out.texts]
    assert len(texts) == len(set(texts)) == 280
    assert sum(data.train.labels) == 100
    assert sum(data.held_out.labels) == 40
    assert opinions(200, 80).digest == data.digest
    assert opinions(200, 80, seed=1).digest != data.digest


def test_new_words_never_come_in_training():
    data = opinions(600, 80)
    known, new = lexicons()
    assert not {*known.good, *known.bad, *known.nouns} & {*new.good, *new.bad, *new.nouns}
    learned = {word for text in data.train.texts for word in words(text)}
    assert not learned & {*new.good, *new.bad, *new.nouns}
    fresh = [bool({*new.good, *new.bad} & set(words(text))) for text in data.held_out.texts]
    assert sum(fresh) == 40
    # All others have known adjectives; a noun or an ending may have missed the short training part.
    assert (data.new | ~np.array(fresh)).all()


def verdict(clause: str) -> bool:
    good = any(word in GOOD for word in words(clause))
    return good != bool(re.search(r"\b(not|nobody)\b", clause))


def test_what_comes_after_but_decides_and_says_otherwise():
    data, turned = opinions(400, 40), 0
    for text, label in zip(data.train.texts, data.train.labels, strict=True):
        *before, last = text.split(", but ")
        assert label == verdict(last), text
        assert [verdict(clause) for clause in before] == [not label] * len(before), text
        turned += len(before)
    assert 20 < turned < 60  # one of ten


def test_no_word_of_the_opinions_is_unknown_to_the_tokenizer():
    assert all(1 not in row for row in tokenise([*GOOD, *BAD, *NOUNS]))


def test_bytes_give_the_same_texts_back(data):
    again = Labelled.from_bytes(data.to_bytes())
    assert (again.digest, again.classes, again.held_out) == (
        data.digest,
        data.classes,
        data.held_out,
    )
    for odd in (b"", b"[]", b'["x", "[[\\"a\\", \\"b\\"], [[\\"t\\"], [5]], [[], []]]"]'):
        with pytest.raises(ValueError, match="labelled texts"):
            Labelled.from_bytes(odd)


def test_chosen_examples_are_balanced_and_nested(data):
    few, more = set(data.chosen(20, 3)), set(data.chosen(100, 3))
    assert len(few) == 20
    assert few < more
    assert sum(data.train.labels[n] for n in few) == 10
    assert few != set(data.chosen(20, 4))
    assert len(data.chosen(0, 3)) == len(data.chosen(10_000, 3)) == 200


def test_a_rare_class_is_chosen_as_far_as_it_goes():
    labels = (0,) * 30 + (1,) * 2
    part = Examples(tuple(f"text {n}" for n in range(32)), labels)
    chosen = Labelled("", ("a", "b"), part, part).chosen(10, 0)
    assert len(chosen) == 10
    assert sum(labels[n] for n in chosen) == 2


def test_long_texts_are_cut_and_keep_their_end_mark():
    (ids,) = tokenise(["word " * 500])
    assert len(ids) == LONGEST
    assert (ids[0], ids[-1]) == (2, 3)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["", "text{}label\n"])
def test_a_table_is_read_whatever_separates_it(separator, header):
    found = read_labelled(table(ROWS, separator, header.format(separator)))
    assert found.classes == ("bad", "good")
    assert (len(found.train), len(found.held_out)) == (48, 12)
    assert sum(found.held_out.labels) == 6
    assert not set(found.train.texts) & set(found.held_out.texts)
    for part in (found.train, found.held_out):
        for text, label in zip(part.texts, part.labels, strict=True):
            assert int(text.split()[-1]) % 2 == label


def test_labels_may_stand_first_and_texts_hold_separators_in_quotes():
    rows = [(f'"{label}"', f'"one, two; number {n}"') for n, (_, label) in enumerate(ROWS)]
    found = read_labelled(table(rows))
    assert found.classes == ("bad", "good")
    assert all(text.startswith("one, two; number") for text in found.train.texts)


def test_latin_1_and_copies():
    rows = [(f"très bien {n}", "oui") for n in range(30)] + [
        (f"raté {n}", "non") for n in range(30)
    ]
    data = table([*rows, *rows[:7]]).decode().encode("latin-1")
    found = read_labelled(data)
    assert any(text.startswith("très bien") for text in found.train.texts)
    assert "7 rows" in found.remarks[0]


def test_what_the_lab_offers_as_an_example_can_be_read(data):
    assert read_labelled(to_table(data)).classes == data.classes


def test_too_many_rows_are_cut_and_it_is_said():
    rows = [(f"text {n}", n % 2) for n in range(20_010)]
    found = read_labelled(table(rows))
    assert len(found.train) + len(found.held_out) == 20_000
    assert len(found.held_out) == 1_000
    assert "first 20,000 of 20,010" in found.remarks[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty|table"),
        (b"\x89PNG" + bytes(200), "PNG"),
        (b"just a line of prose\n" * 60, "no table"),
        (table(ROWS[:30]), "30 different texts and at least 40"),
        (table([(text, "good") for text, _ in ROWS]), "same label, 'good'"),
        (table([(t, f"l{n % 7}") for n, (t, _) in enumerate(ROWS)]), "7 different labels and 6"),
        (table([*ROWS, ("no label here", "")]), "Line 61 has no label"),
        (table([*ROWS, ("", "good")]), "Line 61 has no text"),
        (table([*ROWS, ("one, two", "good")]), "Line 61 has 3 columns"),
        (table(ROWS) + b"\nalone", "Line 61 has one column"),
        (table([*ROWS, ("once", "odd")]), "'odd' has 1 texts only"),
        (table([(t, label * 20) for t, label in ROWS]), "longer than 40"),
        (table([*ROWS[:50], ('"' + "never closed" * 20_000, "good")]), "quotation mark"),
        (b"x" * 5_000_001, "limit"),
    ],
)
def test_a_table_that_cannot_be_used_gets_one_sentence(data, said):
    with pytest.raises(LabelError, match=said) as error:
        read_labelled(data)
    assert str(error.value).count("\n") == 0


def test_the_baseline_reaches_the_optimum():
    """At the minimum the gradient is zero; and more decay gives smaller weights."""
    texts = ("good film", "bad film", "good play", "bad play", "good", "bad bad")
    part = Examples(texts, (1, 0, 1, 0, 1, 0))
    found = bag.fit(part, 2, decay=0.5)
    rows = bag._rows(texts, found.places)
    error = found.probabilities(texts) - np.eye(2)[list(part.labels)]
    gradient = bag._spread(rows, error, len(found.weights)) + 0.5 * found.weights
    assert np.abs(gradient).max() < 1e-3
    assert np.abs(bag.fit(part, 2, decay=5).weights).max() < np.abs(found.weights).max()
    said = found.probabilities(["a good thing", "bad", "unheard of"])
    assert said[0, 1] > 0.6
    assert said[1, 0] > 0.6
    assert said[2, 0] == pytest.approx(0.5, abs=1e-3)


def test_the_baseline_cannot_know_new_words(data):
    shares = bag.baseline(data).shares(data)
    assert set(shares) == {"words", "words_new", "words_known", "majority"}
    new = data.new.mean()
    mixed = new * shares["words_new"] + (1 - new) * shares["words_known"]
    assert shares["words"] == pytest.approx(mixed)
    assert shares["majority"] == 0.5
    assert bag.baseline(data) is bag.baseline(data)
