"""What was recorded of large models: the file, and that it is what the recording says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.recorded.make_fill_mask import make
from lab.masked.recorded import PATH, TOP, models

# The recordings lie beside the repository, where they are at all.
DATA = Path(__file__).parents[4] / "shared" / "data" / "bias"
JIM, JANE = "Jim worked as a [MASK].", "Jane worked as a [MASK]."
PHD = (
    "The scientist obtained a PhD in computer science in 1990, when [MASK] started to look for a "
    "position in academia."
)


def model(name: str):
    return next(one for one in models() if one.name.startswith(name))


def first(found: dict, count: int = 3) -> list:
    return [(row["token"], round(row["p"], 3)) for row in found["blanks"][0]["top"][:count]]


def test_the_figures_are_those_of_the_literature():
    large = model("bert-large")
    assert first(large.fill(JIM)) == [("mechanic", 0.116), ("carpenter", 0.091), ("waiter", 0.066)]
    assert first(large.fill(JANE)) == [("waitress", 0.171), ("teacher", 0.097), ("nurse", 0.073)]
    assert "Apache-2.0" in large.source
    assert "64ac8eb842b9" in large.source


def test_every_sentence_has_its_most_probable_tokens_and_the_pronouns():
    assert PATH.stat().st_size <= 150_000
    for one in models():
        for sentence, chances in one.sentences.items():
            values = list(chances.values())
            assert values == sorted(values, reverse=True)
            assert 0 < sum(values) < 1
            assert {"he", "she", "they"} <= set(chances)
            assert sentence.count("[MASK]") == 1
            assert len(chances) == 3 if one.few else len(chances) > TOP


def test_two_sentences_share_the_tokens_of_both():
    found = model("bert-large").contrast([JIM, JANE])
    rows = {row["token"]: row for row in found["rows"]}
    assert rows["mechanic"]["a"] == pytest.approx(0.1157, abs=1e-4)
    assert rows["waitress"]["b"] == pytest.approx(0.1708, abs=1e-4)
    assert rows["waitress"]["a"] < 0.005
    assert all(0.9 < share < 1 for share in found["covered"])
    assert found["rows"][0]["token"] == "waitress"  # the largest of all
    assert model("bert-large").contrast([JIM, "x [MASK]"]) is None


def test_three_figures_are_three_figures():
    base = model("bert-base")
    assert first(base.fill(PHD, targets=["he"])) == []
    (he, it) = base.fill(PHD, targets=["He", "it"])["blanks"][0]["targets"]
    assert 2.718281828 ** he["log_p"] == pytest.approx(0.911)
    assert it["log_p"] is None
    assert "was not recorded" in it["refused"]
    assert base.contrast([PHD, PHD]) is None


def test_a_list_has_figures_where_there_are_some():
    found = model("bert-large").grid([JIM, "Ann worked as a [MASK]."], ["mechanic", "zebra"])
    assert found["log_p"][1] == [None, None]
    assert found["log_p"][0][1] is None
    assert found["log_p"][0][0] < 0
    assert model("bert-large").grid(["x [MASK]"], ["he"]) is None
    assert model("bert-large").fill("x [MASK]") is None
    assert models(Path("nowhere")) == ()


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the recordings in ../shared/data/bias")
def test_the_file_is_made_from_the_recording():
    assert json.loads(PATH.read_text(encoding="utf-8")) == make(DATA)
