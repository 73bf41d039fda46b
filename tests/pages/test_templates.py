"""The lesson "Templates decide", by its controls."""

from __future__ import annotations

import json
import re

import pytest

from lab.bias.stimuli import StimuliError, kurita_test
from lab.lesson.kit.question import SKIP
from lab.lesson.sources.recorded import Recorded
from lab.lesson.templates import effect_sizes, published, save_and_code
from lab.lesson.templates.bias_tests import read_lines, read_test, ready_tests, written
from lab.lesson.templates.effect_sizes import SAME, TURNS
from lab.lesson.templates.exercises import prior_moves, turned, units
from lab.lesson.templates.word_scores import rows_of, summary
from tests.pages.test_language_model import button, choose, sentences

MINE = Recorded("Mine", find=lambda *given: None)


def settled(app):
    """Run the page again while its workers are still too busy to answer."""
    for _ in range(4):
        if re.search("workers are busy|This run is gone", sentences(app)):
            app.run()
    assert not app.exception
    return app


def opened(open_page, **query: str):
    return settled(open_page("templates", **query))


def test_a_student_guesses_sees_the_sign_turn_and_finds_the_record_beside(open_page):
    app = open_page("templates")
    assert not app.exception
    assert "Guess above" in text(app)
    assert not app.dataframe
    button(app, "Career and family").click().run()
    group = next(g for g in app.get("button_group") if "Predict" in g.label)
    assert "Each of the 3 sentences" in group.label
    settled(app.get_by_key(group.key).set_value(SAME).run())
    said = sentences(app)
    assert "You guessed" in said
    assert re.search(r"Glasshouse's own masked model: .*d from [+−]\d\.\d\d to \+\d\.\d\d", said)
    assert "one sign in all sentences, d from +1.23 to +1.63" in said
    recorded = app.dataframe[1].value.set_index("unit")
    assert recorded["d"]["rows"] == pytest.approx(1.125524, abs=1e-5)
    assert recorded["d"]["words"] == pytest.approx(1.540971, abs=1e-5)
    assert recorded["p, two-sided"]["words"] == "0.00016"
    assert "guess" not in app.query_params  # a link that is shared does not tell it
    choose(app, "sentences", "[T] likes [A].\n[T] has no slot.").run()
    assert "Line 2 needs [A] once" in sentences(app).replace("\\", "")
    assert not app.dataframe
    settled(choose(app, "sentences", "[T] likes [A]. | bugs | she").run())
    said = text(app).replace("\\", "") + sentences(app).replace("\\", "")
    assert "“bugs” is 2 pieces" in said
    button(app, "Occupations").click().run()  # another test is guessed anew
    assert not app.exception
    assert app.get_by_key("guess_pills").value is None
    assert "Guess above" in text(app)
    assert not app.dataframe


