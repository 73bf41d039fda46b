"""Scores of the association test by hand, sittings by their seeds, and what a browser may send."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lab.bias.iat import course_score, improved_d
from lab.bias.iat_session import (
    COMPATIBLE,
    FLOWERS,
    INCOMPATIBLE,
    INSECTS,
    PLEASANT,
    PRACTICE,
    UNPLEASANT,
    WORDS,
    plan,
    read,
    simulate,
    simulated_differences,
    times,
)
from lab.bias.weat import effect_size

QUICK, SLOW = [500, 600, 700], [800, 900, 1000]
# Of 500 ... 1000: mean 750, squares 2 (250^2 + 150^2 + 50^2) = 175,000.
BY_HAND = {0: 300 / math.sqrt(175_000 / 6), 1: 300 / math.sqrt(175_000 / 5)}
STIMULI = Path(__file__).parents[4] / "shared/data/bias/weat_stimuli.json"


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("score", [course_score, improved_d])
def test_score_by_hand(score, ddof):
    found = score(QUICK, SLOW, ddof=ddof)
    assert found.value == pytest.approx(BY_HAND[ddof])
    assert (found.compatible, found.incompatible, found.difference) == (600, 900, 300)
    assert found.error == pytest.approx(math.sqrt(10_000 / 3 + 10_000 / 3))
    assert (found.trials, found.dropped, found.ddof) == ((3, 3), 0, ddof)


def test_it_is_the_quotient_that_weat_has():
    rng = np.random.default_rng(0)
    quick, slow = rng.normal(700, 90, 32), rng.normal(800, 90, 32)
    assert course_score(quick, slow).value == pytest.approx(effect_size(slow, quick, ddof=1))
    assert course_score(slow, quick).value == pytest.approx(-effect_size(slow, quick, ddof=1))


def test_with_the_difference_in_its_deviation_no_score_is_beyond_two():
    assert course_score([600, 600], [900, 900], ddof=0).value == pytest.approx(2)
    assert course_score([600, 600], [900, 900]).value == pytest.approx(math.sqrt(3))


def test_late_trials_count_for_the_course_and_not_for_d():
    late = [*SLOW, 10_001]
    assert improved_d(QUICK, late).value == pytest.approx(BY_HAND[1])
    assert (improved_d(QUICK, late).dropped, improved_d(QUICK, late).trials) == (1, (3, 3))
    assert course_score(QUICK, late).incompatible == pytest.approx(12_701 / 4)
    assert improved_d(QUICK, [*SLOW, 10_000]).dropped == 0  # only over 10,000


def test_who_is_too_fast_too_often_has_no_d():
    nine = [500 + n for n in range(9)]
    assert improved_d([299, *nine], SLOW * 3).trials == (10, 9)  # 1 of 19: at most a tenth
    assert improved_d([300] * 9 + [301], [*SLOW * 3, 300]).dropped == 0  # 300 itself is not fast
    assert improved_d([299, *nine], [299, *SLOW * 3]).trials == (10, 10)  # exactly a tenth
    with pytest.raises(ValueError, match="3 of 20 answers took less than 300 ms, more than 10%"):
        improved_d([299, 299, *nine[1:]], [299, *SLOW * 3])
    # A late trial is gone before fast ones are counted: 1 of 9 is more than a tenth, 1 of 10 not.
    with pytest.raises(ValueError, match="1 of 9 answers"):
        improved_d([299, *QUICK], [*SLOW, 950, 960, 10_500])


@pytest.mark.parametrize("score", [course_score, improved_d])
@pytest.mark.parametrize(
    ("compatible", "incompatible", "said"),
    [
        ([], SLOW, "compatible block needs a list of at least two times"),
        (QUICK, [900], "incompatible block needs"),
        ([QUICK], SLOW, "needs a list"),
        ([500, float("nan")], SLOW, "A time of the compatible block is not a positive number"),
        ([500, 600], [0, 800], "incompatible block is not a positive"),
        ([700, 700], [700, 700], "All times are equal"),
    ],
)
def test_bad_times_are_refused_in_a_sentence(score, compatible, incompatible, said):
    with pytest.raises(ValueError, match=said):
        score(compatible, incompatible)


def test_a_block_of_late_trials_and_another_divisor_are_refused():
    with pytest.raises(ValueError, match="fewer than two trials took at most 10,000 ms"):
        improved_d(QUICK, [800, 20_000, 30_000])
    with pytest.raises(ValueError, match="ddof is 0 or 1, not 2"):
        course_score(QUICK, SLOW, ddof=2)


@pytest.mark.parametrize("seed", range(8))
def test_a_sitting_has_every_word_once_in_each_scored_block(seed):
    blocks = plan(seed)
    assert [len(block.words) for block in blocks] == [8, 8, 32, 8, 32]
    first, second = (COMPATIBLE, INCOMPATIBLE)[:: 1 if seed % 2 == 0 else -1]
    assert [b.part for b in blocks] == [PRACTICE, PRACTICE, first, PRACTICE, second]
    for block in blocks:
        assert all(w in WORDS[c] for w, c in zip(block.words, block.categories, strict=True))
        assert sum(block.lefts) == len(block.words) / 2
        if block.part == PRACTICE:
            continue
        assert Counter(block.words) == Counter(w for words in WORDS.values() for w in words)
        kinds = [category in (FLOWERS, INSECTS) for category in block.categories]
        assert kinds == [True, False] * 16
        together = {FLOWERS, PLEASANT} if block.part == COMPATIBLE else {INSECTS, PLEASANT}
        assert together in (set(block.left), set(block.right))


def test_things_change_sides_in_the_middle_and_attributes_stay():
    for seed in range(8):
        one, two, three, four, five = plan(seed)
        assert (four.left, four.right) == (one.right, one.left)
        assert three.left == one.left + two.left
        assert five.left == four.left + two.left
    assert {plan(seed)[1].left for seed in range(8)} == {(PLEASANT,), (UNPLEASANT,)}
    assert plan(2) != plan(4)
    with pytest.raises(ValueError, match="not negative"):
        plan(-1)


def test_words_are_those_of_the_published_lists():
    if not STIMULI.exists():
        pytest.skip("needs the shared word lists")
    lists = json.loads(STIMULI.read_text(encoding="utf-8"))["tests"][0]
    keys = {FLOWERS: "targ1", INSECTS: "targ2", PLEASANT: "attr1", UNPLEASANT: "attr2"}
    for category, key in keys.items():
        assert set(WORDS[category]) <= set(lists[key]["words"])


def sent(seed=3):
    sizes = [len(block.words) for block in plan(seed)]
    return {
        "seed": seed,
        "times": [[100.5 * (n + 1)] * size for n, size in enumerate(sizes)],
        "errors": [[n] * size for n, size in enumerate(sizes)],
    }


def test_what_the_browser_sends_becomes_scored_trials():
    trials, blocks = read(3, sent()), plan(3)
    assert len(trials) == 64
    assert [trial.word for trial in trials] == [*blocks[2].words, *blocks[4].words]
    assert times(trials, INCOMPATIBLE).tolist() == [301.5] * 32  # an odd seed: it comes first
    assert times(trials, COMPATIBLE).tolist() == [502.5] * 32
    assert (trials[0].number, trials[31].number, trials[32].number) == (1, 32, 1)
    assert (trials[0].errors, trials[-1].errors) == (2, 4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.update(seed=4),
        lambda raw: raw.pop("times"),
        lambda raw: raw["times"].pop(),
        lambda raw: raw["times"][2].pop(),
        lambda raw: raw["times"][2].__setitem__(0, "fast"),
        lambda raw: raw["times"][2].__setitem__(0, float("nan")),
        lambda raw: raw["times"][2].__setitem__(0, 1e9),
        lambda raw: raw["times"][2].__setitem__(0, -1),
        lambda raw: raw["errors"][4].__setitem__(0, 0.5),
        lambda raw: raw["errors"][4].__setitem__(0, True),
    ],
)
def test_anything_else_is_refused(spoil):
    raw = sent()
    spoil(raw)
    with pytest.raises(ValueError, match="begin again"):
        read(3, raw)


@pytest.mark.parametrize("raw", [None, [], "x", 7])
def test_no_sitting_at_all_is_refused(raw):
    with pytest.raises(ValueError, match="begin again"):
        read(3, raw)


def test_a_simulated_person_repeats_itself_and_has_the_difference_that_was_asked():
    assert simulate(5) == simulate(5) != simulate(6)
    scored = [block for block in plan(5) if block.part != PRACTICE]
    assert [t.word for t in simulate(5)] == [word for block in scored for word in block.words]
    # Half begin with either block, so practice cancels: the mean is within 3 standard errors.
    for slower in (0, 200, -100):
        found = simulated_differences(slower, 200)
        assert abs(found.mean() - slower) < 3 * found.std() / math.sqrt(200)
    with pytest.raises(ValueError, match="between -400 and 400"):
        simulate(0, 500)
