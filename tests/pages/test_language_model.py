"""The first lesson, by its controls."""

from __future__ import annotations

import pytest

from lab.lesson.language_model.lesson import CATALOGUE as LANGUAGE
from tests.pages.conftest import wait_for_runs

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def choose(app, key: str, value):
    app.get_by_key(key).set_value(value)
    return app


def button(app, label: str):
    return next(b for b in app.button if b.label == label)


def sentences(app) -> str:
    return "\n".join(e.value for e in [*app.error, *app.warning, *app.info, *app.success])


def train(app, guess: str = "LSTM", tokens: int = 60_000):
    choose(app, "budget", "tokens").run()
    choose(app, "tokens", tokens)
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs()
    return app.run()


def test_nothing_is_wrong_and_training_waits_for_a_guess(open_page):
    app = open_page("language_model")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    choose(app, "guess_pills", "I would rather not guess").run()
    assert not button(app, "Train").disabled


def test_training_shows_losses_counts_and_what_the_guess_was_worth(open_page):
    app = train(open_page("language_model"), guess="LSTM")
    assert not app.exception
    assert "validation loss" in "\n".join(m.value for m in app.markdown)
    rows = app.get("vega_lite_chart")[0]
    assert rows is not None
    numbers = next(frame.value for frame in app.dataframe if "Parameters" in frame.value)
    assert list(numbers["Model"]) == ["LSTM"]
    assert 60_000 <= numbers["Tokens"][0] < 63_000
    assert "Lowest validation loss" in sentences(app)


def test_a_right_and_a_wrong_guess_are_told_apart(open_page):
    app = train(open_page("language_model"), guess="n-gram counts", tokens=10_000)
    assert "You guessed it" in sentences(app)
    assert "guess" not in app.query_params
    runs = app.query_params["runs"]
    linked = open_page("language_model", runs=runs, guess="LSTM")
    assert "You guessed LSTM" in sentences(linked)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("lstm;gru;transformer:learning_rate=0.001,layers=4", ["LSTM", "GRU", "Transformer"]),
        ("oracle;lstm", ["LSTM"]),
        ("transformer:positions=left", ["LSTM"]),
        ("lstm:heads=4", ["LSTM"]),
        (";".join(["rnn"] * 9), ["RNN"] * 6),
        ("<script>alert(1)</script>", ["LSTM"]),
    ],
)
def test_a_link_brings_its_line_up_and_names_what_it_cannot_read(open_page, link, kept):
    app = open_page("language_model", models=link)
    assert not app.exception
    models = [entry for _, entry in app.session_state["lineup-language"]]
    assert [LANGUAGE.kinds[model.kind] for model in models] == kept
    assert ("could not be read" in sentences(app)) == (
        len(kept) != link.count(";") + 1 or kept == ["LSTM"]
    )


@pytest.mark.parametrize("runs", ["nosuchrun", "../../../etc/passwd", "a,b,c,d,e,f,g,h", "%00"])
def test_runs_that_are_gone_get_a_sentence(open_page, runs):
    app = open_page("language_model", runs=runs)
    assert not app.exception
    assert "not on this server" in sentences(app)


def test_settings_that_do_not_fit_each_other_get_a_sentence(open_page):
    app = open_page("language_model", models="transformer:heads=3")
    assert not app.exception
    assert "divisible by the number of heads" in sentences(app)
    choose(app, "guess_pills", "I would rather not guess").run()
    button(app, "Train").click().run()
    assert not app.exception
    assert "divisible by the number of heads" in "\n".join(e.value for e in app.error)


def test_presets_fill_the_line_up(open_page):
    app = open_page("language_model")
    button(app, "One Transformer, three learning rates").click().run()
    assert not app.exception
    entries = [entry for _, entry in app.session_state["lineup-language"]]
    assert [entry.kind for entry in entries] == ["transformer"] * 3
    assert len({entry.changes["learning_rate"] for entry in entries}) == 3


def test_six_models_at_most(open_page):
    app = open_page("language_model")
    for _ in range(5):
        button(app, "GRU").click().run()
    assert len(app.session_state["lineup-language"]) == 6
    assert not [b for b in app.button if b.label == "GRU"]


@pytest.mark.parametrize(
    ("text", "word"),
    [("   \n ", None), ("too short", "at least 100"), ("a" * 500, "one single character")],
)
def test_a_bad_text_gets_one_sentence_and_no_run(open_page, text, word):
    app = open_page("language_model", text="Paste a text")
    app.text_area(key="own_text").set_value(text).run()
    assert not app.exception
    if word:
        assert word in sentences(app)
    assert button(app, "Train").disabled


def test_a_file_that_is_no_text_is_refused(open_page):
    app = open_page("language_model", text="Upload a file")
    app.file_uploader(key="own_file").upload("picture.txt", PNG, "text/plain").run()
    assert not app.exception
    assert len(app.error) == 1
    assert button(app, "Train").disabled


