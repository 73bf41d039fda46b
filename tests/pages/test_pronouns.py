"""The lesson "Whose pronoun?", by its controls."""

from __future__ import annotations

import re

import pytest

from lab.lesson.kit.collect import lesson_of
from lab.lesson.pronouns.exercises import doctor, more_often, nurse
from lab.lesson.pronouns.findings import (
    SAME,
    Found,
    nearest_to,
    outcome,
    right,
    shares_in,
    summary,
)
from lab.lesson.pronouns.lesson import LESSON
from lab.lesson.pronouns.shares import NAMES, READY
from lab.runs import transfer
from lab.runs.kinds import kind_of
from lab.seq2seq.generators import pronouns
from tests.pages.conftest import wait_for_runs
from tests.pages.test_language_model import button, choose, sentences


def markdown(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def shares(app) -> dict[str, int]:
    return {name: app.get_by_key(f"share_{name}").value for name in NAMES}


def question(app) -> str:
    return next(group.label for group in app.get("button_group") if "Predict" in group.label)


def table(app):
    return next(f.value for f in app.dataframe if "Greedy" in f.value).set_index("Profession")


def train(app, guess: str, steps: int, runs: int = 1):
    choose(app, "steps", steps).run()
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs(runs)
    return app.run()


def test_nothing_is_wrong_and_the_question_names_the_data(open_page):
    app = open_page("pronouns")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    assert "71 % of the sentences with *teacher*" in question(app)
    assert "hän on opettaja" in question(app)


def test_presets_set_all_shares_and_the_statistics_are_those_of_winogender(open_page):
    app = open_page("pronouns")
    statistics = shares(app)
    assert statistics["nurse"] == 90
    assert statistics["mechanic"] == 2
    assert statistics["cook"] == 50
    assert "Winogender" in markdown(app)
    for name, expected in (
        ("All he", dict.fromkeys(NAMES, 0)),
        ("Half and half", dict.fromkeys(NAMES, 50)),
        ("Turned round", {name: 100 - share for name, share in statistics.items()}),
        ("As in US labour statistics", statistics),
    ):
        button(app, name).click().run()
        assert shares(app) == expected == READY[name]


def test_a_guess_on_another_question_is_taken_back(open_page):
    app = open_page("pronouns")
    choose(app, "guess_pills", "0 %").run()
    choose(app, "share_doctor", 40).run()  # still asks for the teacher
    assert app.get_by_key("guess_pills").value == "0 %"
    choose(app, "share_doctor", 65).run()
    assert "65 % of the sentences with *doctor*" in question(app)
    assert app.get_by_key("guess_pills").value is None
    assert button(app, "Train").disabled


def test_the_translation_follows_the_shares_and_greedy_enlarges_them(open_page):
    app = open_page("pronouns")
    button(app, "60 against 40").click().run()
    choose(app, "share_nurse", 0).run()
    choose(app, "share_mechanic", 100).run()
    asked = re.search(r"with \*(\w+)\*", question(app))[1]
    app = train(app, "100 %", 500)
    assert not app.exception
    found = table(app)
    assert found["Data"]["nurse"] == 0
    assert found["Data"]["mechanic"] == 100
    assert found["Sampled"]["nurse"] < 10
    assert found["Sampled"]["mechanic"] > 90
    assert (found["Sampled"] - found["Data"]).abs().mean() < 10
    assert set(found["Word"]) == {"he", "she"}
    assert ((found["Greedy"] == 100) == (found["Word"] == "she")).all()
    assert (found[["p(she)", "p(he)", "other"]].sum(axis=1) - 1).abs().max() < 1e-5
    assert (found["other"] < 0.05).all()
    assert "of 10 professions with mixed data" in markdown(app)
    true = found["Greedy"][asked] == 100
    assert f"Greedy translations of “{pronouns.prompt_for(asked)}”" in sentences(app)
    assert ("You guessed it." if true else r"You guessed 100 %.") in sentences(app)
    done = [m.value for m in app.markdown if "check_circle" in m.value]
    assert any("nurse" in text for text in done)
    assert not any("Why decode greedily" in text for text in done)


def test_an_untrained_model_is_not_credited_with_a_pronoun(open_page):
    app = train(open_page("pronouns", pairs_count="240"), SAME, 10)
    found = table(app)
    likely = found[["p(she)", "p(he)"]].max(axis=1)
    # Greedy decoding writes neither pronoun where all other words together could hide a likelier.
    for name, word in found["Word"].items():
        if word in ("he", "she"):
            assert found[f"p({word})"][name] == likely[name]
        else:
            assert found["other"][name] > likely[name]
            assert found["Greedy"][name] == 0
    assert not app.exception


def test_a_preset_after_the_first_run_starts_at_once(open_page):
    app = train(open_page("pronouns", pairs_count="240"), "100 %", 10)
    button(app, "All he").click().run()
    wait_for_runs(2)
    app.run()
    assert set(table(app)["Data"]) == {0}
    assert set(table(app)["p(she)"]) == {0}  # the word is not even in the vocabulary
    assert "guess" not in app.query_params


def test_a_second_run_can_be_shown_beside_the_first(open_page):
    app = train(open_page("pronouns", pairs_count="240"), "100 %", 10)
    first = app.query_params["runs"]
    button(app, "All he").click().run()
    wait_for_runs(2)
    second = app.query_params["runs"]
    both = open_page("pronouns", runs=f"{first},{second}")
    assert set(table(both)["Data"]) != {0}
    choose(both, "result", "Translator #2").run()
    assert set(table(both)["Data"]) == {0}


def test_a_bad_part_of_a_link_is_left_out_and_named(open_page):
    app = open_page(
        "pronouns", share_doctor="7", share_nurse="900", share_cook="<b>", share_dentist="5"
    )
    assert not app.exception
    assert shares(app) == READY["As in US labour statistics"] | {"doctor": 7}
    said = sentences(app).replace("\\", "")
    assert "share_nurse=900" in said
    assert "share_cook=<b>" in said
    assert "share_dentist=5" in said
    assert "doctor" not in said
    button(app, "All he").click().run()
    assert not sentences(app)


@pytest.mark.parametrize(
    ("name", "text", "bad"),
    [
        ("share_nurse", "0", False),
        ("share_nurse", "100", False),
        ("share_nurse", "101", True),
        ("share_nurse", "-1", True),
        ("share_nurse", "3.5", True),
        ("steps", "9", True),
        ("steps", "10", False),
        ("pairs_count", "1e400", True),
        ("steps", "inf", True),
        ("share_nurse", "nan", True),
        ("seed", "-1", True),
        ("runs", "x", False),
    ],
)
def test_what_can_be_read_in_a_link(name, text, bad):
    try:
        LESSON.keys[name].read([text])
    except ValueError:
        assert bad
    else:
        assert not bad


def test_the_link_of_a_run_shows_its_results_without_the_controls(open_page):
    app = open_page("pronouns", pairs_count="240", share_nurse="0")
    choose(app, "guess_pills", "0 %").run()
    choose(app, "guess_pills-share", True).run()
    app = train(app, "0 %", 10)
    link = {"runs": app.query_params["runs"], "guess": app.query_params["guess"]}
    assert link["guess"] == "0 %"
    again = open_page("pronouns", hide="controls", **link)
    assert not again.exception
    assert table(again)["Data"]["nurse"] == 0
    assert "hän on opettaja" in sentences(again)
    assert "You guessed" in sentences(again)
    assert not [b for b in again.button if b.label == "Train"]


def test_a_run_that_is_gone_and_a_run_of_other_pairs_are_said(open_page, lab):
    assert "not on this server" in sentences(open_page("pronouns", runs="nosuchrun"))
    other = open_page("translate", pairs="Numbers", models="gru:width=16", steps="10")
    choose(other, "guess_pills", "I would rather not guess").run()
    button(other, "Train").click().run()
    wait_for_runs()
    app = open_page("pronouns", runs=other.query_params["runs"])
    assert not app.exception
    assert f"translate?runs={other.query_params['runs']}" in sentences(app)
    assert not [f for f in app.dataframe if "Greedy" in f.value]


def test_a_run_whose_pairs_are_gone_is_said_to_be_that(open_page):
    from lab.lesson import service

    app = train(open_page("pronouns", pairs_count="240"), "0 %", 10)
    (run,) = service.run_queue().records.runs.values()
    assert lesson_of(run) is LESSON
    run.corpus = "0" * 64
    app.run()
    assert not app.exception
    assert "did not learn Finnish pronouns" in sentences(app)
    assert not [f for f in app.dataframe if "Greedy" in f.value]


def test_a_run_loaded_from_files_without_its_pairs_is_not_compared_with_nothing(open_page):
    from lab.lesson import service

    train(open_page("pronouns", pairs_count="240"), "0 %", 10)
    queue = service.run_queue()
    (run,) = queue.records.runs.values()
    data = kind_of(run.settings).data(queue.store.corpus_path(run.corpus).read_bytes())
    saved = transfer.to_json(run, queue.view(run.id).history, data).encode()
    loaded, events, empty, _ = transfer.from_json(saved, run.session)
    weights = queue.store.checkpoint_path(run).read_bytes()
    app = open_page("pronouns", runs=queue.adopt(loaded, events, weights, empty.to_bytes()))
    assert not app.exception
    assert "does not have the pairs of this run" in sentences(app)
    assert not [f for f in app.dataframe if "Greedy" in f.value]


def test_shares_are_counted_in_the_data():
    corpus = pronouns.make({"doctor": 0.25, "nurse": 1.0, "pilot": 0.0}, 2400)
    counted = shares_in(corpus)
    assert counted["doctor"] == pytest.approx(0.25, abs=0.01)
    assert counted["nurse"] == 1.0
    assert counted["pilot"] == 0.0


def test_the_profession_to_ask_about_is_the_one_nearest_to_two_thirds():
    assert nearest_to({"a": 0.5, "b": 0.7, "c": 1.0}) == "b"
    assert nearest_to({"a": 0.0, "b": 0.0}) == "a"


ROWS = [
    Found("with", 0.6, 0.5, 0.4, "she"),
    Found("never", 0.0, 0.0, 1.0, "he"),
    Found("against", 0.3, 0.6, 0.4, "she"),
    Found("even", 0.5, 0.45, 0.5, "he"),
    Found("lost", 0.8, 0.1, 0.1, "the"),
]


def test_the_sentence_counts_what_is_amplified():
    text = summary(ROWS)
    off = [5 / 9 - 0.6, 0, 0.3, 0.45 / 0.95 - 0.5, 0.5 - 0.8]
    assert f"{100 * sum(map(abs, off)) / 5:.1f} points**" in text
    assert "1 of 4 professions with mixed data" in text
    assert "half and half in the data: even." in text
    assert "Against the majority of the data: against." in text
    assert "No pronoun yet: lost (“the”)" in text
    assert "No profession has mixed data" in summary(ROWS[1:2])
    assert "amplified" not in summary(ROWS[1:3])


def test_how_often_decoding_meets_the_data_by_hand():
    greedy, sampled = right([Found("a", 0.75, 0.75, 0.25, "she"), Found("b", 0.2, 0.1, 0.8, "he")])
    assert greedy == pytest.approx((0.75 + 0.8) / 2)
    assert sampled == pytest.approx((0.625 + 0.2 * 0.1 + 0.8 * 0.8) / 2)
    assert right(ROWS[4:])[0] == 0  # neither pronoun: never


def test_the_guess_is_compared_with_the_greedy_share():
    for guess, true in (("100 %", True), ("0 %", False), (SAME, False)):
        assert outcome(ROWS[0], "hän on …", guess)[0] is true
    assert outcome(ROWS[1], "hän on …", SAME)[0]  # all he in the data, and all he in the output
    said = outcome(ROWS[0], "hän on …", "<b>")[1]
    assert "in 100 % of the cases; the data do in 60 %, sampled translations in 50 %" in said


def test_exercises_can_be_failed_and_solved():
    assert nurse(None) is doctor(None) is more_often([]) is None
    assert nurse(ROWS[1])[0]
    assert not nurse(ROWS[0])[0]
    assert doctor(ROWS[3])[0]
    assert not doctor(ROWS[2])[0]
    solved = [Found("a", 0.75, 0.75, 0.25, "she")]
    assert more_often(solved)[0]
    assert not more_often([Found("a", 0.5, 0.5, 0.5, "she")])[0]
    assert not more_often([Found("a", 1.0, 1.0, 0.0, "she")])[0]
