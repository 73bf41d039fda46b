"""The lesson "Whose pronoun?", by its controls."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lab.lesson.pronouns.results import Found, shares_in, summary
from lab.seq2seq.generators import pronouns
from tests.pages.conftest import ROOT, wait_for_runs
from tests.pages.test_language_model import button, choose, sentences


def markdown(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def train(app, guess: str, steps: int):
    choose(app, "steps", steps).run()
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs()
    return app.run()


def test_nothing_is_wrong_and_the_question_names_the_data(open_page):
    app = open_page("pronouns")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    pills = next(group for group in app.get("button_group") if "Predict" in group.label)
    assert "71% of the sentences with *teacher*" in pills.label


def test_the_translation_follows_the_shares_and_greedy_enlarges_them(open_page):
    app = open_page("pronouns")
    button(app, "60 against 40").click().run()
    choose(app, "share_nurse", 0).run()
    choose(app, "share_mechanic", 100).run()
    app = train(app, "100 %", 500)
    assert not app.exception
    table = next(f.value for f in app.dataframe if "Greedy" in f.value).set_index("Profession")
    assert table["Data"]["nurse"] == 0
    assert table["Sampled"]["nurse"] < 10
    assert table["Sampled"]["mechanic"] > 90
    assert set(table["Greedy"]) == {0.0, 100.0}
    mixed = table[(table["Data"] > 30) & (table["Data"] < 70)]
    assert (mixed["Sampled"] - mixed["Data"]).abs().mean() < 15
    assert "amplified" in markdown(app)
    assert "You guessed it" in sentences(app) or "You guessed 100 %" in sentences(app)
    done = [m.value for m in app.markdown if "check_circle" in m.value]
    assert any("nurse" in text for text in done)


def test_the_shares_are_in_the_link_and_a_bad_one_is_left_out(open_page):
    app = open_page("pronouns", share_doctor="7", share_nurse="900", share_cook="<b>")
    assert not app.exception
    assert app.get_by_key("share_doctor").value == 7
    assert 0 <= app.get_by_key("share_nurse").value <= 100
    assert 0 <= app.get_by_key("share_cook").value <= 100


def test_shares_are_counted_in_the_data():
    corpus = pronouns.make({"doctor": 0.25, "nurse": 1.0, "pilot": 0.0}, 2400)
    counted = shares_in(corpus)
    assert counted["doctor"] == pytest.approx(0.25, abs=0.01)
    assert counted["nurse"] == 1.0
    assert counted["pilot"] == 0.0


def test_the_sentence_counts_what_is_amplified():
    rows = [Found("a", 0.6, 0.5, 0.4), Found("b", 0.0, 0.0, 1.0), Found("c", 0.3, 0.2, 0.8)]
    text = summary(rows)
    assert "all 2 professions" in text
    assert f"{100 * (abs(5 / 9 - 0.6) + 0 + 0.1) / 3:.1f} points" in text
    assert "No profession has mixed data" in summary(rows[1:2])


def test_the_code_behind_runs(open_page):
    app = open_page("pronouns")
    choose(app, "steps", 10)
    choose(app, "pairs_count", 240).run()
    code = app.code[0].value
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[-800:]
    assert done.stdout.count(b"p(she)") == 12
