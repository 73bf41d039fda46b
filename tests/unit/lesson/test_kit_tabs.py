"""The tabs of a lesson: what is drawn of those that are not open."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

TEXT = """# A lesson
## question
What is asked?
"""


def page():
    import os
    from pathlib import Path

    import streamlit as st

    from lab.lesson.kit.keys import Number
    from lab.lesson.kit.lesson import Desk
    from lab.lesson.kit.link import Link
    from lab.lesson.kit.page import Tab
    from lab.lesson.kit.text import Text

    COUNT = Number("count", "Count", 0, 9, 3)

    def controls(page):
        page.more["count"] = COUNT.draw()

    lesson = Desk(
        name="test",
        section="Words",
        place=0,
        icon="",
        text=Text(Path(os.environ["KIT_TEXT"])),
        link=Link(COUNT),
        tabs=(
            Tab("One", lambda page: st.caption("one is open"), controls=controls),
            Tab("Two", lambda page: st.caption(f"two has {page.more['count']}")),
        ),
    )
    lesson.show()


def test_controls_of_a_tab_are_drawn_and_read_while_another_is_open(tmp_path, monkeypatch):
    (tmp_path / "text.md").write_text(TEXT)
    monkeypatch.setenv("KIT_TEXT", str(tmp_path))
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["tab"] = "Two"
    app.query_params["count"] = "5"
    app.run()
    assert not app.exception
    said = [one.value for one in app.caption]
    assert "two has 5" in said
    assert "one is open" not in said
    assert app.number_input(key="count").value == 5
