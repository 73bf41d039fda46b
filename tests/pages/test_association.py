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
from lab.lesson.association import exercises, lists, result, save_and_code, vectors
from lab.lesson.association.earlier_results import EarlierResult
from lab.lesson.association.result import Result
from lab.lesson.association.vectors import Reading, WordVectors
from lab.lesson.kit.keep import csv
from lab.lesson.kit.question import SKIP
from lab.lesson.sources.recorded import Recorded
from lab.pretrained.folders import Folder
from tests.pages.test_language_model import button, choose, sentences

MATH = lists.TESTS["weat7"]  # as links have it
WORDS = {"tab": "2. The same for word vectors"}


class Known:
    """A model that stands on the side of math in the input table, and of arts everywhere else."""

    key, name, view, task = "model:known", "known", None, "model"
    folder = Folder("known", "/models/known", "BertForMaskedLM", 4, 2, 1.0)

    def open(self):
        return self

    def begin(self, question, **given):
        pass

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


WORD2VEC = Recorded("word2vec", vectors._recorded, vectors.RECORDED)


def outcome(key="weat7", gone=(), chosen=None):
    from lab.bias.cosines import without_words

    test = weat_test(key)
    whole = recorded.cosines(test)
    cosines = without_words(whole, gone) if gone else whole
    verdicts = asked.verdicts(*(part.tolist() for part in cosines.scores()))
    return Result(test, cosines, whole, verdicts, chosen or WordVectors(WORD2VEC), tuple(gone))


def text(app) -> str:
    return sentences(app) + "\n".join(m.value for m in [*app.markdown, *app.caption])


def figures(app) -> list[str]:
    return [metric.value for metric in app.metric]


def table(app, column: str) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_flowers_first_then_math_without_a_word_under_every_convention(open_page):
    app = open_page("association", **WORDS)
    assert not app.exception
    assert app.get_by_key("test").value == "weat1"
    assert "Guess first" in text(app)
    assert not app.metric
    choose(app, "guess_pills", "y").run()
    assert "You guessed Insects, more than chance. **Flowers** lean to" in sentences(app)
    assert figures(app) == ["+1.408", "+1.539", "2.6e-10"]
    assert "the groups are **1.54** of them apart" in text(app)
    button(app, "Math and arts").click().run()
    assert not app.metric  # another test, another guess
    choose(app, "guess_pills", "x").run()
    assert "You guessed it." in sentences(app)
    assert figures(app)[1:] == ["+0.966", "0.023"]
    assert "guess" not in app.query_params
    app.toggle(key="guess_pills-share").set_value(True).run()
    assert app.query_params["guess"] == "weat7.x"
    choose(app, "convention", "kurita").run()
    assert "in either direction" in text(app)
    assert list(table(app, "Below .05")["Below .05"]) == ["yes"] * 6
    choose(app, "out-weat7-", ["woman"]).run()
    assert "**Neither**" in sentences(app)
    assert "Without “woman” p is 0.102." in text(app)
    assert app.query_params["out"] == "woman"
    assert not app.exception


def guess_own(app):
    choose(app, "guess_pills", SKIP).run()


def test_looks_and_own_lists(open_page):
    app = open_page("association", **WORDS, guess="weat7.skip", test=MATH, look="Published values")
    assert not app.exception
    shown = table(app, "What")
    assert list(shown["d"].round(2)) == [0.97, 0.97, 1.06, 0.82]
    assert "not on one scale" in text(app)
    choose(app, "look", "Without one word").run()
    assert re.search(r"it changes: .*woman", text(app))
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


def test_a_model_is_read_in_many_ways_and_the_sign_turns(model, open_page):
    given = {"guess": "weat7.x", "test": MATH, "vectors": "model:known", "look": "Side by side"}
    app = open_page("association", **WORDS, **given)
    assert not app.exception
    assert "You guessed Math, more than chance. **Arts** lean to" in sentences(app)
    assert "The groups lean the other way" in text(app)
    assert "1 of 32 words are several pieces" in text(app)
    assert "The sign turns with the reading" in text(app)
    assert "Math and arts, male and female: +" in text(app)  # the fourth exercise
    choose(app, "way", "static").run()
    assert "**Math** lean to" in sentences(app)


def test_what_is_taken_home():
    one = outcome()
    rows = pd.read_csv(io.BytesIO(csv(save_and_code.table(one))))
    assert len(rows) == 16
    assert rows["s"].to_numpy() == pytest.approx(
        (rows["mean cosine to Male terms"] - rows["mean cosine to Female terms"]).to_numpy()
    )
    again = own_lists.from_json(own_lists.to_json(one.test))
    assert again.sets == one.test.sets
    model = WordVectors(Known(), Reading("mean", 2, "A {} here."))
    code = save_and_code.snippet(outcome(chosen=model))
    compile(code, "snippet", "exec")
    assert "of_folder('/models/known', test.words, 'mean', 2, ['A {} here.'])" in code


