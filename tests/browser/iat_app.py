"""A page with nothing but the association test on a person, for a test in a browser."""

import streamlit as st

from lab.lesson.association.iat import draw
from lab.lesson.components import viewport
from lab.lesson.kit.style import page_style

st.set_page_config(layout="wide")
page_style()
viewport.watch()
draw()
