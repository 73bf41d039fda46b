"""The lesson "Fill the blank", as its page sees it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from lab.lesson.fill import exercises, save_and_code, two_sentences, word_list
from lab.lesson.kit.question import SKIP
from lab.lesson.sources.recorded import Recorded
from tests import toy_models
from tests.pages.conftest import wait_for_runs

TOY, HEADLESS = "model:toy-bert", "model:headless"
NURSE = "The nurse said that [MASK] was tired."


@pytest.fixture
def models(lab, monkeypatch):
    """Put a model, and one without its head, into this server's folder; nothing of the project."""
    monkeypatch.setattr("lab.pretrained.folders.ASSETS", lab / "no-assets")
    toy_models.bert(lab / "models" / "toy-bert")
    headless(lab / "models" / "headless")


def headless(folder) -> None:
    """Save a BERT that calls itself a masked model, without the weights of its head."""
    from safetensors.torch import load_file, save_file

    toy_models.bert(folder)
    path = folder / "model.safetensors"
    weights = {n: t for n, t in load_file(path).items() if not n.startswith("cls.predictions.t")}
    save_file(weights, path, metadata={"format": "pt"})


def said(app) -> str:
    kinds = ("warning", "info", "success", "error", "caption", "markdown")
    text = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    return text.replace("\\", "")  # escapes of markdown


def charts(app) -> list[list[dict]]:
    """The rows of each chart's largest table."""
    found = []
    for element in app.get("vega_lite_chart"):
        tables = [convert_arrow_bytes_to_pandas_df(d.data.data) for d in element.proto.datasets]
        rows = max(tables, key=len).to_dict("records")
        found.append(rows)
    return found


def rather_not(app) -> None:
    """Skip the question about another sentence, which no earlier guess answers."""
    assert app.get_by_key("guess_pills").value is None
    app.get_by_key("guess_pills").set_value(SKIP).run()


def open_three(open_page, **query: str):
    return open_page("fill", models=[TOY, "recorded", HEADLESS], words="dog, man, zebra", **query)


def test_no_word_to_compare_is_no_error(lab, open_page):
    sentence = "The scientist obtained a PhD in computer science in 1990, when [MASK] started to "
    sentence += "look for a position in academia."  # three figures recorded, and none is asked for
    app = open_page("fill", models="recorded", words="", text=sentence, guess="he")
    assert not app.exception
    assert "bert-base-uncased" in said(app)


def test_nothing_of_a_sentence_is_taken_home_before_its_guess(lab, open_page):
    app = open_page("fill", models="recorded", tab="Save and code", text="Jim worked as a [MASK].")
    assert not app.exception
    assert "Guess above" in said(app)
    assert "Tokens (CSV)" not in [button.proto.label for button in app.get("download_button")]
    app.get_by_key("guess_pills").set_value("lawyer").run()
    assert "Tokens (CSV)" in [button.proto.label for button in app.get("download_button")]
    app.get_by_key("guess_pills-share").set_value(True).run()
    assert app.query_params["guess"].endswith(":lawyer")


def test_what_cannot_be_read_in_a_link_is_named_and_left_out(lab, open_page):
    wrong = {"k": "nan", "measure": "<b>", "blank": "9", "pieces": "2", "words": "x" * 999}
    app = open_page("fill", models="recorded", text="[MASK] and [MASK]", **wrong)
    assert not app.exception
    assert "could not be read and was left out: k=nan, measure=<b>" in said(app)
    assert app.slider(key="k").value == 8
    assert app.segmented_control(key="blank").value == 1


def test_what_a_student_does_under_every_tab(models, open_page):
    """One test, because every new queue waits for a worker to import its libraries."""
    a_guess_comes_first_and_a_model_without_its_head_is_refused(open_page)
    lists_are_compared_raw_conditional_and_centred(open_page)
    two_sentences_what_is_taken_home_and_a_link_of_nonsense(open_page)


