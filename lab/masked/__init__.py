"""Masked language models: making one (words, pretext task, training), reading it, judging it.

Nothing here loads torch or tokenizers before it is needed: import the modules by name.
"""
