"""The lesson "Translate and align", by its controls."""

from __future__ import annotations

import pytest

from lab.lesson.translation import seeds
from lab.lesson.translation.models import CATALOGUE
from lab.runs import Status
from tests.pages.conftest import wait_for_runs
from tests.pages.test_language_model import PNG, button, choose, sentences
from tests.pages.test_other_runs import ended

FAST = "gru:width=32"
NONE = "gru:score=none,width=32"


def opened(open_page, models: str = FAST, **query: str):
    app = open_page("translate", models=models, **query)
    choose(app, "pairs", query.get("task", "numbers")).run()
    return app


def train(app, guess: str = "I would rather not guess", steps: int = 60):
    choose(app, "steps", steps)
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs()
    return app.run()


def charts(app) -> list:
    return app.get("vega_lite_chart")


def markdown(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def test_nothing_is_wrong_and_training_waits_for_a_guess(open_page):
    app = open_page("translate")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    assert "10,000** pairs" in markdown(app)
    choose(app, "guess_pills", "GRU, general").run()
    assert not button(app, "Train").disabled


def test_training_shows_exact_match_alignment_and_what_the_guess_was_worth(open_page):
    app = train(opened(open_page, f"{NONE};{FAST}"), "GRU, general (width 32)", steps=260)
    assert not app.exception
    text = markdown(app)
    assert text.count("exact match") >= 2
    assert "alignment" in text
    assert "You guessed it" in sentences(app)
    assert app.get("vega_lite_chart")
    # The sentence of the task was translated by both; only one of them attends.
    assert "No attention, no alignment" in sentences(app)
    assert app.get_by_key("sentence").value.startswith("three hundred and five")


def test_that_all_stay_below_the_half_can_be_guessed(open_page):
    app = train(opened(open_page, tab="Against length"), "All below 50 %", steps=10)
    assert "You guessed it. Best exact match: **GRU" in sentences(app)
    assert "guess" not in app.query_params
    assert any("exact_match" in str(chart.proto) for chart in charts(app))
    assert "All held-out pairs, by the number of source tokens" in markdown(app)


def test_a_guess_is_about_its_pairs_and_is_asked_anew_for_others(open_page):
    app = open_page("translate")
    choose(app, "guess_pills", "GRU, general").run()
    choose(app, "pairs", "reversal").run()  # the same models
    assert app.get_by_key("guess_pills").value is None
    assert button(app, "Train").disabled


def test_the_notices_wait_for_the_guess(open_page):
    app = open_page("translate")
    waiting = next(block for block in app.expander if block.label.startswith("What to notice"))
    assert "Off and on" in waiting.markdown[0].value
    choose(app, "guess_pills", "GRU, general").run()
    assert not [block for block in app.expander if block.label.startswith("What to notice")]
    assert "Off and on" in markdown(app)


@pytest.mark.parametrize(
    ("link", "kept", "named"),
    [
        ("gru:score=none;transformer:layers=1", ["GRU, no attention", "Transformer (layers 1)"], 0),
        ("gru:score=scaled dot,attend_end=off", ["GRU, scaled dot (</s> seen off)"], 0),
        ("transformer:score=dot", ["GRU, no attention", "GRU, general"], 1),
        ("gru:attend_end=maybe;lstm", ["LSTM, general"], 1),
        ("<script>", ["GRU, no attention", "GRU, general"], 1),
    ],
)
def test_a_link_brings_its_line_up(open_page, link, kept, named):
    app = open_page("translate", models=link)
    assert not app.exception
    entries = [entry for _, entry in app.session_state["lineup-translation"]]
    assert CATALOGUE.labels(entries) == kept
    assert ("could not be read" in sentences(app)) == bool(named)


def test_steps_go_forwards_and_back_with_the_numbers(open_page):
    app = train(opened(open_page))
    assert "reads **\\<s\\>**" in markdown(app)
    equations = "\n".join(e.value for e in app.get("latex") or []) or markdown(app)
    assert "W_g" in equations
    button(app, "Forward").click().run()
    assert "Step **2**" in markdown(app)
    assert "reads **\\<s\\>**" not in markdown(app)
    button(app, "Back").click().run()
    assert "Step **1**" in markdown(app)
    assert button(app, "Back").disabled
    assert "1/N = 1/9" in markdown(app)  # eight words and the end


def test_another_token_can_be_written_and_taken_back(open_page):
    app = train(opened(open_page))
    other = next(box for box in app.selectbox if box.label == "Write another token here")
    own = app.session_state["sentence"]
    choice = other.options[1]
    other.set_value(choice).run()
    assert app.session_state["forced"] == {
        "run": app.session_state["forced"]["run"],
        "text": own,
        "prefix": [choice],
    }
    assert f"writes **{choice}**" in markdown(app)
    button(app, "Back to the model's own translation").click().run()
    assert "forced" not in app.session_state


@pytest.mark.parametrize("method", ["sample", "beam"])
def test_other_ways_to_decode(open_page, method):
    app = train(opened(open_page))
    choose(app, "decoding", method).run()
    assert not app.exception
    if method == "beam":
        scores = next(f.value for f in app.dataframe if "log p" in f.value)["log p"]
        assert list(scores) == sorted(scores, reverse=True)
        assert len(scores) == 4
    else:
        button(app, "Draw again").click().run()
        assert not app.exception


def test_unknown_words_an_empty_and_a_hostile_sentence(open_page):
    app = train(opened(open_page))
    choose(app, "sentence", "three blorps <script>alert(1)</script>").run()
    assert "Not in the vocabulary" in markdown(app)
    assert "<script>" not in markdown(app)
    choose(app, "sentence", "  ").run()
    assert not app.exception
    assert "Write a sentence to translate" in sentences(app)
    choose(app, "sentence", "one " * 130).run()
    assert not app.exception
    assert "shorten it to 120" in sentences(app)


def test_lengths_alignment_and_blocks(open_page):
    app = train(opened(open_page, f"{FAST};transformer:width=16"))
    button(app, "Measure on all pairs with gold links").click().run()
    assert not app.exception
    table = next(f.value for f in app.dataframe if "Error rate (AER)" in f.value)
    assert list(table["Alignment"]) == [
        "GRU, general (width 32)",
        "Transformer (width 16)",
        "The diagonal",
        "IBM model 1 (counts, no network)",
    ]
    assert table["Pairs"].nunique() == 1
    assert "Masked self-attention" in markdown(app)
    choose(app, "half", "encoder").run()
    assert "every source token looks at every other" in markdown(app)


def test_score_functions_are_compared_over_seeds(open_page):
    app = opened(open_page)
    choose(app, "steps", 20)
    choose(app, "spread_scores", ["dot", "concat"])
    choose(app, "spread_seeds", 2).run()
    button(app, "Train 4 runs").click().run()
    runs = wait_for_runs(4)
    assert [run.name for run in runs] == [
        "dot, seed 0",
        "concat, seed 0",
        "dot, seed 1",
        "concat, seed 1",
    ]
    app.run()
    assert not app.exception
    table = next(f.value for f in app.dataframe if "Score function" in f.value)
    assert list(table["Seeds"]) == [2, 2]
    assert "On these seeds" in markdown(app) or "on all seeds" in markdown(app)


def test_the_verdict_never_ranks_on_one_seed_and_sees_overlap():
    def rows(**values):
        return [
            {"name": name, "seed": seed, "value": value}
            for name, found in values.items()
            for seed, value in enumerate(found)
        ]

    assert "One seed is no comparison" in seeds.verdict(rows(dot=[0.9], concat=[0.1]), "it")
    overlapping = seeds.verdict(rows(dot=[0.9, 0.4], concat=[0.5, 0.6]), "it")
    assert "no score function is apart" in overlapping
    apart = seeds.verdict(rows(dot=[0.9, 0.8], concat=[0.5, 0.6]), "it")
    assert "dot above concat" in apart
    assert "a hint" in apart


GOOD = "\n".join(f"w{i % 7} w{i} ||| v{i} v{i % 7}" for i in range(60))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD, None),
        ("one line without a tab", "tab"),
        ("a ||| b", "20"),
        ("", None),
        (GOOD + "\nno separator here", "61"),
        ("<b>x</b> ||| y\n" * 5, "20"),
    ],
)
def test_own_pairs_or_one_sentence(open_page, text, said):
    app = open_page("translate")
    choose(app, "pairs", "own").run()
    choose(app, "own_pairs", text).run()
    assert not app.exception
    if said is None:
        assert not app.error
    else:
        assert said in sentences(app)
    if text == GOOD:
        app.session_state["lineup-translation"] = CATALOGUE.from_link(FAST)[0] and [
            (0, CATALOGUE.from_link(FAST)[0][0])
        ]
        app = train(app.run(), steps=10)
        assert wait_for_runs()[0].status is Status.FINISHED


