"""Sentences around the words of a test, to ask encoders of sentences: SEAT.

A sentence encoder has no vector for a word, so the word is put into sentences that say nothing of
their own, and the vectors of the sentences are compared. How a word can stand in a sentence depends
on what it is: a name, a thing that is counted, a quality. The sentences are this project's.

Words stay the unit: all sentences of a word make one vector (`templates` gives what
`lab.bias.embeddings` averages over).
Counted one by one, sentences of one word pass for independent observations, and p-values shrink.

Source of the idea: May, Wang, Bordia, Bowman and Rudinger 2019, On Measuring Social Biases in
Sentence Encoders.
"""

from __future__ import annotations

import json
from functools import cache

from lab.bias.stimuli import FOLDER, StimuliError

KINDS = ("name", "noun", "mass", "plural", "adjective", "pronoun", "other")
FORMS = {
    "name": ("This is {}.", "{} is here.", "I was talking about {}.", "The name is {}."),
    "noun": ("This is {a} {}.", "Here is {a} {}.", "I was talking about the {}.", "It is {a} {}."),
    "mass": ("This is {}.", "Here is some {}.", "I was talking about {}.", "It is {}."),
    "plural": ("These are {}.", "Here are {}.", "I was talking about the {}.", "They are {}."),
    "adjective": ("This is {}.", "Here it is {}.", "I was saying that it is {}.", "It is {}."),
    "pronoun": ("The word is {}.", "Here it says {}.", "I was reading {}.", "It says {}."),
}
FORMS["other"] = FORMS["pronoun"]  # words that fit no such sentence are spoken of


@cache
def _kinds() -> dict[str, str]:
    given = json.loads((FOLDER / "forms.json").read_text(encoding="utf-8"))
    return {word: kind for kind in KINDS for word in given[kind]}


def kind_of(word: str) -> str:
    """Return what a word is, one of `KINDS`: as listed, or by a capital letter a name."""
    return _kinds().get(word) or ("name" if word[:1].isupper() else "other")


def sentences(word: str, kind: str | None = None) -> list[str]:
    """Return the sentences of a word.

    Args:
        word: to put in.
        kind: one of `KINDS`; None for what the word is.

    Raises:
        StimuliError: there is no such kind, or no word.
    """
    kind = kind or kind_of(word)
    if kind not in FORMS:
        raise StimuliError(f"There is no kind {kind!r}: choose {', '.join(KINDS)}.")
    if not word.strip():
        raise StimuliError("Write a word to put into the sentences.")
    return [_with(form, word) for form in FORMS[kind]]


def templates(word: str, kind: str | None = None) -> list[str]:
    """Return the same with {} in the place of the word, its article in front."""
    article = "an" if word[:1].lower() in "aeiou" else "a"
    return [form.replace("{a}", article) for form in FORMS[kind or kind_of(word)]]


def _with(form: str, word: str) -> str:
    article = "an" if word[:1].lower() in "aeiou" else "a"
    said = form.replace("{a}", article).replace("{}", word)
    return said[0].upper() + said[1:]
