"""A small English that French and Spanish can be generated from, with what comes from what.

A sentence is drawn as a tree (`sentences.draw`), written in English here, and translated by
`french.translate` or `spanish.translate`. Writing the English notes in the tree where each word
stands, so the translation can say for every one of its words which English words it comes from.

The sentences about agreements follow one in Bahdanau, Cho and Bengio (2015), "Neural machine
translation by jointly learning to align and translate", figure 3(a): the French turns "European
Economic Area" round to "zone économique européenne", and the alignment crosses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lab.seq2seq.generators import lexicon
from lab.seq2seq.pairs import Pair

Words = list[tuple[str, tuple[int, ...]]]  # words of a translation, each with its English places


@dataclass
class NounPhrase:
    """An article, up to two adjectives and a noun, and what may hang on it.

    Args:
        noun: a key of `lexicon.NOUNS`.
        plural: more than one.
        article: "the", "a" (one) or "some" (several).
        adjectives: in English order.
        of: the owner ("the car of the woman").
        on: the topic ("the law on the new markets").
        at: where its English words stand; filled in by `english`.
    """

    noun: str
    plural: bool = False
    article: str = "the"
    adjectives: tuple[str, ...] = ()
    of: NounPhrase | None = None
    on: NounPhrase | None = None
    at: dict[str, int] = field(default_factory=dict)


@dataclass
class Clause:
    """A sentence: a subject, a verb that may be negated, and one complement.

    Args:
        subject: a noun phrase or a pronoun ("i", "he", "she", "we", "they").
        verb: a key of `lexicon.VERBS`, "be" or "go"; in the passive one of `lexicon.PARTICIPLES`.
        negated: with "not".
        passive: "was signed" rather than "signs".
        object: what is seen or read, and where somebody is ("be") or goes ("go").
        adjective: what the subject is ("the house is red").
        month, year: when it was signed.
        at: where the English words of the verb and the date stand; filled in by `english`.
    """

    subject: NounPhrase | str
    verb: str
    negated: bool = False
    passive: bool = False
    object: NounPhrase | None = None
    adjective: str | None = None
    month: str | None = None
    year: str | None = None
    at: dict[str, int] = field(default_factory=dict)

    @property
    def plural(self) -> bool:
        """Whether the subject is more than one."""
        if isinstance(self.subject, str):
            return self.subject in ("we", "they")
        return self.subject.plural

    @property
    def person(self) -> int:
        """Place of the verb's form among (I, he or she, we, they)."""
        return 2 * self.plural + (self.subject not in ("i", "we"))

    def negation(self) -> tuple[int, ...]:
        """Places of the English words that negate: "not", or "does not"."""
        return tuple(self.at[word] for word in ("do", "not") if word in self.at)


def english(clause: Clause) -> list[str]:
    """Write a clause in English and note in it where each word stands."""
    words: list[str] = []

    def say(word: str, at: dict[str, int], name: str) -> None:
        at[name] = len(words)
        words.append(word)

    def phrase(shown: NounPhrase) -> None:
        noun = lexicon.NOUNS[shown.noun].plural if shown.plural else shown.noun
        article = shown.article
        if article == "a" and lexicon.takes_an((*shown.adjectives, noun)[0]):
            article = "an"
        say(article, shown.at, "article")
        for adjective in shown.adjectives:
            say(adjective, shown.at, adjective)
        say(noun, shown.at, "noun")
        for link, other in (("of", shown.of), ("on", shown.on)):
            if other:
                say(link, shown.at, link)
                phrase(other)

    def negate() -> None:
        if clause.negated:
            say("not", clause.at, "not")

    if isinstance(clause.subject, str):
        say(clause.subject, clause.at, "subject")
    else:
        phrase(clause.subject)
    if clause.passive:
        say("were" if clause.plural else "was", clause.at, "be")
        negate()
        say(lexicon.PARTICIPLES[clause.verb], clause.at, "verb")
    elif clause.verb == "be":
        say(("am", "is", "are", "are")[clause.person], clause.at, "verb")
        negate()
    else:
        verb = lexicon.VERBS[clause.verb]
        third = clause.person == 1
        if clause.negated:
            say("does" if third else "do", clause.at, "do")
        negate()
        say(verb.third if third and not clause.negated else verb.base, clause.at, "verb")
        if verb.particle:
            say(verb.particle, clause.at, "particle")
    if clause.adjective:
        say(clause.adjective, clause.at, "adjective")
    if clause.object:
        if clause.verb == "be":
            say("in", clause.at, "in")
        phrase(clause.object)
    if clause.year:
        say("in", clause.at, "in")
        if clause.month:
            say(clause.month, clause.at, "month")
        say(clause.year, clause.at, "year")
    say(".", clause.at, "stop")
    return words


def pair(clause: Clause, translate: Callable[[Clause], Words]) -> Pair:
    """A clause in English and its translation, with the gold alignment."""
    source = english(clause)
    words = translate(clause)
    links = frozenset((i, j) for j, (_, places) in enumerate(words) for i in places)
    return Pair(tuple(source), tuple(word for word, _ in words), links, links)


def contracted(words: Words, rules: dict[tuple[str, str], str]) -> Words:
    """Draw two neighbours together where a rule says so ("de le" is "du"), and their places."""
    short: Words = []
    for word, places in words:
        if short and (short[-1][0], word) in rules:
            first, before = short.pop()
            word, places = rules[first, word], before + places
        short.append((word, places))
    return short