def a_guess_comes_first_and_a_model_without_its_head_is_refused(open_page):
    app = open_three(open_page, text="Jim worked as a [MASK].")
    assert not app.exception
    assert charts(app) == []
    assert "Guess above" in said(app)
    pills = next(p for p in app.pills if "Which word comes first" in p.label)
    assert "mechanic" in pills.options
    pills.set_value("mechanic").run()
    assert not app.exception
    assert "guess" not in app.query_params  # a link that is shared does not tell it
    assert "headless has no masked head: its weights for cls.predictions are not in" in said(app)
    assert "bert-large-uncased-whole-word-masking: **mechanic** (11.6%)" in said(app)
    assert "You guessed" in said(app)
    assert "toy-bert does not know “zebra”." in said(app)
    assert "“zebra” was not recorded for this sentence." in said(app)
    toy, words, recorded, _, cells = charts(app)
    assert len(toy) == len(recorded) == 8
    assert recorded[0]["token"] == "mechanic"
    assert [row["token"] for row in words] == ["dog", "man", "any other word"]
    assert sum(row["p"] for row in words) == pytest.approx(1)
    # [CLS] jim worked as a [MASK] . [SEP]: the blank is at place 5.
    assert [row["place"] for row in cells if row["blank"]] == [5]
    assert [row["id"] for row in cells if row["blank"]] == [4]

    app.text_area(key="text").set_value("# <b>[MASK]</b> and **[MASK]** $x$").run()
    assert not app.exception
    assert charts(app) == []  # another sentence: it is guessed anew
    rather_not(app)
    assert app.segmented_control(key="blank").value == 1
    assert "Recorded: nothing for this sentence" in said(app)
    app.text_area(key="text").set_value("No blank").run()
    rather_not(app)
    assert "There is no [MASK] in “No blank”" in said(app)
    next(b for b in app.button if b.label == "Paris").click().run()
    assert app.text_area(key="text").value == "Paris is the capital of [MASK]."
    assert not app.exception


def lists_are_compared_raw_conditional_and_centred(open_page):
    template = "the {man, dog} of the {bank, river} was [MASK] ."
    app = open_three(open_page, tab="A list of words", list=template, guess=SKIP)
    (cells,) = charts(app)
    rows = list(dict.fromkeys(cell["row_label"] for cell in cells))
    assert rows == ["man · bank", "man · river", "dog · bank", "dog · river"]
    raw = {cell["column_label"]: cell["value"] for cell in cells if cell["row"] == 0}
    assert np.isnan(raw["zebra"])
    assert raw["dog"] + raw["man"] + raw["elsewhere"] == pytest.approx(1)
    app.segmented_control(key="measure").set_value("conditional").run()
    cells = charts(app)[0]
    shares = {cell["column_label"]: cell["value"] for cell in cells if cell["row"] == 0}
    assert shares["dog"] == pytest.approx(raw["dog"] / (raw["dog"] + raw["man"]))
    assert shares["elsewhere"] == raw["elsewhere"]

    app.segmented_control(key="measure").set_value("log-ratio").run()
    app.text_input(key="neutral").set_value("man").run()
    found = {row["subject"]: row for row in charts(app)[0]}
    assert found["man · bank"]["value"] == pytest.approx(0)
    assert found["man · bank"]["raw"] == pytest.approx(math.log(raw["dog"] / raw["man"]), abs=1e-6)
    app.text_input(key="words").set_value("dog").run()
    assert "needs two different words" in said(app)
    app.text_area(key="list").set_value("the {man was [MASK]").run()
    assert "has no closing brace" in said(app)
    next(b for b in app.button if b.label == "Jim and Jane").click().run()
    assert not app.exception
    assert "recorded by github.com/PAIR-code" in said(app)


def two_sentences_what_is_taken_home_and_a_link_of_nonsense(open_page):
    app = open_three(open_page, tab="Two sentences", guess=SKIP)
    assert not app.exception
    toy, recorded = charts(app)
    assert len(toy) == 26  # its whole vocabulary
    waitress = next(row for row in recorded if row["token"] == "waitress")
    assert waitress["ratio"] == pytest.approx(math.log(0.003107 / 0.1708), abs=0.01)
    app.text_input(key="b").set_value("[MASK] and [MASK]").run()
    assert "Sentence B: There are 2 blanks here" in said(app)

    app = open_three(open_page, tab="Save and code", guess=SKIP, list="the {man, dog} [MASK] .")
    assert not app.exception
    labels = [button.proto.label.replace("\\", "") for button in app.get("download_button")]
    assert {"Tokens (CSV)", "All figures (CSV)", "toy-bert (PNG)", "toy-bert (SVG)"} <= set(labels)
    told: dict = {"print": lambda *_: None}
    exec(app.code[0].value, told)
    assert len(told["found"]["log_p"]) == 2

    app = open_page(
        "fill", models=["model:../../etc", "run:x"], tab="<b>", k="999", hide="controls"
    )
    assert not app.exception
    assert "not at hand" in said(app)
    assert "Choose a model" in said(app)


