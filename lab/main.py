"""Navigation over the pages. Not beside `pages/`: deep links on a fresh server would skip it."""

from itertools import groupby

import streamlit as st

from lab.lesson.kit.collect import lessons
from lab.lesson.kit.style import page_style, presenting
from lab.places import ASSETS, PAGES

st.set_page_config(page_title="Glasshouse", page_icon=str(ASSETS / "icon.png"), layout="wide")

home = st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True)
sections = {
    section: [
        st.Page(lesson.file, title=lesson.title, icon=lesson.icon, url_path=lesson.path)
        for lesson in group
    ]
    for section, group in groupby(lessons(), lambda lesson: lesson.section)
}
page = st.navigation({"": [home], **sections}, position="hidden" if presenting() else "sidebar")
page_style()
page.run()
