"""The lesson "Words in context", with a model whose vectors are known."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from lab.attention.senses import Sentence, load, per_layer
from lab.lesson.kit.keep import csv
from lab.lesson.kit.question import SKIP
from lab.lesson.senses import save_and_code
from lab.lesson.senses.exercises import exercises, fooled, told_apart
from lab.lesson.senses.sentences import Sentences
from lab.lesson.senses.vectors import Vectors, best, groups, outcome
from lab.lesson.sources import picker
from lab.pretrained.folders import Folder
from tests.pages.test_language_model import button, choose, sentences

WIDTH, LAYERS = 6, 3  # and the embeddings


class Known:
    """A model that tells senses apart at layer 2 only, by the first letter of the word before."""

    key, name, view = "model:known", "known", None
    folder = Folder("known", "/models/known", "BertForMaskedLM", LAYERS, 2, 1.0)

    def __init__(self):
        self.asked, self.left_out, self.broken = [], [], False

    def ask(self, question, sentences, word):
        assert question == "lab.attention.contextual"
        self.asked.append((word, sentences))
        kept = [s for n, s in enumerate(sentences) if n not in self.left_out]
        kinds = {s.text: s.sense for w in ("bank", "cell", "light") for s in load(w)}
        noise = np.random.default_rng(0).normal(size=(LAYERS + 1, len(kept), WIDTH)) * 0.01
        layers = np.ones((LAYERS + 1, len(kept), WIDTH)) + noise
        names = sorted(set(kinds.values()))
        for place, text in enumerate(kept):
            sense = kinds.get(text, "money" if "coins" in text else "river")
            layers[2, place, names.index(sense) % WIDTH] += 9
        if self.broken:
            layers[:] = float("nan")
        return {"layers": layers.tolist(), "pieces": [word], "left_out": self.left_out}


@pytest.fixture
def model(monkeypatch):
    known = Known()
    monkeypatch.setattr(picker, "pick_model", lambda *_: known)
    return known


def text(app) -> str:
    return sentences(app) + "\n".join(m.value for m in [*app.markdown, *app.caption])


def guessed(app, guess: str = SKIP):
    return choose(app, "guess_pills", guess).run()


def table(app, column: str):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def test_nothing_is_asked_before_a_guess_and_the_sentences_are_there(model, open_page):
    app = open_page("words")
    assert not app.exception
    assert not sentences(app)
    assert not model.asked
    assert len(table(app, "Sentence")) == 24
    assert not app.get("vega_lite_chart")


def test_without_a_model_there_are_ways_to_train_one(open_page, monkeypatch):
    linked = []
    monkeypatch.setattr(picker, "models_at_hand", lambda *_: [])
    # A page that is opened alone knows no other page to link to.
    monkeypatch.setattr(picker, "_ways_to_train", lambda runs: linked.append("links"))
    app = open_page("words", guess="last layer")
    assert not app.exception
    assert "no model to open yet" in sentences(app)
    assert linked
    assert len(table(app, "Sentence")) == 24


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        (
            "a middle layer",
            "You guessed it. Best: **layer 2** (of 3). There the nearest neighbour ",
        ),
        ("embeddings", "You guessed embeddings. Best: **layer 2**"),
        (SKIP, "Best: **layer 2**"),
    ],
)
def test_the_guess_is_compared(model, open_page, guess, said):
    app = guessed(open_page("words"), guess)
    assert not app.exception
    assert said in sentences(app)
    assert ("guessed" in sentences(app)) == (guess != SKIP)
    assert "in 100% of the sentences" in sentences(app)
    assert "by lot 22%" in sentences(app)  # 5 of 23
    assert len(app.get("vega_lite_chart")) == 2


def test_a_layer_and_a_sentence_show_their_neighbours(model, open_page):
    app = guessed(open_page("words"))
    choose(app, "word_layer", 2).run()
    choose(app, "word_near", 8).run()
    assert not app.exception
    assert load("bank")[7].sense == "river"
    (near,) = (m.value for m in app.markdown if "Nearest to it" in m.value)
    assert near.count("**river**") == 1 + 3
    assert near.count("- 0.99") + near.count("- 1.00") == 3
    assert "Layer 2: 100%, silhouette 1.00" in text(app)
    assert "Layer 2: 100%." in text(app)  # the first exercise


def test_another_word_by_its_button(model, open_page):
    app = guessed(open_page("words"))
    choose(app, "word_near", 24).run()
    button(app, "cell").click().run()
    assert not app.exception
    assert app.get_by_key("word").value == "cell"
    assert model.asked[-1][0] == "bank"  # another word is guessed about anew
    guessed(app)
    assert model.asked[-1][0] == "cell"
    assert len(model.asked[-1][1]) == 18
    assert app.get_by_key("word_near").value == 1


def test_own_sentences_are_added_and_counted_in_the_exercises(model, open_page):
    app = guessed(open_page("words"))
    choose(app, "word_own", "money | Coins, coins, the bank.\nOn the bank.").run()
    assert not app.exception
    assert model.asked[-1][1][24:] == ["Coins, coins, the bank.", "On the bank."]
    assert "Right so far:" in text(app)
    assert "24 sentences" not in text(app)
    assert "25 sentences" in text(app)  # the one without a sense is shown only


def test_a_word_of_ones_own(model, open_page):
    app = guessed(open_page("words"))
    choose(app, "word", "Fox").run()
    assert "write at least 3" in sentences(app)
    choose(app, "word_own", "A fox.\nThe fox\nTwo foxes.").run()
    assert "does not have the word" in sentences(app)
    choose(app, "word_own", "A fox.\nThe fox\nTwo fox | <b>fox</b>").run()
    guessed(app)
    assert not app.exception
    assert not app.error
    assert "in at least two senses" in sentences(app)
    assert len(app.get("vega_lite_chart")) == 1


def test_sentences_that_the_model_cannot_read_are_said(model, open_page):
    model.left_out = [0, 5]
    app = guessed(open_page("words"))
    assert not app.exception
    assert "2 of 24" in sentences(app)
    assert "22 sentences" in text(app)
    model.left_out = list(range(22))
    app = guessed(open_page("words"))
    assert not app.exception
    assert "in 2 of the sentences, and 3 are needed" in sentences(app)


def test_a_network_that_went_astray_is_said(model, open_page):
    model.broken = True
    app = guessed(open_page("words"))
    assert not app.exception
    assert "not finite" in sentences(app)


@pytest.mark.parametrize("layer", ["99", "-1", "x"])
def test_a_bad_link(model, open_page, layer):
    app = open_page("words", word="<b>bank", word_layer=layer, guess="<b>", word_near="999")
    assert not app.exception
    choose(app, "word", "bank").run()
    guessed(app)
    assert not app.exception
    assert "guessed" not in sentences(app)
    assert 0 <= app.get_by_key("word_layer").value <= LAYERS


def test_a_link_with_a_guess_shows_the_picture_without_controls(model, open_page):
    app = open_page("words", word="light", word_layer="2", guess="last layer", hide="controls")
    assert not app.exception
    assert app.get_by_key("word_layer").value == 2
    assert "You guessed last layer" in sentences(app)


def test_a_guess_is_about_one_word_and_stays_out_of_the_link(model, open_page):
    app = guessed(open_page("words"), "last layer")
    assert "You guessed last layer" in sentences(app)
    assert "guess" not in app.query_params
    button(app, "cell").click().run()
    assert app.get_by_key("guess_pills").value is None
    assert "guessed" not in sentences(app)
    button(app, "bank").click().run()
    assert "You guessed last layer" in sentences(app)
    app.toggle(key="guess_pills-share").set_value(True).run()
    assert app.query_params["guess"] == "model:known:bank:last layer"


def found_of(word: str = "bank") -> Vectors:
    some = load(word)
    answer = Known().ask("lab.attention.contextual", [s.text for s in some], word)
    return Vectors(word, some, np.asarray(answer["layers"]), answer["pieces"])


def test_the_table_to_take_home():
    rows = pd.read_csv(io.BytesIO(csv(save_and_code.table(found_of(), 2))))
    assert list(rows.columns) == ["layer", "x", "y", "sense", "sentence", "nearest", "cosine"]
    kinds = dict(zip(rows.sentence, rows.sense, strict=True))
    assert (rows.nearest.map(kinds) == rows.sense).all()


def test_which_layer_is_which():
    assert groups(0, 4) == {"embeddings"}
    assert groups(1, 1) == {"first layer", "last layer"}
    assert groups(2, 4) == {"a middle layer"}
    rows = [{"same_sense": share, "silhouette": 0.0} for share in (0.5, 0.5, 0.25)]
    assert best(rows) == [0, 1]
    assert outcome(rows, "first layer", 0.2, 24)[0]
    assert not outcome(rows, "last layer", 0.2, 24)[0]
    assert outcome([{"same_sense": None, "silhouette": None}], "last layer", None, 24)[1] == ""


def own(*rows: tuple[str, float]) -> Vectors:
    """Return two lab sentences in each of two senses, and own ones at angles of the last layer."""
    angles = {"river": (0, 10), "money": (90, 100)}
    lab = [(sense, False, angle) for sense, two in angles.items() for angle in two]
    mine = [(sense, True, angle) for sense, angle in rows]
    some = [Sentence(sense, f"bank {n}", by) for n, (sense, by, _) in enumerate(lab + mine)]
    turned = np.radians([angle for _, _, angle in lab + mine])
    last = np.stack([np.cos(turned), np.sin(turned)], axis=1)
    return Vectors("bank", some, np.stack([np.ones_like(last), last]), ["bank"])


def test_exercises_check_themselves():
    none = own()
    assert [e.check() for e in exercises(None, 0)] == [None] * 3
    assert [e.check() for e in exercises(none, 1)] == [(True, "Layer 1: 100%."), None, None]
    assert exercises(none, 0)[0].check()[0] is False
    one = own(("river", 4))
    assert (told_apart(one)[0], fooled(one)[0]) == (False, False)
    assert told_apart(own(("river", 4), ("money", 94)))[0]
    assert not told_apart(own(("river", 4), ("river", 12)))[0]
    wrong = own(("river", 94))
    assert not told_apart(wrong)[0]
    assert fooled(wrong) == (True, "“bank 4” (river) lies beside a sentence about money.")
    assert fooled(own(("own", 94))) is None  # without a sense


def test_a_share_that_a_lot_could_give_is_said_to_be_one():
    rows = [{"same_sense": share, "silhouette": 0.0} for share in (0.2, 0.35)]
    # Two standard errors of 0.2 over 25 sentences are 0.16.
    assert "a lot could easily" in outcome(rows, None, 0.2, 25)[1]
    assert "a lot could easily" not in outcome(rows, None, 0.2, 100)[1]


def test_the_code_behind_runs(model, monkeypatch, capsys):
    from lab.attention import contextual

    monkeypatch.setattr(
        contextual,
        "of_folder",
        lambda path, texts, word: model.ask("lab.attention.contextual", texts, word),
    )
    own = "money | 'Coins' at the bank.\nriver | A bank."
    exec(save_and_code.snippet(model, Sentences("bank", [], own)), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == LAYERS + 1
    assert eval(lines[2])["same_sense"] > 0.9
    only = save_and_code.snippet(model, Sentences("fox", [], own, only_own=True))
    assert "load" not in only
    compile(only, "snippet", "exec")
    found = found_of()
    assert found.rows == per_layer(found.layers, found.senses)


def test_the_code_of_a_run_compiles(model):
    model.folder = None
    code = save_and_code.snippet(model, Sentences("bank", []))
    compile(code, "snippet", "exec")
    assert "of_run(checkpoint, data, " in code


def test_a_preset_works_beside_own_sentences_on_another_word(model, open_page):
    app = open_page("words", word_own="money | My bank is closed.\nriver | The bank is wet.")
    assert len(table(app, "Sentence")) == 26
    button(app, "cell").click().run()
    assert not app.exception
    assert "2 of your own sentences are left out" in text(app)
    assert len(table(app, "Sentence")) == 18
    button(app, "bank").click().run()
    assert len(table(app, "Sentence")) == 26
