"""The generators behind the texts in `lab.text.corpora`: grammars, word lists and a fixed seed.

`dice` chooses, `english` inflects, `grammar` turns rules into sentences; `play`, `almanac` and
`trellis` each write one text. All wording is the project's own.
"""
