"""The English of the grammars with a part of speech for every word: many to many, one for one.

Tags: the universal ones (Petrov et al. 2012, A Universal Part-of-Speech Tagset; extended by
Universal Dependencies, whose AUX, PART, PROPN and PUNCT are used).
"""

from __future__ import annotations

from lab.seq2seq.generators import french, lexicon
from lab.seq2seq.pairs import Pair

SHOWN = french.SHOWN.source


def _words() -> dict[str, str]:
    tags = {
        "DET": ("the", "a", "an", "some"),
        "PRON": lexicon.PRONOUNS,
        "AUX": ("am", "is", "are", "was", "were", "do", "does"),
        "PART": ("not",),
        "ADP": ("in", "on", "of", "to", "for"),
        "PUNCT": (".",),
        "PROPN": lexicon.MONTHS,
        "NUM": lexicon.YEARS,
        "NOUN": (*lexicon.NOUNS, *(noun.plural for noun in lexicon.NOUNS.values())),
        "ADJ": {word for noun in lexicon.NOUNS.values() for word in noun.adjectives},
        "VERB": {
            *lexicon.PARTICIPLES.values(),
            *(form for verb in lexicon.VERBS.values() for form in (verb.base, verb.third)),
        },
    }
    return {word: tag for tag, words in tags.items() for word in words}


TAGS = _words()  # no word of this English has two


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` different sentences with their tags; `SHOWN` never comes."""
    return [pair(drawn.source) for drawn in french.generate(count, seed)]


def pair(source: tuple[str, ...]) -> Pair:
    """The pair of one sentence, aligned one to one."""
    links = frozenset((place, place) for place in range(len(source)))
    return Pair(source, tuple(TAGS[word] for word in source), links, links)
