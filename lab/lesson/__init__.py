"""The lesson frame: the only part of the lab, beside its entry, that knows Streamlit."""
