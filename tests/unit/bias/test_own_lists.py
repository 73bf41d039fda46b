"""One's own word lists: typed, from CSV, shared as JSON, checked."""

from __future__ import annotations

import json

import pytest

from lab.bias import own_lists as o
from lab.bias.stimuli import StimuliError, weat_test


def small():
    return o.own("ant, bee", "rose; lily\ntulip", "good", "bad,ugly", title="Mine")


def test_words_are_cut_at_commas_semicolons_and_lines():
    assert o.read_words(" ant,bee ;; New  York\r\nfly,") == ("ant", "bee", "New York", "fly")
    found = small()
    assert [one.words for one in found.sets.values()] == [
        ("ant", "bee"), ("rose", "lily", "tulip"), ("good",), ("bad", "ugly"),
    ]  # fmt: skip
    with pytest.raises(StimuliError, match="A is empty"):
        o.own("a", "b", " , ", "c")
    with pytest.raises(StimuliError, match="at most 200"):
        o.read_words(",".join(map(str, range(201))))
    with pytest.raises(StimuliError, match="longer than 60"):
        o.read_words("x" * 61)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_with_four_columns(mark):
    lines = ["\ufeffInsects,Flowers,Good,Bad", "ant,rose,love,war", "bee,,,", ",,peace,"]
    found = o.read_csv("\n".join(lines).replace(",", mark), "From a sheet")
    assert o.WordSet("Insects", ("ant", "bee")) == found.X
    assert found.A.words == ("love", "peace")
    assert found.title == "From a sheet"


@pytest.mark.parametrize("text", ["", "a,b,c", "a,b,c,d\n1,2,3,4,5", "just words"])
def test_other_tables_are_refused(text):
    with pytest.raises(StimuliError, match="four columns"):
        o.read_csv(text)


def test_json_goes_out_and_comes_back():
    assert o.from_json(o.to_json(small())) == small()
    shared = o.from_json(o.to_json(weat_test("weat9")))
    assert shared.sets == weat_test("weat9").sets
    assert shared.source == weat_test("weat9").source


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "other"}, "no file of word lists"),
        ({"X": ["ant"]}, "list X"),
        ({"Y": {"name": "Y", "words": ["a", 3]}}, "list Y"),
        ({"A": {"name": "A", "words": []}}, "list A"),
        ({"B": {"name": 1, "words": ["a"]}}, "list B"),
        ({"X": {"name": "X", "words": ["a"] * 201}}, "at most 200"),
        ({"title": 3}, "no text"),
    ],
)
def test_damaged_json_is_refused_by_its_part(change, said):
    with pytest.raises(StimuliError, match=said):
        o.from_json(json.dumps(json.loads(o.to_json(small())) | change))


@pytest.mark.parametrize("text", ["", "[", "[" * 50_000, "3", "x" * 100_001])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(StimuliError):
        o.from_json(text)


def test_what_is_to_know_about_words():
    given = o.own("ant, ant, bee", "rose, bee", "good", "bad, rose")
    found = {(f.word, f.what): f for f in o.check(given, {"ant", "bee", "good", "bad"})}
    assert set(found) == {
        ("ant", "duplicate"), ("bee", "in two sets"), ("rose", "in two sets"), ("rose", "missing"),
    }  # fmt: skip
    assert found["bee", "in two sets"].role == "X+Y"
    assert "cancels" in found["bee", "in two sets"].message
    assert "cosine to itself" in found["rose", "in two sets"].message
    assert [f.stops for f in found.values()] == [False, False, False, True]
    pieces = o.check(given, pieces=lambda word: 2 if word == "good" else 1)
    assert [f.word for f in pieces if f.what == "pieces"] == ["good"]
    assert o.without(given, {"rose"}).Y.words == ("bee",)
    with pytest.raises(StimuliError, match="None of the words of A"):
        o.without(given, {"good"})
