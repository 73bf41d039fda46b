"""A direction taken out of a vocabulary: what goes by hand, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from lab.bias import stays
from lab.bias.before_after import GENDERED, gendered, split, together, weat_twice
from lab.bias.stays import PairsError, clusters, company, leaning, neighbours, read_pairs, remove
from lab.bias.stimuli import weat_test
from lab.bias.tables import Table
from lab.bias.weat import weat


def test_pairs_are_read_in_the_ways_that_people_write_them():
    assert read_pairs("he she, Man-Woman;\nking / queen, he she") == [
        ("he", "she"),
        ("man", "woman"),
        ("king", "queen"),
    ]
    for text in ("he she they, a b", "he, she", "he he, a b", "<b>, a b"):
        with pytest.raises(PairsError, match="is no pair"):
            read_pairs(text)
    for text in ("he she", "", ",".join(f"a{n} b{n}" for n in range(41))):
        with pytest.raises(PairsError, match="2 to 40 pairs"):
            read_pairs(text)


@pytest.fixture(scope="module")
def town() -> Table:
    """Words with a part along the first axis, and the same stereotype along the second."""
    random = np.random.default_rng(0)
    words, rows = [], []
    for side, sign in (("h", 1), ("s", -1)):
        for n in range(30):
            words.append(f"{side}{n}")
            rows.append([sign * 0.6, sign * 0.5, *random.normal(scale=0.3, size=6)])
    for n in range(3):
        same = random.normal(scale=0.3, size=6)
        words += [f"he{n}", f"she{n}"]
        rows += [[1, 0, *same], [-1, 0, *same]]
    return Table(tuple(words), np.array(rows, dtype=np.float32))


PAIRS = [(f"he{n}", f"she{n}") for n in range(3)]


def test_the_direction_goes_and_the_neighbours_stay(town):
    removed = remove(town, PAIRS)
    assert abs(removed.found.vector[0]) > 0.999
    assert removed.found.vector[0] > 0  # to the first words
    assert removed.found.shares[0] > 0.999
    changed = [p for p, w in enumerate(town.words) if w not in removed.kept]
    assert np.abs(removed.after[changed] @ removed.found.vector).max() < 1e-6
    kept = [town.places[word] for word in removed.kept]
    assert (removed.after[kept] == town.unit[kept]).all()
    first, second = leaning(removed, 20)
    assert {town.words[p][0] for p in first} == {"h"}
    assert {town.words[p][0] for p in second} == {"s"}
    assert town.words[first[0]] == max(
        (w for w in town.words if w not in removed.kept),
        key=lambda w: removed.leans[town.places[w]],
    )
    found = together(removed, 30)
    assert found.near.before > 0.95
    assert 0.7 < found.near.after <= found.near.before  # the second axis tells them still
    assert found.clustered_before > 0.9
    assert found.clustered_after > 0.8


def test_without_a_shared_stereotype_nothing_stays(town):
    rows = town.vectors.copy()
    rows[:, 1] = 0
    found = together(remove(Table(town.words, rows), PAIRS), 30, near=5)
    assert found.clustered_before > 0.9
    assert found.clustered_after < 0.75
    assert found.near.after < found.near.before - 0.2


def test_company_and_neighbours_by_hand():
    words = ("he", "she", "x", "a", "b", "him", "her")
    rows = [[1, 0], [-1, 0], [0.5, 1], [0.6, 1], [-0.9, 1], [1, 0.1], [-1, 0.1]]
    table = Table(words, np.array(rows, dtype=np.float32))
    removed = remove(table, [("he", "she"), ("him", "her")])
    assert neighbours(removed, "x", 2) == (["a", "him"], ["a", "b"])
    (row,) = company(removed, ["x"], 2)
    assert row["before"] == 1.0
    assert row["after"] == 0.5  # b had leaned to she
    assert row["lean"] == pytest.approx(0.5 / 1.25**0.5, abs=0.02)
    with pytest.raises(ValueError, match="“unicorn” has no vector"):
        neighbours(removed, "unicorn")


def test_words_of_pairs_that_are_missing_are_named_and_too_few_pairs_refused(town):
    removed = remove(town, [*PAIRS, ("king", "she0")])
    assert removed.missing == ("king",)
    assert len(removed.pairs) == 3
    with pytest.raises(PairsError, match="1 of 2 pairs have vectors"):
        remove(town, [PAIRS[0], ("king", "queen")])


def test_a_word_that_lies_along_the_direction_stays(town):
    words = (*town.words, "all")
    rows = np.concatenate([town.vectors, remove(town, PAIRS).found.vector[None]])
    removed = remove(Table(words, rows.astype(np.float32)), PAIRS)
    assert np.isfinite(removed.after).all()


def test_pairs_by_lot_share_the_variance_more_evenly(town):
    shares = stays.shares_by_lot(town, 3)
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares) <= 0).all()
    assert shares[0] < remove(town, PAIRS).found.shares[0]


def test_clusters_find_two_heaps_and_nothing_in_noise():
    random = np.random.default_rng(1)
    heaps = np.repeat([[4, 0, 0, 0], [0, 4, 0, 0]], 20, axis=0) + random.normal(size=(40, 4)) / 2
    heaps /= np.linalg.norm(heaps, axis=1, keepdims=True)
    groups = [True] * 20 + [False] * 20
    assert clusters(heaps, groups) == 1.0
    noise = random.normal(size=(400, 4))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    assert clusters(noise, [True, False] * 200) < 0.6


def test_a_test_before_and_after_is_weat_on_the_vectors():
    sets = weat_test("weat8").sets
    lists = {role: [w.lower() for w in one.words] for role, one in sets.items()}
    words = list(dict.fromkeys(w for one in lists.values() for w in one))
    words += ["king", "queen", "boy", "girl"]
    words = list(dict.fromkeys(words))
    table = Table(
        tuple(words), np.random.default_rng(5).normal(size=(len(words), 9)).astype(np.float32)
    )
    removed = remove(table, [("king", "queen"), ("boy", "girl")], gendered("weat8"))
    found = weat_twice(removed, "weat8")
    wanted = weat(*(table.of(lists[role]) for role in "XYAB"))
    assert found.before.effect_size == pytest.approx(wanted.effect_size)
    assert found.before.p_value == wanted.p_value
    assert found.known == {role: len(one) for role, one in lists.items()}
    she = table.places["she"]
    assert (removed.after[she] == table.unit[she]).all()  # a list of one gender stays
    with pytest.raises(ValueError, match="These vectors know 0 of the 25 words"):
        weat_twice(removed, "weat1")


def test_lists_of_one_gender():
    assert {"she", "brother"} <= gendered("weat7")
    assert {"amy", "john"} <= gendered("weat6")
    assert "math" not in gendered("weat7")
    assert not gendered("weat1")
    assert set(GENDERED) == {"weat1", "weat6", "weat7", "weat8"}


def test_a_typed_list_is_split_into_known_and_unknown(town):
    assert split(town, "H1, s2 H1\nunicorn") == (["h1", "s2"], ["unicorn"])
