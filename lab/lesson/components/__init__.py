"""Small components of the lab's own: HTML, CSS and JavaScript coloured by Streamlit's variables."""
