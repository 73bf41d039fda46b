"""The lesson "Measuring association", on recorded cosines and on models whose vectors are known."""

from __future__ import annotations

import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from lab.bias import asked, own_lists, recorded
from lab.bias.cosines import of_vectors
from lab.bias.stimuli import weat_test
from lab.lesson.association import exercises, found, keep, lists, seen, vectors
from lab.lesson.association.found import Found
from lab.lesson.association.vectors import Origin, Reading
from lab.lesson.frame import SKIP
from lab.pretrained.folders import Folder
from tests.pages.test_language_model import button, choose, sentences

MATH = lists.TESTS["weat7"]
WORDS = {"tab": "2. The same for word vectors"}


class Known:
    """A model that stands on the side of math in the input table, and of arts everywhere else."""

    key, name, view, task = "model:known", "known", None, "model"
    folder = Folder("known", "/models/known", "BertForMaskedLM", 4, 2, 1.0)

    def ask(self, question, sets, readings, templates):
        assert question == "lab.bias.asked"
        return [self._answer(sets, way, layer) for way, layer in readings]

    def _answer(self, sets, way, layer):
        rng = np.random.default_rng(0)
        noise = {word: rng.normal(size=2) * 0.3 for part in sets.values() for word in part}
        lean = 1 if way == "static" else -1
        ends = {"X": (1, 1 - lean), "Y": (1, 1 + lean), "A": (1, 0), "B": (0, 1)}
        words = {w: np.array(ends[r]) + noise[w] for r, part in sets.items() for w in part}
        more = {"way": way, "layer": layer, "layers": 4, "pieces": {sets["X"][0]: 3}}
        return asked.packed(of_vectors(asked.stimuli_of(sets), words)) | more


@pytest.fixture
def model(monkeypatch):
    known = Known()
    monkeypatch.setattr(vectors, "models_at_hand", lambda *_: [known])
    return known


def outcome(key="weat7", gone=(), origin=None):
    from lab.bias.cosines import without_words

    test = weat_test(key)
    whole = recorded.cosines(test)
    cosines = without_words(whole, gone) if gone else whole
    verdicts = asked.verdicts(*(part.tolist() for part in cosines.scores()))
    origin = origin or Origin(vectors.RECORDED, "word2vec")
    return Found(test, cosines, whole, verdicts, origin, tuple(gone))


def text(app) -> str:
    return sentences(app) + "\n".join(m.value for m in [*app.markdown, *app.caption])


def figures(app) -> list[str]:
    return [metric.value for metric in app.metric]


def table(app, column: str) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_flowers_first_then_math_without_a_word_under_every_convention(open_page):
    app = open_page("association", **WORDS)
    assert not app.exception
    assert app.get_by_key("test").value == lists.TESTS["weat1"]
    assert "Guess first" in text(app)
    assert not app.metric
    choose(app, "guess_weat1", "Insects, more than chance").run()
    assert "You guessed “Insects, more than chance”. **Flowers** lean to" in sentences(app)
    assert figures(app) == ["+1.408", "+1.539", "2.6e-10"]
    assert "the groups are **1.54** of them apart" in text(app)
    button(app, "Math and arts").click().run()
    assert not app.metric  # another test, another guess
    choose(app, "guess_weat7", "Math, more than chance").run()
    assert "You guessed it." in sentences(app)
    assert figures(app)[1:] == ["+0.966", "0.023"]
    assert app.query_params["guess"] == "weat7.x"
    choose(app, "convention", "Kurita et al. 2019").run()
    assert "in either direction" in text(app)
    assert list(table(app, "Below .05")["Below .05"]) == ["yes"] * 6
    choose(app, "out-weat7-", ["woman"]).run()
    assert "**Neither**" in sentences(app)
    assert "Without “woman” p is 0.102." in text(app)
    assert app.query_params["out"] == "woman"
    assert not app.exception


def guess_own(app):
    group = next(g for g in app.get("button_group") if g.key.startswith("guess_own"))
    group.set_value(SKIP).run()


def test_looks_and_own_lists(open_page):
    app = open_page("association", **WORDS, guess="weat7.skip", test=MATH, look="Published values")
    assert not app.exception
    shown = table(app, "What")
    assert list(shown["d"].round(2)) == [0.97, 0.97, 1.06, 0.82]
    assert "not on one scale" in text(app)
    choose(app, "look", "Without one word").run()
    assert re.search(r"it changes: .*woman", text(app))
    choose(app, "look", "Save and code").run()
    exec_(app.code[0].value, "S 0.225, d 0.966")
    choose(app, "wefat", value=True).run()
    assert "Caliskan et al. call it WEFAT" in text(app)
    button(app, "My own words").click().run()
    guess_own(app)
    assert figures(app)
    choose(app, "words_X", "rose, rose, keyboard").run()
    assert "You guessed" not in sentences(app)  # a guess about other words means nothing here
    assert "keyboard (1 of" in sentences(app)
    assert "is 2 times in X" in text(app)
    choose(app, "words_X", "keyboard").run()
    assert "only the words of WEAT 1 to 10 are recorded" in sentences(app)
    choose(app, "words_X", "").run()
    assert "write a word or more" in sentences(app)
    assert not app.exception


def exec_(code: str, said: str) -> None:
    import contextlib

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})  # what the page offers as code has to run
    assert said in printed.getvalue()


