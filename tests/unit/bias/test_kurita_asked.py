"""What a page asks of the score, on a reader whose probabilities are written down."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from lab.bias import kurita
from lab.bias.units import Odds
from lab.masked.readers import Reader

# Word in the sentence -> P(he), P(she) at the blank; without any of them the last one.
SAID = {"good": (0.6, 0.2), "kind": (0.4, 0.2), "bad": (0.3, 0.4), "##y": (0.2, 0.4)}
PRIOR = (0.5, 0.25)
PLAIN = {"text": "{target} is {attribute} .", "first": ["he"], "second": ["she"]}
OTHER = PLAIN | {"text": "so {attribute} , said {target} ."}
LISTS = [["good", "kind"], ["bad"]]


class Written(Reader):
    """Knows a few words; "nasty" is two pieces."""

    name, mask, mask_id, unknown_id, longest, padded = "Written", "[MASK]", 1, 0, 50, True
    words = ("[UNK]", "[MASK]", "he", "she", *SAID, "nast", "is", ".", "so", ",", "said")
    size = len(words)

    def numbers(self, sentences):
        """See `Reader`."""
        rows = [one.lower().replace("nasty", "nast ##y").split() for one in sentences]
        rows = [[self.mask if w == "[mask]" else w for w in row] for row in rows]
        return [[self.words.index(w) if w in self.words else 0 for w in row] for row in rows]

    def show(self, ids):
        """See `Reader`."""
        return [self.words[number] for number in ids]

    def logits(self, batch):
        """Nobody asks: `guesses` is written below."""
        raise AssertionError(batch)

    def guesses(self, rows):
        """See `Reader`."""
        for number, row in enumerate(rows):
            seen = [SAID[word] for word in self.show(row) if word in SAID]
            he, she = seen[0] if seen else PRIOR
            rest = (1 - he - she) / (self.size - 2)
            chances = np.full((len(self.blanks(row)), self.size), math.log(rest))
            chances[:, 2:4] = math.log(he), math.log(she)
            yield number, chances


def test_scores_by_hand_with_places_and_token_numbers():
    found = kurita.ask(Written(), [PLAIN, OTHER], LISTS)
    scores = {(row["template"], row["attribute"]): row["score"] for row in found["rows"]}
    for number in (0, 1):
        assert scores[number, "good"] == pytest.approx(math.log(3 / 2))
        assert scores[number, "kind"] == pytest.approx(math.log(1))
        assert scores[number, "bad"] == pytest.approx(math.log(0.75 / 2))
    values = np.log([1.5, 1, 0.375])
    d = (values[:2].mean() - values[2]) / values.std(ddof=1)
    assert [one["effect_size"] for one in found["templates"]] == pytest.approx([d, d])
    units = {one["unit"]: one for one in found["units"]}
    assert units["words"]["d"] == pytest.approx(d)
    assert (units["words"]["n"], units["rows"]["n"]) == ([2, 1], [4, 2])
    assert units["words"]["p_low"] == units["words"]["p_high"] == pytest.approx(1 / 3)
    assert units["targets"]["d"] == pytest.approx(math.sqrt(2))
    one = next(s for s in found["sentences"] if (s["template"], s["attribute"]) == (1, "bad"))
    assert one["tokens"] == ["so", "bad", ",", "said", "[MASK]", "."]
    assert (one["place"], one["prior_place"], one["pieces"]) == (4, 4, 1)
    assert one["ids"][1] == Written.words.index("bad")
    assert one["prior_ids"][1] == Written.mask_id
    assert one["prior_ids"][2:] == one["ids"][2:]
    assert found["refused"] == []
    json.dumps(found)


def test_an_attribute_of_two_pieces_keeps_its_length_and_is_counted():
    found = kurita.ask(Written(), [PLAIN], [["good"], ["bad", "nasty"]])
    one = found["sentences"][-1]
    assert (one["attribute"], one["pieces"]) == ("nasty", 2)
    assert one["prior_tokens"] == ["[MASK]", "is", "[MASK]", "[MASK]", "."]
    assert one["prior_ids"] == [1, Written.words.index("is"), 1, 1, Written.words.index(".")]


def test_without_a_prior_the_odds_are_the_score():
    found = kurita.ask(Written(), [PLAIN], LISTS, "none")
    assert found["rows"][0]["score"] == pytest.approx(math.log(3))
    assert found["readings"][0]["prior"] is None
    assert found["sentences"][0]["prior_ids"] == []


def test_targets_and_words_that_cannot_be_read_are_left_out_and_named():
    both = PLAIN | {"first": ["he", "nasty"]}
    none = OTHER | {"second": ["nasty"]}
    found = kurita.ask(Written(), [none, both], [["good", "zzz"], ["bad"]])
    assert found["kept"] == [1]
    assert {row["template"] for row in found["rows"]} == {1}
    assert {one["target"] for one in found["readings"]} == {"he", "she"}
    assert {row["attribute"] for row in found["rows"]} == {"good", "bad"}
    said = " ".join(found["refused"])
    assert "“nasty” is 2 pieces" in said
    assert "does not know “zzz”" in said
    assert "Sentence 1 is left out" in said


@pytest.mark.parametrize(
    ("template", "lists", "message"),
    [
        (OTHER | {"second": ["nasty"]}, LISTS, "2 pieces.*No sentence is left"),
        (PLAIN, [["zzz"], ["bad"]], "knows no word of one of the two lists"),
        (PLAIN | {"text": "{target} is good"}, LISTS, "needs {target} and {attribute} once"),
    ],
)
def test_what_cannot_be_asked(template, lists, message):
    with pytest.raises(ValueError, match=message):
        kurita.ask(Written(), [template], lists)


def test_the_record_of_kurita_et_al():
    paper, none = (kurita.effect_sizes("career_family", prior) for prior in ("paper", "none"))
    assert paper["rows"] == pytest.approx(1.125524, abs=1e-6)
    assert paper["words"] == pytest.approx(none["words"]) == pytest.approx(1.540971, abs=1e-6)
    assert none["rows"] != pytest.approx(paper["rows"], abs=0.1)
    found = kurita.recorded_answer("career_family", "masked")
    assert found["prior"] == "paper"  # the only one that was recorded
    assert [one["n"] for one in found["units"]] == [[24, 24], [8, 8], [0, 0]]
    assert found["units"][0]["d"] == pytest.approx(paper["rows"])


def test_many_observations_have_no_p_value():
    rows = [Odds(t, f"w{w}", "AB"[w % 2], float(w + t), 0.0) for t in range(13) for w in range(80)]
    rows_unit, words, _ = kurita.verdicts(rows)
    assert (rows_unit["p_low"], sum(rows_unit["n"])) == (None, 1040)
    assert words["p_low"] <= words["p_high"] <= 1


def test_the_odd_one_out_is_furthest_from_the_mean_of_the_others():
    found = kurita.spread([1.0, None, 1.2, -0.4])
    assert (found["odd"], found["turns"]) == (3, True)
    assert found["off"] == pytest.approx(1.5)
    assert (found["low"], found["high"]) == (-0.4, 1.2)
    assert found["mean"] == pytest.approx(0.6)
    assert not kurita.spread([1.0, -0.1])["turns"]  # so near to zero there is no sign
    assert kurita.spread([1.0, 2.0])["odd"] == -1
    assert kurita.spread([None]) is None
