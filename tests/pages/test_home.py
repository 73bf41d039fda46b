"""The home page."""

import re

from streamlit.testing.v1 import AppTest

from lab.lesson.course import COURSE
from lab.lesson.kit.collect import lessons
from tests.pages.conftest import ROOT


def text_of(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.title])


def test_navigation_reaches_home_without_an_exception(lab):
    app = AppTest.from_file(str(ROOT / "lab" / "main.py"), default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == "Glasshouse"


def test_home_shows_every_course_row_and_links_only_lessons_that_exist(lab):
    app = AppTest.from_file(str(ROOT / "lab" / "main.py"), default_timeout=60).run()
    shown = text_of(app)
    for rows in COURSE.values():
        for row, _ in rows:
            assert re.search(rf"\b{row}\b", shown), row
    linked = set(re.findall(r"\]\(/([\w-]+)\)", shown))
    assert linked == {lesson.path for lesson in lessons()}
    for lesson in lessons():
        assert (ROOT / "pages" / f"{lesson.name}.py").is_file()


def test_home_tells_the_cores_and_that_it_works_offline(lab):
    app = AppTest.from_file(str(ROOT / "lab" / "main.py"), default_timeout=60).run()
    shown = text_of(app)
    assert re.search(r"CPU:\*\* \d+ cores", shown)
    assert "works offline" in shown
