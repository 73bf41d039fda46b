"""Home: what the lab is, where to begin, what this machine can do, and the course map."""

import streamlit as st

from lab.lesson import home
from lab.lesson.kit.collect import lessons

st.title("Glasshouse")
st.markdown(
    "##### See inside sequence models: change one thing, predict, run it on a real model, see why."
)
home.lesson_cards(lessons())
left, right = st.columns(2, gap="large")
with left:
    home.machine()
with right:
    home.offline()
home.runs_under_way()
home.course_map()