def test_a_model_is_read_in_many_ways_and_the_sign_turns(model, open_page):
    given = {"guess": "weat7.x", "test": MATH, "vectors": "model:known", "look": "Side by side"}
    app = open_page("association", **WORDS, **given)
    assert not app.exception
    assert "You guessed “Math, more than chance”. **Arts** lean to" in sentences(app)
    assert "The groups lean the other way" in text(app)
    assert "1 of 32 words are several pieces" in text(app)
    assert "The sign turns with the reading" in text(app)
    assert "Math and arts, male and female: +" in text(app)  # the fourth exercise
    choose(app, "way", vectors.WAYS["static"]).run()
    assert "**Math** lean to" in sentences(app)


def test_what_is_taken_home():
    one = outcome()
    rows = pd.read_csv(io.BytesIO(keep.table(one)))
    assert len(rows) == 16
    assert rows["s"].to_numpy() == pytest.approx(
        (rows["mean cosine to Male terms"] - rows["mean cosine to Female terms"]).to_numpy()
    )
    again = own_lists.from_json(own_lists.to_json(one.test))
    assert again.sets == one.test.sets
    exec_(keep.snippet(outcome(gone=["woman"])), "p 0.102")
    model = Origin("model:known", "known", Known(), Reading("mean", 2, "A {} here."))
    code = keep.snippet(outcome(origin=model))
    compile(code, "snippet", "exec")
    assert "of_folder('/models/known', test.words, 'mean', 2, ['A {} here.'])" in code


def test_words_for_every_outcome():
    one = outcome("weat6")
    assert found.direction(one.lab) == found.FIRST
    assert "d has saturated" in found.about_d(one, one.lab)
    kurita = one.by("kurita")
    assert "in either direction" in found.about_p(one, kurita)
    bracket = {**one.lab, "method": "bracket", "p_low": 0.0484, "p_high": 0.0512, "below": None}
    said = found.about_p(one, bracket)
    assert "**0.048–0.052** has an S as large or larger (certainly between" in said
    assert "The bracket holds .05" in said
    uneven = outcome("weat2")
    assert "25 and 24 words" in found.about_s(uneven)
    assert "asks for two sets of the same size" in found.about_p(uneven, uneven.by("kurita"))
    even = outcome("weat10")
    assert found.outcome(even, found.NEITHER)[0]
    assert "not below .05" in found.about_p(even, even.lab)
    assert found.most((8, 8), 0) == pytest.approx(2)
    assert found.most((2, 2), 1) == pytest.approx(3**0.5)  # the saturated toy


def test_exercises_need_the_thing_itself():
    def one(title, d, p, source="word2vec", reading=""):
        return seen.Seen(title, title, source, reading, d, p)

    both = [one("a", 1.5, 1e-9), one("b", 1.9, 1e-4)]
    assert exercises.larger_but_less_sure(both)[0]
    assert not exercises.larger_but_less_sure([one("a", 1.5, 1e-9), one("b", 1.9, 1e-10)])[0]
    assert not exercises.larger_but_less_sure([both[0], one("b", 1.9, 1e-4, "other")])[0]
    assert exercises.hangs_on_one(outcome("weat1")) is None
    assert not exercises.hangs_on_one(outcome(gone=["dance"]))[0]
    assert not exercises.hangs_on_one(outcome(gone=["woman", "son"]))[0]
    assert exercises.hangs_on_one(outcome(gone=["woman"]))[0]
    assert exercises.disagree(outcome()) is None
    assert exercises.disagree(outcome(gone=["her"]))[0]  # one-sided .049, two-sided .098
    assert not exercises.disagree(outcome(gone=["woman"]))[0]
    turned = [one("a", 0.9, 0.1, "m", "mean"), one("a", -0.4, 0.9, "m", "[CLS]")]
    assert exercises.turned(turned)[0]
    assert not exercises.turned([turned[0], one("a", -0.1, 0.9, "m", "[CLS]")])[0]
    assert not exercises.turned([turned[0], one("a", -0.4, 0.9, "n", "[CLS]")])[0]
    assert json.loads(json.dumps(turned[0]._asdict()))["d"] == 0.9


def test_files_of_vectors_in_the_folder_of_models_and_lists_from_files(lab, open_page):
    (lab / "models").mkdir()
    words = ["math 1 0", "algebra 1 .2", "art 0 1", "dance .1 1", "he 1 0", "she 0 1"]
    (lab / "models" / "mine.txt").write_text("\n".join(words) + "\n")
    app = open_page("association", **WORDS, guess="weat7.x", test=MATH, vectors="file:mine.txt")
    assert not app.exception
    assert "Left out, for they have no vector here" in sentences(app)
    assert "26 of 32 words" in sentences(app)
    assert figures(app)[2] == "0.17"  # one of six ways
    assert lists._from_file("a.csv", b"F;I;P;U\nrose;ant;love;war\n").X.words == ("rose",)
    for data, said in ((b"\xff\xfe", "UTF-8"), (b"a;b\n", "four columns"), (b"x" * 10**6, "long")):
        with pytest.raises(ValueError, match=said):
            lists._from_file("a.csv", data)
    with pytest.raises(ValueError, match="same name"):
        lists._named_apart(own_lists.own("a", "b", "c", "d", names=("F", "F", "A", "B")))


def test_a_bracket_is_rounded_outwards():
    ends = {"p_low": 0.008503, "p_high": 0.008556}
    assert found.p_text(ends) == "0.0085–0.0086"
    assert found.p_text({"p_low": 0.0, "p_high": 0.00012}) == "0–0.00012"
    assert found.p_text({"p_low": None, "p_high": None}) == "none"
