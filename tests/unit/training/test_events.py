"""What a run tells about itself, as JSON holds it."""

from types import SimpleNamespace

from lab.training.events import Event


def test_numbers_that_json_cannot_hold_become_none_however_deep():
    inf, nan = float("inf"), float("nan")
    sample = SimpleNamespace(to_dict=lambda: {"a": [1.5, -inf, {"c": inf}], "d": ("x", nan)})
    event = Event(3, 30, 0.5, nan, inf, 1e-3, None, sample, metrics={"top1": nan, "loss": 2.0})
    values = event.to_dict()
    assert (values["train_loss"], values["validation_loss"], values["step"]) == (None, None, 3)
    assert values["metrics"] == {"top1": None, "loss": 2.0}
    assert values["sample"] == {"a": [1.5, None, {"c": None}], "d": ["x", None]}