def test_a_file_that_is_none(open_page):
    app = open_page("translate")
    choose(app, "pairs", "own").run()
    app.get_by_key("own_file").set_value(("pairs.tsv", PNG, "text/plain")).run()
    assert not app.exception
    assert len(app.error) == 1


def test_own_pairs_with_gold_get_an_error_rate(open_page):
    app = open_page("translate", models=FAST)
    choose(app, "pairs", "own").run()
    gold = "\n".join("1-2 2-1" for _ in range(60))
    app.get_by_key("own_file").set_value(("p.txt", GOOD.encode(), "text/plain"))
    app.get_by_key("own_gold").set_value(("g.txt", gold.encode(), "text/plain")).run()
    assert not app.error
    app = train(app, steps=30)
    button(app, "Measure on all pairs with gold links").click().run()
    table = next(f.value for f in app.dataframe if "Error rate (AER)" in f.value)
    assert table["Pairs"][0] == 60
    app.get_by_key("own_gold").set_value(("g.txt", b"1-99", "text/plain")).run()
    assert not app.exception
    assert app.error


def test_presets_bring_their_experiment(open_page):
    app = open_page("translate")
    button(app, "The bottleneck, by length").click().run()
    assert not app.exception
    assert app.session_state["pairs"] == "reversal"
    assert app.session_state["steps"] == 600
    assert app.session_state["sentence"] == "bigbadfeedback"


def test_numbers_of_a_link_that_are_none_are_named_and_a_former_name_is_read(open_page):
    link = {"seed": "inf", "steps": "1e400", "count_dates": "inf", "budget": ""}
    app = open_page("translate", **link, ink="Dark is attention", warmth="nan")
    assert not app.exception
    for part in ("seed=inf", "steps=1e400", "dates=inf", "warmth=nan"):
        assert part in sentences(app)
    assert "ink=" not in sentences(app)
    assert (app.session_state["seed"], app.session_state["count_dates"]) == (0, 10_000)


def test_seeds_of_a_link_that_another_lesson_trained_are_said_to_be_that(open_page, lab):
    run = ended("captioning")
    app = open_page("translate", spread=f"{run.id},{run.id}")
    assert not app.exception
    assert f"caption?runs={run.id}" in sentences(app)
    assert not app.dataframe


def test_a_link_with_foreign_runs_and_hidden_controls(open_page):
    app = open_page("translate", runs="nobody,../../etc", hide="controls", spread="x,y")
    assert not app.exception
    assert "not on this server" in sentences(app)
