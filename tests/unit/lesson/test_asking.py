"""What a page says when a worker answers late, badly or not at all."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from lab.lesson import asking


class Asked:
    """A cached question with a given outcome."""

    def __init__(self, outcome: Exception | int | None) -> None:
        self.future, self.cleared = Future(), False
        if isinstance(outcome, Exception):
            self.future.set_exception(outcome)
        elif outcome is not None:
            self.future.set_result(outcome)

    def __call__(self) -> Future:
        return self.future

    def clear(self) -> None:
        self.cleared = True


@pytest.mark.parametrize(
    ("outcome", "says", "forgets"),
    [
        (None, "busy", False),  # it is still computed: the next try reads it
        (ValueError("This word is unknown."), "unknown", True),
        (LookupError(), "gone", True),
        (RuntimeError("killed"), "stopped", True),
    ],
)
def test_the_reason_stands_on_the_page(monkeypatch, outcome, says, forgets):
    said = []
    monkeypatch.setattr(asking, "WAIT", 0.01)
    monkeypatch.setattr(asking.st, "warning", lambda text, **_: said.append(text))
    asked = Asked(outcome)
    assert asking.answer(asked, ()) is None
    assert len(said) == 1
    assert says in said[0]
    assert asked.cleared is forgets


def test_an_answer_is_given():
    assert asking.answer(Asked(7), ()) == 7