def test_a_student_s_masked_model_is_asked(models, open_page):
    from lab.lesson import service
    from lab.masked.corpus import rows_of
    from lab.masked.settings import MaskedSettings
    from lab.masked.vocabulary import train_vocabulary

    text = ["The nurse said that she was tired."] * 40
    rows = rows_of(text, text[:4], train_vocabulary(text, 60, ["nurse"]), "own", False)
    settings = MaskedSettings.of(
        layers=1, width=16, heads=2, context=24, batch=200, steps=5, device="cpu"
    )
    queue = service.run_queue()
    run = queue.submit("me", "Mine", settings.to_dict(), rows.digest, rows.to_bytes())
    wait_for_runs()
    app = open_page("fill", models=f"run:{run}", guess=SKIP, text=NURSE)
    assert not app.exception
    assert "Masked model · Mine · 5 steps" in said(app)
    assert len(charts(app)) == 3
    assert "of the probability" in said(app)


def test_a_table_has_every_figure():
    words = [
        {"word": "he", "single": True, "pieces": ["he"], "refused": ""},
        {"word": "x", "single": False, "pieces": [], "refused": "no"},
    ]
    result = word_list.Result(words, [[math.log(0.2), None]], None)
    table = save_and_code.figures([("toy", ["a [MASK]"], result)])
    assert list(table.columns) == [
        "model", "sentence", "target", "pieces", "p_raw", "p_conditional", "log_p",
    ]  # fmt: skip
    assert table.p_raw[0] == pytest.approx(0.2)
    assert table.p_conditional[0] == 1
    assert np.isnan(table.p_raw[1])
    answer = {"sentence": "a", "blanks": [{"top": [{"token": "b", "id": 3, "p": 0.5}]}]}
    rows = save_and_code.tokens([("toy", answer)]).to_csv(index=False).splitlines()
    assert rows[1] == "toy,a,1,b,3,0.5"


def test_sentences_are_called_by_what_differs():
    assert two_sentences.differ("Jim ran to me.", "Jane ran to me.") == ("Jim", "Jane")
    assert two_sentences.differ("In New York, x", "In Texas, x") == ("New York", "Texas")
    assert two_sentences.differ("a", "a") == ("A", "B")


def test_exercises_judge_what_they_ask_for():
    source = Recorded("x", find=lambda *given: None)

    def answer(sentence, he, she):
        targets = [{"word": "he", "log_p": he}, {"word": "she", "log_p": she}]
        return [(source, {"sentence": sentence, "blanks": [{"targets": targets}]})]

    assert exercises.she_first(answer("a [MASK]", -2.0, -1.0)) == (
        True,
        "x: she is 2.7 times as probable.",
    )
    assert exercises.she_first(answer("a [MASK]", -1.0, -2.0))[0] is False
    assert exercises.she_first(answer(NURSE, -2.0, -1.0)) is None  # a preset is no answer
    rows = [{"token": "t", "a": 0.02, "b": 0.001}, {"token": "rare", "a": 1e-9, "b": 1e-4}]
    assert exercises.times([(source, {"rows": rows})], ("x", "y")) == (True, "“t”: 20.0 times.")
    assert exercises.times([(source, {"rows": rows[1:]})], ("x", "y")) is None
    apart = exercises.times([(source, {"rows": rows})], ("a x b", "a y c"))
    assert apart == (False, "These sentences differ in more than one word.")
    words = [{"word": word, "single": True, "pieces": [word]} for word in ("he", "she")]
    said = word_list.Result(words, [[-1.0, -2.0]], [[-1.0, -3.0]])
    row = word_list.Row(("nurse",), NURSE)
    asked = word_list.WordList("", [row], [row], "person", word_list.RATIO, ("he", "she"))
    assert exercises.sign_changes([(source, said)], asked) == (
        True,
        "nurse: he raw, less he than “person”.",
    )
    other = word_list.Result(words, [[-1.0, -3.5]], [[-1.0, -3.0]])
    assert exercises.sign_changes([(source, other)], asked)[0] is False
