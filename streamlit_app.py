"""The entry: `streamlit run streamlit_app.py`."""

import streamlit as st

from lab.lesson.server import MIDDLEWARE, lifespan
from lab.places import MAIN

app = st.App(MAIN, lifespan=lifespan, middleware=MIDDLEWARE)
