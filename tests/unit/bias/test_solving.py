"""Analogies over a vocabulary: by hand, and against the plain form in lab.bias.analogy."""

from __future__ import annotations

import numpy as np
import pytest

from lab.bias import solving
from lab.bias.analogy import METHODS, analogy
from lab.bias.solving import ADD, MULTIPLY, Question, questions, solve, tally
from lab.bias.tables import Table

# On the plane: to the right royalty, upwards a gender. b - a + c of (man, king, woman) is (2, 1).
WORDS = ("man", "king", "woman", "queen", "far")
PLANE = np.array([[1, 0], [3, 0.5], [1, 1], [2, 1.1], [-1, -1]], dtype=np.float32)
ASKED = Question("man", "king", "woman")


def table(words=WORDS, vectors=PLANE) -> Table:
    return Table(tuple(words), np.asarray(vectors, dtype=np.float32))


@pytest.fixture(scope="module")
def random() -> Table:
    vectors = np.random.default_rng(3).normal(size=(40, 6))
    return table([f"w{n}" for n in range(40)], vectors)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("exclude", [True, False])
def test_the_plain_form_is_an_oracle(random, method, exclude):
    for a, b, c in ((0, 1, 2), (5, 9, 30), (7, 7, 8)):
        asked = Question(f"w{a}", f"w{b}", f"w{c}")
        ours = solve(random, asked, method, exclude, count=12)
        plain = analogy(random.words, random.vectors, *asked, method=method, exclude=exclude)
        assert [one.word for one in ours.answers[:10]] == [one.word for one in plain]
        assert [one.given for one in ours.answers[:10]] == [one.given for one in plain]
        assert [one.score for one in ours.answers[:10]] == pytest.approx(
            [one.score for one in plain], abs=1e-5
        )


def test_a_score_is_the_sum_of_its_parts(random):
    for normalise in (True, False):
        solved = solve(random, Question("w1", "w2", "w3"), normalise=normalise)
        for one in solved.answers:
            parts = np.dot(solved.weights, (one.to_a, one.to_b, one.to_c))
            assert one.score == pytest.approx(parts, abs=1e-5)
    assert solve(random, Question("w1", "w2", "w3"), MULTIPLY).weights is None


def test_without_equal_lengths_the_score_is_the_cosine_to_the_raw_sum():
    solved = solve(table(), ASKED, normalise=False, exclude=False, count=5)
    wanted = np.array([3.0, 1.5])
    by_hand = {
        w: float(v @ wanted / np.linalg.norm(v) / np.linalg.norm(wanted))
        for w, v in zip(WORDS, PLANE, strict=True)
    }
    assert {one.word: one.score for one in solved.answers} == pytest.approx(by_hand, abs=1e-5)
    assert solved.best.word == "queen"


def test_ranks_of_the_given_words_are_among_all_words():
    solved = solve(table(), ASKED, exclude=True)
    everything = solve(table(), ASKED, exclude=False)
    assert [one.word for one in solved.answers] == ["queen", "far"]
    assert solved.ranks == everything.ranks
    order = [one.word for one in everything.answers]
    assert {word: order.index(word) + 1 for word in ASKED} == solved.ranks
    assert not solved.best.given


def test_the_baselines_leave_the_given_words_out():
    solved = solve(table(), ASKED)
    assert (solved.near_b, solved.near_c) == ("queen", "queen")
    assert solved.between == pytest.approx(1 / 2**0.5, abs=1e-6)


def test_an_unknown_word_or_method_is_refused():
    with pytest.raises(ValueError, match="“Unicorn” has no vector"):
        solve(table(), Question("man", "king", "Unicorn"))
    with pytest.raises(ValueError, match="no method"):
        solve(table(), ASKED, "3CosDivide")


def test_the_tally_counts_four_ways(monkeypatch):
    rows = {
        "royal": ((ASKED, "queen"), (Question("man", "king", "woman"), "far")),
        "lost": ((Question("man", "king", "unicorn"), "queen"),),
    }
    monkeypatch.setattr(solving, "questions", lambda: rows)
    royal, lost = tally(table())
    # With the given words allowed, king itself is nearest to king - man + woman here.
    first = solve(table(), ASKED, exclude=False).best
    assert royal[:4] == ("royal", 2, 2, 1)
    assert royal.among == (first.word == "queen")
    assert royal.near_b == royal.near_c == 1
    assert royal.returned == 2 * first.given
    assert lost == ("lost", 1, 0, 0, 0, 0, 0, 0)


def test_our_questions_are_twelve_of_each_kind_and_no_question_twice():
    found = questions()
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "capital": 12,
        "gender": 12,
        "plural": 12,
    }
    asked = [question for rows in found.values() for question, _ in rows]
    assert len(set(asked)) == len(asked)
    assert all(len({*q, answer}) == 4 for rows in found.values() for q, answer in rows)


def test_methods_are_those_of_the_library():
    assert (ADD, MULTIPLY) == METHODS
