"""Navigation over the pages. Not beside `pages/`: deep links on a fresh server would skip it."""

from pathlib import Path

import streamlit as st

from lab.lesson import frame
from lab.lesson.course import LESSONS, PAGES

ASSETS = Path(__file__).parent.parent / "assets"

st.set_page_config(page_title="Glasshouse", page_icon=str(ASSETS / "icon.png"), layout="wide")

home = st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True)
lessons = [
    st.Page(lesson.file, title=lesson.title, icon=lesson.icon, url_path=lesson.path)
    for lesson in LESSONS
]
page = st.navigation(
    {"": [home], "Lessons": lessons}, position="hidden" if frame.presenting() else "sidebar"
)
frame.page_style()
page.run()
