"""Sentence classifiers: labelled texts, fine-tuning the project's masked model, a baseline.

Nothing here loads torch or tokenizers before it is needed: import the modules by name.
"""