def test_settings_that_do_not_fit_the_text_are_said(open_page):
    app = open_page("language_model", text="Paste a text")
    app.text_area(key="own_text").set_value("to be or not to be, that is it. " * 6).run()
    choose(app, "guess_pills", "I would rather not guess").run()
    button(app, "Train").click().run()
    assert not app.exception
    assert "choose a block of at most" in sentences(app)


def test_words_tell_how_many_are_unknown(open_page):
    app = open_page("language_model", tokenizer="Words")
    assert not app.exception
    assert "<unk>" in "\n".join(c.value for c in app.caption)


def test_hidden_controls_leave_the_experiment(open_page):
    app = open_page("language_model", hide="controls")
    assert not app.exception
    assert not [b for b in app.button if b.label == "Train"]


def test_a_saved_run_loads_again_and_a_broken_one_is_refused(open_page):
    from lab.lesson import service
    from lab.lesson.kit import keep

    app = train(open_page("language_model"), tokens=20_000)
    queue = service.run_queue()
    run = wait_for_runs()[0]
    view = queue.view(run.id)
    weights, about = queue.store.checkpoint_path(run).read_bytes(), keep._json(view)

    def load(first: bytes, second: bytes):
        uploader = app.file_uploader(key="load")
        uploader.set_value(
            [("m.safetensors", first, "application/octet-stream"), ("m.json", second, "text/json")]
        ).run()
        button(app, "Load").click().run()
        return app

    assert "damaged" in sentences(load(weights[:-100], about)) or app.error
    assert "not that of a saved run" in sentences(load(weights, b"{}"))
    before = len(queue.records.runs)
    load(weights, about)
    assert not app.exception
    assert len(queue.records.runs) == before + 1
    loaded = next(r for r in queue.records.runs.values() if r.id != run.id)
    assert loaded.validation_loss == run.validation_loss
    assert queue.view(loaded.id).history.points == view.history.points


def test_a_preset_is_whole_in_its_link(open_page):
    app = open_page("language_model")
    button(app, "Too big for its text").click().run()
    assert not app.exception
    assert app.session_state["characters"] == 12_000
    assert app.query_params["models"] == "lstm:width=256;lstm:width=32"
    link = {"models": "lstm:width=256;lstm:width=32", "characters": "12000", "seconds": "20"}
    again = open_page("language_model", **link)
    assert again.session_state["characters"] == 12_000
    assert again.session_state["seconds"] == 20
    assert [e for _, e in again.session_state["lineup-language"]] == [
        e for _, e in app.session_state["lineup-language"]
    ]


@pytest.mark.parametrize(
    ("key", "value", "first"),
    [
        ("temperature", "nan", 0.8),
        ("temperature", "9", 0.8),
        ("top_k", "-3", 0),
        ("characters", "1e99", 0),
        ("tokenizer", "Bytes", "character"),
        ("x", "years", "step"),
        ("orders", "9-gram", [2, 3, 5]),
    ],
)
def test_a_link_with_a_value_that_cannot_be_names_it(open_page, key, value, first):
    from lab.lesson.language_model.lesson import LESSON

    app = open_page("language_model", **{key: value})
    assert not app.exception
    assert "could not be read" in sentences(app)
    assert key not in app.query_params
    assert LESSON.link[key].default in (first, tuple(first) if isinstance(first, list) else first)
    if key in app.session_state:
        assert app.session_state[key] == first


def test_more_characters_than_a_text_has_are_all_of_it(open_page):
    from lab.text.corpora import CORPORA

    shortest = min(CORPORA, key=lambda name: CORPORA[name].characters)
    card, longest = CORPORA[shortest], max(card.characters for card in CORPORA.values())
    app = open_page("language_model", text=card.title, characters=str(longest))
    assert not app.exception
    assert app.session_state["characters"] == card.characters


def test_what_was_written_stays_until_the_next_press(open_page):
    app = train(open_page("language_model"), tokens=20_000)
    button(app, "Write").click().run()
    assert not app.exception
    first = written(app)
    assert first["tokens"]
    choose(app, "temperature", 1.7).run()
    assert written(app) == first
    button(app, "Write").click().run()
    assert written(app)["tokens"] != first["tokens"]
    assert "temperature 1.7" in written(app)["when"]


def written(app):
    """Return the text of the first model below the button."""
    import json

    found = [e.proto for e in app.get("bidi_component")]
    data = [json.loads(proto.json) for proto in found]
    return data[-1]["samples"][0]


def test_a_prompt_is_that_of_the_link_or_of_the_text_and_may_be_emptied(open_page):
    from lab.text.corpora import CORPORA

    app = open_page("language_model")
    assert app.session_state["prompt"] == CORPORA["play"].prompt
    choose(app, "prompt", "").run()
    assert app.session_state["prompt"] == ""
    assert open_page("language_model", prompt="WREN: ").session_state["prompt"] == "WREN: "
