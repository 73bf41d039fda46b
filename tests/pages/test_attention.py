"""The lesson "Attention step by step", by its controls."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lab.attention import vectors
from lab.attention.positions import permuted
from lab.attention.steps import attend
from lab.lesson.components import matrices
from lab.lesson.steps import chain, edits, exercises
from lab.lesson.steps import prediction as guess
from lab.lesson.steps.leak import differences
from lab.lesson.steps.setup import BY_HAND, RANDOM, Setup, base_matrices
from tests.pages.test_language_model import button, choose, sentences

SKIP = "I would rather not guess"
WORDS = vectors.words_of(vectors.SENTENCE)


def setup(kind: str = BY_HAND, seed: int = 1, **changes) -> Setup:
    matrices = base_matrices(kind, seed)
    del matrices["o"]
    return Setup(**{"words": WORDS, "table": {}, "matrices": matrices, "kind": kind, "seed": seed}
                 | changes)  # fmt: skip


def markdown(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def latex(app) -> str:
    return app.latex[0].value.strip("$\n")


def wrong(app) -> str:
    return "\n".join(e.value for e in [*app.error, *app.warning])


def test_the_example_stands_there_with_one_cell_written_out(open_page):
    app = open_page("attention")
    assert not app.exception
    assert not wrong(app)
    assert app.get_by_key("words").value == vectors.SENTENCE
    assert "How much **it** looks at **animal**" in markdown(app)
    assert r"\approx 0.671" in latex(app)
    assert "is 0.67 with the scores divided" in question(app)
    assert "4 change their output without a mask and 0 with it" in markdown(app)


def question(app) -> str:
    return next(g.label for g in app.get("button_group") if "Predict" in g.label)


def test_the_division_waits_for_a_guess_and_the_guess_is_compared(open_page):
    app = open_page("attention")
    assert app.get_by_key("scaled").disabled
    assert button(app, "Without √d").disabled
    choose(app, "guess_pills", guess.ALL).run()
    assert not app.get_by_key("scaled").disabled
    button(app, "Without √d").click().run()
    assert app.get_by_key("scaled").value is False
    assert "You guessed it. Without √d the largest weight of **it** goes from 0.67 to **0.93**" in (
        sentences(app)
    )
    assert r"\approx 0.928" in latex(app)
    assert "guess" not in app.query_params
    choose(app, "guess_pills-share", True).run()
    assert guess.ALL in app.query_params["guess"]


def test_a_guess_that_did_not_come_true_is_named_and_one_on_other_numbers_taken_back(open_page):
    app = open_page("attention")
    choose(app, "guess_pills", guess.SMALLER).run()
    choose(app, "scaled", False).run()
    assert "You guessed It gets smaller." in sentences(app)
    choose(app, "vectors", "random").run()
    assert app.get_by_key("guess_pills").value is None
    assert "guess" not in app.query_params


def test_the_link_of_a_guess_shows_its_outcome(open_page):
    app = open_page("attention", guess=guess.LARGER, scaled="false")
    assert "You guessed It grows, but stays below 0\\.9" in sentences(app)
    app = open_page("attention", guess="<b>", scaled="false")
    assert "<b>" not in sentences(app)
    assert "goes from" not in sentences(app)  # nobody has guessed


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        (0.5, 0.4, guess.SMALLER),
        (0.5, 0.503, guess.SAME),
        (0.5, 0.8999, guess.LARGER),
        (0.5, 0.9, guess.ALL),
        (0.95, 0.99, guess.ALL),
        (1.0, 1.0, guess.SAME),
    ],
)
def test_what_can_be_guessed(before, after, right):
    assert guess.outcome(before, after) == right


def test_every_preset_shows_what_it_says(open_page):
    app = open_page("attention", guess=guess.SMALLER)
    button(app, "With a mask").click().run()
    assert "Whether **animal** may look at **it**" in markdown(app)
    assert r"-\infty" in latex(app)
    button(app, "Four heads").click().run()
    assert "The heads side by side" in markdown(app)
    assert app.get_by_key("mask").value is False
    button(app, "With positions").click().run()
    assert "The vector of **it**" in markdown(app)
    assert r"\text{word} + \text{position}" in latex(app)
    button(app, "Random numbers").click().run()
    assert app.get_by_key("vectors").value == RANDOM
    button(app, "The lecture's example").click().run()
    assert r"\approx 0.671" in latex(app)
    assert not app.exception


@pytest.mark.parametrize("stage", ["x", "q", "k", "v", "scores", "scaled", "weights", "heads"])
def test_every_step_is_written_out(open_page, stage):
    app = open_page("attention")
    choose(app, "stage", stage).run()
    assert not app.exception
    assert latex(app).startswith(r"\begin{aligned}")


def test_a_place_that_is_gone_is_given_up(open_page):
    app = open_page("attention", mask="true")
    choose(app, "stage", "masked").run()
    choose(app, "row", 4).run()
    choose(app, "words", "it won").run()
    assert not app.exception
    assert app.get_by_key("row").value in (0, 1)
    choose(app, "mask", False).run()
    assert app.get_by_key("stage").value == "weights"
    choose(app, "heads", 4).run()
    choose(app, "stage", "heads").run()
    assert app.get_by_key("column").value == 0
    assert not app.exception


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "no word"), ("., !", "no word"), ("a " * 13, "13 words are too many"),
     ("x" * 30, "too long")],
)  # fmt: skip
def test_words_that_cannot_be_used_are_said_and_the_rest_stays(open_page, words, said):
    app = open_page("attention")
    choose(app, "words", words).run()
    assert not app.exception
    assert said in sentences(app)
    assert "Position vectors, and what a shift does" in markdown(app)
    choose(app, "words", "a dog").run()
    assert not wrong(app)


def test_what_was_typed_is_not_markup(open_page):
    app = open_page("attention", words="<b>a</b> **b** [c](d) `e`", leak_word="*x*")
    assert not app.exception
    assert "<b>" not in markdown(app)


def test_twelve_words_four_heads_a_mask_and_positions(open_page):
    app = open_page("attention", words="a b c d e f g h i j k l", heads="4", mask="true",
                    positions="sinusoidal")  # fmt: skip
    assert not app.exception
    assert not wrong(app)


def test_edited_tables_come_from_the_link_and_stay_in_it(open_page):
    one = "1,0,0,0;0,1,0,0;0,0,1,0;0,0,0,1"
    app = open_page("attention", wq=one, table="it:0,3,0,0;zebra:1,1,1,1")
    assert not app.exception
    assert not wrong(app)
    # q = x, so "it" scores 3 * 2 with "animal", and 6 / 2 = 3; with itself 9 / 2.
    right = np.exp([0, 3, 0, 4.5, 0])
    assert f"{right[1] / right.sum():.3f}" in latex(app)
    choose(app, "words", "a dog").run()
    choose(app, "words", vectors.SENTENCE).run()
    choose(app, "row", 3).run()  # there was no fourth word meanwhile
    # Edits stay with their words, whichever sentence stands there.
    table = {"it": [0, 3, 0, 0], "zebra": [1, 1, 1, 1]}
    assert edits.TABLE.read([app.query_params["table"]]) == table
    assert app.get_by_key("words").value == vectors.SENTENCE
    assert f"{right[1] / right.sum():.3f}" in latex(app)
    button(app, "The lecture's example").click().run()
    assert r"\approx 0.671" in latex(app)
    assert "wq" not in app.query_params
    assert "table" not in app.query_params


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wq", "1,2;3"),
        ("wk", "a,b,c,d;1,1,1,1;1,1,1,1;1,1,1,1"),
        ("wv", "1,0,0,0;0,1,0,0;0,0,1,0;0,0,0,1e9"),
        ("wo", "nan,0,0,0;0,1,0,0;0,0,1,0;0,0,0,1"),
        ("table", "it:1,2"),
        ("table", "<b>:1,2,3,4"),
        ("table", "x"),
    ],
)
def test_a_bad_part_of_a_link_is_left_out_and_named(open_page, name, text):
    app = open_page("attention", **{name: text})
    assert not app.exception
    assert "could not be read" in sentences(app)
    assert name in sentences(app)
    assert r"\approx 0.671" in latex(app)


def test_tables_in_a_link_come_back_as_they_were():
    matrix = np.array([[0.5, -1, 1 / 3, 2], *np.eye(4)[:3]])
    words = {"a": [1, 2, 3, -0.1]}
    assert np.allclose(edits.W["k"].read([edits.written(matrix)]), matrix)
    assert edits.TABLE.read([edits.written_words(words)]) == words


# --- the other tabs --------------------------------------------------------------------------


def test_permuted_words_give_permuted_outputs_until_there_are_positions(open_page):
    app = open_page("attention")
    assert "permutation equivariant" in sentences(app)
    choose(app, "positions", "sinusoidal").run()
    assert "with the positions, the order of the words matters" in sentences(app)
    button(app, "As they were").click().run()
    assert "in their own order" in sentences(app)
    button(app, "Reverse").click().run()
    assert app.get_by_key("order").value == "5 4 3 2 1"
    choose(app, "order", "1 1 2 3 4").run()
    assert "Write each number from 1 to 5 once" in sentences(app)
    assert not app.exception


def test_numbers_of_the_softmax_against_d(open_page):
    app = open_page("attention")
    assert "At **d = 64** the scores have variance" in markdown(app)
    choose(app, "d", 1024).run()
    said = markdown(app)
    variance = float(re.search(r"\*\*d = 1024\*\* the scores have variance \*\*([\d.]+)", said)[1])
    assert 900 < variance < 1150


def test_shifts_are_exact_for_sines_and_not_for_random_vectors(open_page):
    app = open_page("attention")
    error = re.compile(r"Largest error over all positions and numbers: \*\*([\d.e-]+)\*\*")
    assert float(error.search(markdown(app))[1]) < 1e-12
    choose(app, "codes", "learned").run()
    assert float(error.search(markdown(app))[1]) > 1


def test_the_leak_is_that_of_the_two_computations():
    made = setup(RANDOM)
    moved = differences(made, 2, "slept")
    other = [*WORDS[:2], "slept", *WORDS[3:]]
    open_ = attend(made.embeddings(other), *made.weights).output - made.attend().output
    assert np.allclose(moved[0], np.abs(open_).max(axis=1))
    assert (moved[1, :2] == 0).all()
    assert (moved[1, 2:] > 0).all()


def test_a_leak_word_that_is_none_or_the_same(open_page):
    app = open_page("attention", leak_word="two words")
    assert "Write one word" in sentences(app)
    choose(app, "leak_word", "won").run()
    assert "nothing can change" in markdown(app)


# --- exercises -------------------------------------------------------------------------------


def test_the_doubled_query():
    cell = ("weights", 0, 3, 1)
    powers = np.exp([0, 6, 1, 2, 3])
    right = powers[1] / powers.sum()
    assert exercises.doubled(setup(), cell, None) is None
    assert exercises.doubled(setup(), cell, right + 0.009)[0]
    assert not exercises.doubled(setup(), cell, right + 0.02)[0]
    assert not exercises.doubled(setup(), cell, 0.67)[0]
    # A cell of another table asks for the word's weight on itself.
    assert exercises.doubled(setup(), ("q", 0, 3, 0), powers[3] / powers.sum())[0]


def test_order_without_positions():
    order = (4, 0, 1, 2, 3)

    def outcome(made, order=order):
        found = permuted(made.embeddings(), order, *made.weights, **made.options)
        return exercises.ordered(made, found)

    assert outcome(setup(), range(5)) is None
    assert not outcome(setup())[0]
    assert outcome(setup(causal=True))[0]
    assert not outcome(setup(positions="sinusoidal"))[0]


def test_a_word_that_looks_at_itself():
    assert not exercises.selfish(setup())[0]
    assert exercises.selfish(setup(causal=True)) is None
    assert exercises.selfish(setup(scaled=False)) is None
    assert exercises.selfish(setup(words=("it", "won"))) is None
    made = setup(table={"won": np.array([0, 0, 0, 9.0])},
                 matrices={**setup().matrices, "q": np.eye(4)})  # fmt: skip
    assert exercises.selfish(made)[0]


def test_a_typed_number_is_checked_on_the_page(open_page):
    app = open_page("attention")
    choose(app, "answer", 0.93).run()
    assert "Right: 0.928" in markdown(app)
    choose(app, "answer", 0.5).run()
    assert "is not within 0.01" in markdown(app)


def test_controls_can_be_folded_away(open_page):
    app = open_page("attention", hide="controls", heads="2")
    assert not app.exception
    assert "The heads side by side" in markdown(app)


# --- what a browser sends ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"table": "q", "row": 1, "column": 0}, [("q", 1, 0)]),
        ({"table": "z", "row": 1, "column": 0}, []),
        ({"table": "q", "row": 2, "column": 0}, []),
        ({"table": "q", "row": -1, "column": 0}, []),
        ({"table": "q", "row": "1", "column": 0}, []),
        ({"table": "q", "row": [1], "column": {}}, []),
        ({"table": "q"}, []),
        ("q 1 0", []),
        (None, []),
    ],
)
def test_only_a_cell_that_is_there_is_taken(monkeypatch, sent, taken):
    found = []
    monkeypatch.setattr(matrices.st, "session_state", {"chain": {"chosen": sent}})
    table = matrices.Table("q", "Q", "", ["a", "b"], ["1"], [[1], [2]])
    matrices._tell("chain", [table], lambda *cell: found.append(cell))
    assert found == taken


@pytest.mark.parametrize(
    ("stage", "used"),
    [
        ("x", {}),
        ("k", {"x": [(1, n) for n in range(4)]}),
        ("scores", {"q": [(1, 0), (1, 1)], "k": [(2, 0), (2, 1)]}),
        ("scaled", {"scores": [(1, 2)]}),
        ("masked", {"scaled": [(1, 2)]}),
        ("weights", {"masked": [(1, n) for n in range(5)]}),
        ("heads", {"weights": [(1, n) for n in range(5)], "v": [(n, 2) for n in range(5)]}),
    ],
)
def test_the_cells_that_a_cell_was_made_of(stage, used):
    steps = setup(causal=True, heads=2).attend()
    assert chain._used(steps, (stage, 0, 1, 2)) == used


def test_words_that_differ_by_a_hyphen_only_are_different_words(open_page):
    app = open_page("attention", words="animal-it slept")
    app.text_input(key="words").set_value("animal it-slept").run()
    assert not app.exception
    assert "table" not in app.query_params
    fresh = open_page("attention", words="animal it-slept")
    assert latex(app) == latex(fresh)
