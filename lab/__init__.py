"""Glasshouse as a library: everything that a page shows, a notebook can compute."""
