"""Settings: defaults that hold, refusals in one clear sentence, JSON that comes back the same."""

import json
import math

import pytest

from lab.training.settings import MODELS, Settings, SettingsError


@pytest.mark.parametrize("model", MODELS)
def test_defaults_are_valid_and_come_back_from_json(model):
    settings = Settings.default(model, seed=3)
    assert settings.model == model
    assert settings.seed == 3
    assert settings.seconds == 30
    assert Settings.from_json(settings.to_json()) == settings
    assert Settings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


def test_a_new_budget_replaces_the_old_one():
    settings = Settings.default("lstm", seconds=10).changed(steps=50)
    assert (settings.seconds, settings.steps) == (None, 50)
    assert settings.changed(learning_rate=0.1).steps == 50


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": math.nan}, "learning_rate must be a positive number"),
        ({"learning_rate": -1e-3}, "learning_rate must be a positive number"),
        ({"learning_rate": 0.0}, "learning_rate must be a positive number"),
        ({"learning_rate": math.inf}, "learning_rate must be a positive number"),
        ({"learning_rate": "fast"}, "learning_rate must be of type float"),
        ({"clip": 0.0}, "clip"),
        ({"temperature": 0.0}, "temperature"),
        ({"weight_decay": -0.1}, "weight_decay"),
        ({"weight_decay": math.nan}, "weight_decay"),
        ({"dropout": 1.0}, "dropout"),
        ({"dropout": -0.1}, "dropout"),
        ({"beta2": 1.0}, "beta2"),
        ({"layers": 0}, "layers must lie between 1"),
        ({"layers": True}, "layers must be of type int"),
        ({"layers": 1.5}, "layers must be of type int"),
        ({"width": 10**7}, "width"),
        ({"batch": 0}, "batch"),
        ({"block": 0}, "block"),
        ({"warmup": -1}, "warmup"),
        ({"seed": -1}, "seed"),
        ({"sample_length": -1}, "sample_length"),
        ({"top_k": 0}, "top_k"),
        ({"positions": "rotary"}, "positions must be one of"),
        ({"schedule": "step"}, "schedule must be one of"),
        ({"precision": "float16"}, "precision must be one of"),
        ({"device": "tpu"}, "device must be one of"),
        ({"seconds": -1.0}, "seconds"),
        ({"seconds": math.nan}, "seconds"),
        ({"steps": 0}, "steps"),
        ({"seconds": 1.0, "steps": 5}, "exactly one budget"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"learning_speed": 1.0}, "no setting called 'learning_speed'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(changes, words):
    with pytest.raises(SettingsError, match=words) as caught:
        Settings.default("lstm", **changes)
    assert "\n" not in str(caught.value)


def test_an_unknown_model_is_refused():
    with pytest.raises(SettingsError, match="perceiver"):
        Settings.default("perceiver")


def test_heads_must_divide_the_width_of_a_transformer_only():
    with pytest.raises(SettingsError, match=r"width 100 .* heads 3"):
        Settings.default("transformer", width=100, heads=3)
    assert Settings.default("lstm", width=100, heads=3).width == 100


def test_sinusoidal_positions_need_an_even_width():
    with pytest.raises(SettingsError, match="even width"):
        Settings.default("transformer", width=15, heads=3, positions="sinusoidal")


def test_too_much_memory_is_refused():
    with pytest.raises(SettingsError, match="GB of memory"):
        Settings.default("transformer", layers=48, width=4096, heads=16)
    # 64 windows of 64 tokens with 8,000 outcomes each are fine, 4096 are not.
    Settings.default("lstm", batch=64).validate(vocabulary_size=8000)
    with pytest.raises(SettingsError, match="GB of memory"):
        Settings.default("lstm", batch=4096).validate(vocabulary_size=8000)


def test_the_block_must_fit_the_text():
    settings = Settings.default("lstm", block=64)
    settings.validate(50, train_tokens=1000, validation_tokens=65)
    with pytest.raises(SettingsError, match=r"validation part .* 64 tokens.* at most 63"):
        settings.validate(50, train_tokens=1000, validation_tokens=64)
    with pytest.raises(SettingsError, match="training part"):
        settings.validate(50, train_tokens=10, validation_tokens=1000)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "3", '{"model": "lstm"}', "[" * 100_000])
def test_foreign_json_is_refused(text):
    with pytest.raises(SettingsError):
        Settings.from_json(text)


def test_json_with_one_field_more_or_of_another_type_is_refused():
    values = Settings.default("lstm").to_dict()
    with pytest.raises(SettingsError, match="hue"):
        Settings.from_dict({**values, "hue": 1})
    with pytest.raises(SettingsError, match="layers"):
        Settings.from_dict({**values, "layers": "2"})
    with pytest.raises(SettingsError, match="learning_rate"):
        Settings.from_json(json.dumps({**values, "learning_rate": math.nan}))
