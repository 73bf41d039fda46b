"""The entry: `streamlit run streamlit_app.py`."""

import streamlit as st

from lab.lesson.server import MIDDLEWARE, lifespan

app = st.App("lab/main.py", lifespan=lifespan, middleware=MIDDLEWARE)