def test_words_for_every_outcome():
    one = outcome("weat6")
    assert result.direction(one.lab) == result.FIRST
    assert "d has saturated" in result.about_d(one, one.lab)
    kurita = one.by("kurita")
    assert "in either direction" in result.about_p(one, kurita)
    bracket = {**one.lab, "method": "bracket", "p_low": 0.0484, "p_high": 0.0512, "below": None}
    said = result.about_p(one, bracket)
    assert "**0.048–0.052** has an S as large or larger (certainly between" in said
    assert "The bracket holds .05" in said
    uneven = outcome("weat2")
    assert "25 and 24 words" in result.about_s(uneven)
    assert "asks for two sets of the same size" in result.about_p(uneven, uneven.by("kurita"))
    even = outcome("weat10")
    assert result.outcome(even)[0] == result.NEITHER
    assert "not below .05" in result.about_p(even, even.lab)
    assert result.most((8, 8), 0) == pytest.approx(2)
    assert result.most((2, 2), 1) == pytest.approx(3**0.5)  # the saturated toy


def test_exercises_need_the_thing_itself():
    def one(title, d, p, source="word2vec", reading=""):
        return EarlierResult(title, title, source, reading, d, p)

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
    assert result.p_text(ends) == "0.0085–0.0086"
    assert result.p_text({"p_low": 0.0, "p_high": 0.00012}) == "0–0.00012"
    assert result.p_text({"p_low": None, "p_high": None}) == "none"


def test_another_test_or_other_vectors_are_guessed_about_anew(model, open_page):
    app = open_page("association", **WORDS, test=MATH)
    choose(app, "guess_pills", "x").run()
    assert "You guessed it." in sentences(app)
    button(app, "Flowers and insects").click().run()
    assert app.get_by_key("guess_pills").value is None
    assert not app.metric
    button(app, "Math and arts").click().run()
    assert app.get_by_key("guess_pills").value == "x"
    choose(app, "association-vectors", "model:known").run()
    assert app.get_by_key("guess_pills").value is None
    assert "guessed" not in sentences(app)
    choose(app, "guess_pills", "y").run()
    choose(app, "way", "static").run()  # another reading of one model is no other question
    assert "You guessed Arts" in sentences(app)


def test_own_lists_are_guessed_about_once(open_page):
    app = open_page("association", **WORDS, test="My own lists")
    assert not app.metric
    choose(app, "guess_pills", "y").run()
    assert "You guessed Insects" in sentences(app)
    choose(app, "words_X", "rose, lily").run()
    assert app.metric
    assert "guessed" not in sentences(app)
    choose(app, "words_X", "rose, lily, daisy, tulip").run()
    assert "You guessed Insects" in sentences(app)


@pytest.mark.parametrize("code", ["skip", "seen", SKIP])
def test_a_link_of_who_would_rather_not_guess_shows_the_answer(open_page, code):
    app = open_page("association", **WORDS, test=MATH, guess=f"weat7.{code}", hide="course")
    assert not app.exception
    assert figures(app)[1:] == ["+0.966", "0.023"]
    assert app.run().metric


def test_nothing_is_computed_and_no_answer_told_before_the_guess(open_page):
    app = open_page("association")
    folded = next(e for e in app.expander if "predict first" in e.label)
    assert any("d saturates" in m.value for m in folded.markdown)
    app = open_page("association", test=MATH, guess="weat7.x")
    assert not app.metric  # the tab of words is closed
    assert app.get_by_key("test").value == "weat7"


def test_what_a_link_cannot_mean_is_left_out_and_named(open_page):
    app = open_page(
        "association",
        **WORDS,
        test="WEAT 99",
        look="<b>",
        iat_person="nan",
        iat_slower="-9e9",
        way_layer="-1",
        out="x" * 9_999,
        guess="weat1.x",
    )
    assert not app.exception
    said = sentences(app).replace("\\", "")
    for part in ("test=WEAT 99", "look=", "iat_person=nan", "iat_slower=", "way_layer=", "out=x"):
        assert part in said
    assert "<b>" not in sentences(app)
    assert figures(app) == ["+1.408", "+1.539", "2.6e-10"]


def test_the_chart_of_chance_is_counted_by_a_worker():
    one = outcome()
    drawn = asked.chance(*(part.tolist() for part in one.cosines.scores()))
    assert sum(drawn["counts"]) == one.lab["partitions"] == 12_870
    assert drawn["observed"] == pytest.approx(one.lab["statistic"])
    assert len(json.loads(json.dumps(drawn))["edges"]) == 41


def test_a_sitting_closes_its_guess(open_page):
    from lab.bias.iat_session import plan, read

    app = open_page("association", iat_first="insects")
    choose(app, "iat_guess", "no clear difference").run()
    assert "iat_guess" not in app.query_params
    sizes = [len(block.words) for block in plan(1)]
    answers = [[700 + 20 * (n % 11) for n in range(size)] for size in sizes]
    raw = {"seed": 1, "times": answers, "errors": [[0] * size for size in sizes]}
    app.session_state["iat-trials"] = read(1, raw)
    app.run()
    assert app.get_by_key("iat_guess").disabled
    assert "You guessed it. It came: no clear difference." in sentences(app)