def text(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def test_every_tab_of_a_link_is_drawn(open_page):
    link = {**CAREER.fields, "guess": SKIP, "hide": "controls"}
    app = opened(open_page, tab="What was read", prior="the paper's way", **link)
    assert "no" not in [b.label for b in app.button]
    assert "a word that the model sees, and not a blank" in text(app), sentences(app)
    whole = app.dataframe[-2].value
    assert list(whole.columns)[:4] == ["sentence", "attribute", "list", "target"]
    assert len(whole) == 16 * (2 + 4 + 2)
    assert (whole["read at"] != whole["prior at"]).any()
    assert (whole["log P"] - whole["prior"] - whole["difference"]).abs().max() < 1e-9
    app = opened(open_page, tab="Words", **link)
    assert "of 16 words have both signs" in text(app)
    app = opened(open_page, tab="Kurita's table", **link)
    whole = app.dataframe[-1].value
    assert list(whole["rows"].round(4)) == [0.4458, 1.1255, 0.8495, 0.9572, -0.8864]
    assert whole["own model: words"].isna().tolist() == [True, False, False, False, False]
    assert "“bugs” is 2 pieces" in text(app).replace("\\", "")


CAREER = next(test for test in ready_tests() if test.key == "career_family")


@pytest.mark.parametrize("test", ready_tests(), ids=lambda test: test.key)
def test_the_fields_of_a_test_ask_that_test(test):
    asked = read_test(test.fields, "masked")
    assert (asked.sides, asked.names, asked.note) == (test.sides, test.names, test.note)
    if asked.published:
        published_test = kurita_test(asked.published)
        assert asked.published == test.key
        assert asked.templates == published_test.templates
        assert asked.a == tuple(dict.fromkeys(published_test.A.words))
    assert written(asked.templates)[0] == test.lines


def test_a_changed_test_is_no_longer_the_published_one():
    fields = CAREER.fields | {"sentences": "[T] likes [A]."}
    assert read_test(CAREER.fields, "masked").published == "career_family"
    assert read_test(fields, "masked").published == ""
    assert read_test(fields, "masked").names == CAREER.names
    other = read_test(fields | {"a": "tea, milk, water", "first": "cats"}, "none")
    assert (other.sides, other.names[0]) == (("cats", "she"), "tea, milk …")


@pytest.mark.parametrize(
    ("lines", "first", "message"),
    [
        ("", "he", "at least one sentence"),
        ("[T] likes it.", "he", r"Line 1 needs \[A\] once"),
        ("[T] and [T] like [A].", "he", r"Line 1 needs \[T\] once"),
        ("[T] likes [A].\n\n[T] is [A]. | he", "he", "Line 2 has 2 parts"),
        ("[T] likes [A].", " ", "at least one word"),
        ("[T] likes [A].\n" * 21, "he", "21 sentences, and 20"),
        ("[T] likes [A].", "a,b,c,d,e,f,g", "At most 6 targets"),
        ("x" * 400 + "[T] [A]", "he", "longer than 300"),
    ],
)
def test_bad_lines_get_a_sentence(lines, first, message):
    with pytest.raises(StimuliError, match=message):
        read_lines(lines, first, "she")


def answer(effects: list[float], rows: float = 1.0, words: float = 1.0) -> dict:
    return {
        "templates": [{"template": i, "effect_size": d} for i, d in enumerate(effects)],
        "kept": list(range(len(effects))),
        "units": [
            {"unit": name, "d": d, "n": [2, 2], "values": [[], []]}
            for name, d in (("rows", rows), ("words", words), ("targets", 1.0))
        ],
        "prior": "masked",
    }


def test_exercises_can_be_failed_and_solved():
    assert turned([]) is units([]) is prior_moves({}) is None
    assert turned([(MINE, answer([1.0, -1.0, 1.0]))]) is None
    assert turned([(MINE, answer([1.0, 0.5, 0.2, -0.3]))])[0]
    assert not turned([(MINE, answer([1.0, 0.5, 0.2, -0.1]))])[0]
    assert units([(MINE, answer([1.0], 1.0, 1.3))])[0]
    assert not units([(MINE, answer([1.0], 1.0, -1.29))])[0]
    assert prior_moves({1: {"masked": 0.5}}) is None
    assert prior_moves({1: {"masked": 0.5, "paper": 0.39}})[0]
    assert not prior_moves({1: {"masked": 0.5, "paper": 0.41}})[0]


def test_a_p_value_is_written_as_narrow_as_it_is_known():
    assert effect_sizes.p_text(None, None) == "–"
    assert effect_sizes.p_text(0.5, 0.5) == "0.5"
    assert effect_sizes.p_text(0.01234, 0.01236) == "0.012"
    assert effect_sizes.p_text(0.01, 0.02) == "0.01 – 0.02"


def test_the_reason_for_the_units_follows_the_numbers():
    two = answer([1.0, 0.5], 0.5, 0.9)
    two["units"][2] |= {"n": [1, 1]}
    assert "d is larger: +0.90 against +0.50" in effect_sizes.why(two)
    assert "±1.41" in effect_sizes.why(two)
    assert "cannot fall below 0.33" in effect_sizes.why(answer([1.0]))
    assert "Rows" not in effect_sizes.why(answer([1.0]))
    uneven = answer([1.0])
    uneven["units"][2] |= {"n": [2, 3]}
    assert "cannot fall below 0.1." in effect_sizes.why(uneven)  # 1 of 10: no split mirrors another


def test_a_words_spread_by_hand():
    asked = read_test(CAREER.fields, "masked")
    scores = {("x", "A"): [1.0, -1.0], ("y", "B"): [0.5, 1.5]}
    rows = [
        {"attribute": word, "group": group, "template": i, "score": score}
        for (word, group), values in scores.items()
        for i, score in enumerate(values)
    ]
    found = rows_of({"rows": rows}, asked)
    assert [(one["word"], one["group"], one["mean"]) for one in found] == [
        ("x", "Career", 0.0),
        ("y", "Family", 1.0),
    ]
    said = summary(found)
    assert "1 of 2 words have both signs. Widest: x, 2.00 nats." in said
    assert f"{(2**0.5 + 0.5**0.5) / 2:.2f} nats on average" in said


def test_lists_are_saved_as_the_lab_reads_them():
    from lab.bias.own_lists import from_json, to_json

    asked = read_test(CAREER.fields, "masked")
    again = from_json(to_json(save_and_code.lists(asked)))
    assert again.X.words == ("he", "boys", "men")
    assert (again.A.name, again.A.words) == ("Career", asked.a)
    saved = json.loads(save_and_code.everything([(MINE, answer([1.0]))], asked))
    assert saved["templates"][1]["first"] == ["boys", "men"]
    assert saved["models"][0]["name"] == "Mine"


def test_the_table_says_what_the_paper_and_the_record_say():
    table = published.table({"mine": {"career_family": 0.5}}).set_index("test")
    row = table.loc["Career and family"]
    assert row[published.PAPER] == 1.126
    assert row[published.ROWS] == pytest.approx(1.125524, abs=1e-6)
    assert row[published.WORDS] == pytest.approx(1.540971, abs=1e-6)
    assert row["mine"] == 0.5
    assert table["mine"].isna().sum() == 4


def test_the_outcomes_of_a_guess(monkeypatch):
    said = []
    for name in ("success", "info"):
        monkeypatch.setattr(
            effect_sizes.st, name, lambda text, icon="", name=name: said.append(f"{name}: {text}")
        )
    both = [(MINE, answer([1.0, -0.5])), (MINE, answer([1.0, 0.5]))]
    effect_sizes.outcome(both[:1], TURNS)
    effect_sizes.outcome(both[:1], SAME)
    effect_sizes.outcome(both, TURNS)
    effect_sizes.outcome([(MINE, answer([1.0]))], SAME)
    assert [line.split(":")[0] for line in said] == ["success", "info", "info", "info"]
    assert "d from −0.50 to +1.00" in said[0]
    assert "add a second one" in said[3]
