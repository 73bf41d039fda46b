"""Four pretext tasks on one sentence, against answers by hand and against the papers' shares."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from lab.masked import objectives
from lab.masked.vocabulary import SPECIAL

PARTY = ["Thank", "you", "for", "inviting", "me", "to", "your", "party", "last", "week"]
VOCABULARY = (*SPECIAL, *(f"w{n}" for n in range(40)))


def test_the_example_of_t5s_paper():
    source, target = objectives.hide_spans(PARTY, [(2, 4), (8, 9)])
    assert " ".join(source) == "Thank you <extra_id_0> me to your party <extra_id_1> week"
    assert " ".join(target) == "<extra_id_0> for inviting <extra_id_1> last <extra_id_2>"


def test_spans_hide_15_percent_in_stretches_of_three():
    hidden = number = 0
    for seed in range(200):
        spans = objectives.draw_spans(100, seed)
        assert spans[0][0] >= 0
        assert all(a[1] < b[0] for a, b in pairwise(spans))  # none touch
        assert spans[-1][1] <= 100
        hidden += sum(end - start for start, end in spans)
        number += len(spans)
    assert hidden == 200 * 15
    assert number == 200 * 5
    assert objectives.draw_spans(100, 3) == objectives.draw_spans(100, 3)
    assert len({tuple(objectives.draw_spans(100, seed)) for seed in range(20)}) > 15
    assert {objectives.draw_spans(2, seed)[0] for seed in range(9)} == {(0, 1), (1, 2)}
    hit = {n for seed in range(99) for a, b in objectives.draw_spans(10, seed) for n in range(a, b)}
    assert hit == set(range(10))  # any token can be hidden
    with pytest.raises(ValueError, match="two tokens"):
        objectives.draw_spans(1, 0)


def test_source_and_target_together_hold_the_text_once():
    for seed in range(20):
        spans = objectives.draw_spans(len(PARTY), seed, share=0.5, mean=2)
        source, target = objectives.hide_spans(PARTY, spans)
        words = [t for t in source + target if not objectives.is_sentinel(t)]
        assert Counter(words) == Counter(PARTY)


def test_blanks_say_what_became_of_each_token():
    tokens = [f"w{n}" for n in range(40)]
    places = objectives.blanks(tokens, VOCABULARY, seed=1, share=0.5)
    assert [place.token for place in places] == tokens
    fates = Counter(place.fate for place in places)
    assert fates == {"": 20, "masked": 16, "random": 2, "kept": 2}
    for place in places:
        assert place.predicted == (place.fate != "")
        if place.fate == "masked":
            assert place.shown == "[MASK]"
        elif place.fate != "random":
            assert place.shown == place.token
        else:
            assert place.shown not in SPECIAL
    assert places == objectives.blanks(tokens, VOCABULARY, seed=1, share=0.5)
    assert places != objectives.blanks(tokens, VOCABULARY, seed=2, share=0.5)


def test_an_unknown_token_is_never_chosen():
    for seed in range(20):
        places = objectives.blanks(["w1", "☂", "w2"], VOCABULARY, seed, share=0.9)
        assert places[1] == ("☂", "☂", "")


def test_pairs_have_segments_and_half_of_them_follow():
    text, others = [["a", "b"], ["c"], ["d", "e", "f"]], [["x"], ["y"]]
    follows = 0
    for seed in range(200):
        first, second = objectives.next_sentences(text, others, seed)
        follows += first.follows + second.follows
        assert first.tokens[:4] == ["[CLS]", "a", "b", "[SEP]"]
        assert first.tokens[4] == "c" if first.follows else first.tokens[4] in "xy"
        assert first.segments == [0, 0, 0, 0, 1, 1]
        assert second.tokens[:3] == ["[CLS]", "c", "[SEP]"]
    assert 160 < follows < 240  # of 400: four deviations
    with pytest.raises(ValueError, match="two sentences"):
        objectives.next_sentences([["a"]], others, 0)


def test_gpt_sees_what_stands_before():
    assert objectives.next_tokens(["a", "b", "c"]) == [
        (["<s>"], "a"), (["<s>", "a"], "b"), (["<s>", "a", "b"], "c")
    ]  # fmt: skip
