"""The table of a link: codecs, ranges, what cannot be read, hidden parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson.kit.keys import Choice, Choices, Key, Number, Several, Span, Switch, Words
from lab.lesson.kit.link import Link

N = Number("n", "N", 1, 10, 3)
X = Number("x", "X", 0.0, 1.0, 0.5, step=0.1)
BOTH = Span("b", "B", 1, 6, (2, 6))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        (N, "7", 7),
        (N, "7.0", 7),
        (X, "0.25", 0.25),
        (Choice("c", "C", {"a": "Name A", "b": "Name B"}), "b", "b"),
        (Choice("c", "C", {"a": "Name A", "b": "Name B"}), "Name B", "b"),
        (Choice("c", "C", [1, 2]), "2", 2),
        (Switch("s", "S"), "TRUE", True),
        (Words("w", "W"), "<b>", "<b>"),
        (Key("k", 0, int), "12", 12),
    ],
)
def test_what_can_be_read(key, text, value):
    assert key.read([text]) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *((N, text) for text in ("0", "11", "nan", "inf", "1e400", "7.5", "x", "10" * 30)),
        *((X, text) for text in ("-0.1", "nan", "inf", "")),
        (Choice("c", "C", {"a": "A"}), "b"),
        (Choice("c", "C"), "x" * 30_000),
        (Switch("s", "S"), "maybe"),
        (Words("w", "W", most=5), "123456"),
        (Choices("m", "M", ["a"]), "b"),
        (Key("k", 0, int), "twelve"),
    ],
)
def test_what_cannot_be_read_is_an_error(key, text):
    with pytest.raises((ValueError, KeyError, OverflowError)):
        key.read([text])


def test_two_numbers_in_order_are_a_span():
    assert BOTH.read(["1", "3.0"]) == (1, 3)


@pytest.mark.parametrize(
    "texts", [["1"], ["3", "1"], ["0", "3"], ["1", "7"], ["1", "inf"], ["x", "3"], ["1", "2", "3"]]
)
def test_what_is_no_span_is_an_error(texts):
    with pytest.raises((ValueError, OverflowError)):
        BOTH.read(texts)


def test_a_span_and_a_choice_on_a_slider_come_by_a_link():
    def page():
        import streamlit as st

        from lab.lesson.kit.keys import Choice, Span
        from lab.lesson.kit.link import Link

        both, steps = Span("b", "B", 1, 6, (2, 6)), Choice("s", "S", ["x", "y"], look="slider")
        Link(both, steps).check()
        st.code(repr((both.draw(), steps.draw(), both.value, steps.value)))

    app = AppTest.from_function(page)
    app.query_params["b"], app.query_params["s"] = ["3", "5"], "y"
    app.run()
    assert app.code[0].value == "((3, 5), 'y', (3, 5), 'y')"
    app.slider[0].set_value((2, 4)).run()
    assert app.code[0].value == "((2, 4), 'y', (2, 4), 'y')"
    app = AppTest.from_function(page)
    app.query_params["b"] = "4"
    app.run()
    assert app.code[0].value == "((2, 6), 'x', (2, 6), 'x')"
    assert "b=4" in app.warning[0].value


def test_several_values_of_one_name_are_read_each_once():
    key = Several("m", [])
    assert key.read(["b", "", "a", "b"]) == ["b", "a"]
    assert key.read([]) == []

    def page():
        import streamlit as st

        from lab.lesson.kit.keys import Several

        key = Several("m", [])
        st.code(key.get())
        key.set(["x", "y"])
        st.code(key.get())

    app = AppTest.from_function(page)
    app.query_params["m"] = ["b", "a"]
    app.run()
    assert [code.value for code in app.code] == ["['b', 'a']", "['x', 'y']"]
    assert app.query_params["m"] == ["x", "y"]


def test_two_keys_of_one_name_are_a_fault():
    with pytest.raises(ValueError, match="one name"):
        Link(N, Number("n", "N", 0, 1, 0))


def test_a_part_that_nobody_hides_is_a_fault():
    with pytest.raises(LookupError, match="no part"):
        Link().hides("nothing")


def page():
    import streamlit as st

    from lab.lesson.kit.keys import Choice, Key, Number, Words
    from lab.lesson.kit.link import Link

    number = Number("n", "N", 1, 10, 3)
    slider = Number("x", "X", 0.0, 1.0, 0.5, step=0.1, slider=True)
    parts = Key(
        "p",
        [],
        lambda text: [part for part in text.split(",") if part.isdigit()],
        ",".join,
        lambda text: [part for part in text.split(",") if not part.isdigit()],
    )
    ink = Choice("ink", "Ink", {"dark": "Ink", "white": "White"}, former={"Black": "dark"})
    snow = Choice("snow", "Snow", ["none", "much"], former={"A lot": "much"})
    words = Words("w", "W")
    link = Link(number, slider, parts, words, ink, snow, parts=("map",), families=("share_",))
    link.check()
    if not link.hides("map"):
        st.text("a map")
    number.draw()
    slider.draw()
    link["w"].draw()
    ink.draw()
    snow.draw()
    st.code(repr(parts.get()))


def opened(**query) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_a_link_sets_the_controls():
    app = opened(n="7", x="0.2", w="hello", p="1,2")
    assert not app.exception
    assert not app.warning
    assert (app.number_input[0].value, app.slider[0].value) == (7, 0.2)
    assert app.text_input[0].value == "hello"
    assert app.code[0].value == "['1', '2']"


@pytest.mark.parametrize("broken", ["nan", "inf", "1e400", "-1", "99", "<b>x</b>", "9" * 400])
def test_a_broken_value_is_left_out_and_named_once(broken):
    app = opened(n=broken, x=broken, w="kept")
    assert not app.exception
    assert len(app.warning) == 1
    assert "n=" in app.warning[0].value
    assert "x=" in app.warning[0].value
    assert "<b>" not in app.warning[0].value
    assert (app.number_input[0].value, app.slider[0].value) == (3, 0.5)
    assert app.text_input[0].value == "kept"
    assert not {"n", "x"} & set(app.query_params)
    assert not app.run().warning


def test_a_part_of_a_value_is_left_out_and_the_rest_stays():
    app = opened(p="1,two,3")
    assert "two" in app.warning[0].value
    assert app.code[0].value == "['1', '3']"
    assert app.query_params["p"] == "1,3"


def test_parts_are_hidden_by_name():
    assert [text.value for text in opened(hide="map,controls").text] == []
    assert [text.value for text in opened(hide="controls").text] == ["a map"]


def test_an_option_that_had_another_name_is_read_and_nothing_is_named():
    app = opened(ink="Black", snow="A lot")
    assert not app.warning
    assert (app.session_state["ink"], app.session_state["snow"]) == ("dark", "much")
    assert dict(app.query_params) == {"snow": "much"}  # the other is the default


def test_a_name_of_a_family_that_is_no_key_is_left_out_and_named():
    app = opened(share_nobody="5", other="6")
    assert "share\\_nobody=5" in app.warning[0].value
    assert set(app.query_params) == {"other"}


def test_what_was_left_out_is_said_until_the_student_does_something(monkeypatch):
    app = opened(n="inf")
    monkeypatch.setattr("lab.lesson.kit.link.is_narrow", lambda: True)  # the browser's answer
    assert app.run().warning
    app.session_state["link-by-itself"] = True  # as `redraw` leaves it when an answer has come
    assert app.run().warning
    assert not app.run().warning


def test_only_the_kit_reads_and_writes_links():
    lessons = Path(__file__).parent.parent.parent.parent / "lab" / "lesson"
    elsewhere = [
        path.relative_to(lessons)
        for path in lessons.rglob("*.py")
        if path.parent.name != "kit"
        and re.search(r'"query-params"|st\.query_params', path.read_text(encoding="utf-8"))
    ]
    assert not elsewhere
