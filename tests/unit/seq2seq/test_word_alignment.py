"""Alignment scores by hand, and against NLTK's."""

import math
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from nltk.translate import AlignedSent, Alignment, IBMModel1
from nltk.translate import alignment_error_rate as nltk_error_rate

from lab.seq2seq import Pair, alignment_accuracy, alignment_error_rate, load, read_pairs
from lab.seq2seq.alignment import _Cells, diagonal, ibm_model_1

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "text" / "align"


def test_accuracy_by_hand():
    pair = Pair(("a", "b"), ("x", "y", "z"), frozenset({(0, 0)}), frozenset({(0, 1), (1, 1)}))
    # x has to look at a, y may look at both, z has no gold
    looks = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
    assert alignment_accuracy([(looks, pair)]) == 1.0
    assert alignment_accuracy([(looks[:, ::-1], pair)]) == 0.5
    assert alignment_accuracy([(np.array([1, 0, 0]), pair)]) == 0.5
    # one row and one column more for </s>; who looks at it looks wrong
    with_end = np.array([[0.1, 0.1, 0.8], [0.9, 0.1, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    assert alignment_accuracy([(with_end, pair)]) == 0.5
    # pooled over words: 2 of 2 and 0 of 1
    other = Pair(("a", "b"), ("x",), frozenset({(0, 0)}))
    assert alignment_accuracy([(looks, pair), (np.array([1]), other)]) == pytest.approx(2 / 3)
    assert math.isnan(alignment_accuracy([(np.array([0]), Pair(("a",), ("x",)))]))
    with pytest.raises(ValueError, match="2 rows cannot align 3"):
        alignment_accuracy([(looks[:2], pair)])


def test_error_rate_by_hand():
    sure, possible = {(0, 0), (1, 2)}, {(0, 0), (1, 2), (2, 1)}
    assert alignment_error_rate({(0, 0), (1, 2)}, sure, possible) == 0
    assert alignment_error_rate({(0, 0), (1, 2), (2, 1)}, sure, possible) == 0
    assert alignment_error_rate({(3, 3)}, sure, possible) == 1
    # one of two sure links found, one link beyond: 1 - (1 + 1) / (2 + 2)
    assert alignment_error_rate({(0, 0), (3, 3)}, sure, possible) == 0.5
    assert alignment_error_rate({(2, 1)}, sure, possible) == pytest.approx(1 - 1 / 3)
    assert math.isnan(alignment_error_rate(set(), set(), {(0, 0)}))


def test_error_rate_of_a_corpus_sums_before_it_divides():
    sure = [{(0, 0)}, {(i, i) for i in range(9)}]
    found = [{(0, 1)}, {(i, i) for i in range(9)}]
    # sentences: 1 and 0; together 1 - 18 / 20, and not their mean of 0.5
    assert alignment_error_rate(found, sure, sure) == pytest.approx(0.1)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        alignment_error_rate(found, sure[:1], sure)


def test_error_rate_against_nltk():
    draw = random.Random(0)
    cells = [(i, j) for i in range(6) for j in range(5)]
    for _ in range(300):
        found, sure = (set(draw.sample(cells, draw.randrange(1, 12))) for _ in range(2))
        possible = sure | set(draw.sample(cells, draw.randrange(8)))
        ours = alignment_error_rate(found, sure, possible)
        theirs = nltk_error_rate(Alignment(sure), Alignment(found), Alignment(possible))
        assert ours == pytest.approx(theirs, abs=1e-12)


def test_the_diagonal_by_hand():
    assert diagonal(3, 3) == {(0, 0), (1, 1), (2, 2)}
    assert diagonal(2, 4) == {(0, 0), (0, 1), (1, 2), (1, 3)}
    assert diagonal(6, 2) == {(1, 0), (4, 1)}
    assert diagonal(1, 3) == {(0, 0), (0, 1), (0, 2)}
    for source in range(1, 30):
        for target in range(1, 30):
            links = diagonal(source, target)
            assert {j for _, j in links} == set(range(target))
            assert all(0 <= i < source for i, _ in links)


TOY = [
    ("the house", "das Haus"),
    ("the book", "das Buch"),
    ("a book", "ein Buch"),
    ("the small house", "das kleine Haus"),
    ("a house a book", "ein Haus ein Buch"),
    ("the small small book", "das Buch"),
]


def toy() -> list[Pair]:
    return [Pair(tuple(source.split()), tuple(target.split())) for source, target in TOY]


def translation_table(pairs: list[Pair], iterations: int) -> dict[tuple[str | None, str], float]:
    # t(target word | source word) as model 1 learns it; None: the empty word
    cells = _Cells(pairs)
    sources, targets = list(cells.sources), list(cells.targets)
    return {
        (sources[key // len(targets)], targets[key % len(targets)]): value
        for key, value in zip(cells.keys.tolist(), cells.train(iterations).tolist(), strict=True)
    }


def test_model_1_by_hand():
    # One pair with one word each: half of it goes to the empty word. Two rounds change nothing.
    table = translation_table([Pair(("a",), ("x",))], 2)
    assert table == {("a", "x"): 1.0, (None, "x"): 1.0}
    # "a" with x; "a b" with x y. First round, equal shares: counts of a: x 1/2 + 1/3, y 1/3.
    pairs = [Pair(("a",), ("x",)), Pair(("a", "b"), ("x", "y"))]
    table = translation_table(pairs, 1)
    assert table["a", "x"] == pytest.approx(float(Fraction(5, 6) / Fraction(7, 6)))
    assert table["a", "y"] == pytest.approx(2 / 7)
    assert table["b", "x"] == table["b", "y"] == pytest.approx(1 / 2)
    # A word that stands twice counts twice: each x and the y give a third to a, b and nothing.
    table = translation_table([Pair(("a", "b"), ("x", "y", "x"))], 1)
    assert table["a", "x"] == pytest.approx(2 / 3)
    assert table[None, "y"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("iterations", [1, 2, 5, 20])
def test_model_1_against_nltk(iterations):
    # NLTK divides what a word that stands twice in a target gets by two (it sums the shares by
    # word, Brown et al. by position), so that pair stays out.
    pairs = [pair for pair in toy() if len(set(pair.target)) == len(pair.target)]
    assert len(pairs) == len(TOY) - 1
    theirs = IBMModel1(
        [AlignedSent(list(pair.target), list(pair.source)) for pair in pairs], iterations
    ).translation_table
    ours = translation_table(pairs, iterations)
    assert len(ours) == sum(len(row) for row in theirs.values())
    for (source, target), value in ours.items():
        assert value == pytest.approx(theirs[target][source], rel=1e-9, abs=1e-12)


def test_model_1_finds_the_words():
    links = ibm_model_1(toy(), 20)
    assert links[0] == {(0, 0), (1, 1)}
    assert links[3] == {(0, 0), (1, 1), (2, 2)}
    # of equal words the first
    assert links[4] == {(0, 0), (1, 1), (0, 2), (3, 3)}
    assert ibm_model_1([], 3) == []


def test_model_1_may_link_a_word_with_nothing():
    pairs = [Pair((word,), (word.upper(), "!")) for word in "abcdef"]
    assert ibm_model_1(pairs, 10) == [{(0, 0)}] * 6


def test_too_many_words_are_refused():
    long = Pair(("a",) * 3000, ("b",) * 3000)
    with pytest.raises(ValueError, match="use fewer pairs"):
        ibm_model_1([long])


def test_counting_aligns_the_generated_french_better_than_the_diagonal():
    pairs = load("french", 1000).train
    sure = [pair.sure for pair in pairs]
    counted = alignment_error_rate(ibm_model_1(pairs), sure, sure)
    straight = [diagonal(len(pair.source), len(pair.target)) for pair in pairs]
    assert counted < 0.2 < alignment_error_rate(straight, sure, sure)


@pytest.mark.skipif(not FOLDER.exists(), reason="shared/data is not here")
def test_model_1_on_real_sentences():
    corpus = read_pairs(
        (FOLDER / "enfr.src-tgt").read_bytes(),
        "Hansards",
        gold=(FOLDER / "enfr.gold").read_bytes(),
    )
    pairs = corpus.train + corpus.held_out
    gold = [pair.sure for pair in pairs], [pair.possible for pair in pairs]
    counted = alignment_error_rate(ibm_model_1(pairs), *gold)
    straight = [diagonal(len(pair.source), len(pair.target)) for pair in pairs]
    # Measured 0.511 and 0.538; only 447 pairs to count on.
    assert counted == pytest.approx(0.511, abs=0.005)
    assert alignment_error_rate(straight, *gold) == pytest.approx(0.538, abs=0.005)
