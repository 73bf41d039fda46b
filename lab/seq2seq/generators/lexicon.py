"""The English words of `grammar`: what they look like, and what goes with what."""

from __future__ import annotations

from dataclasses import dataclass

PRONOUNS = ("i", "he", "she", "we", "they")
COLOURS = ("red", "green", "black", "white")
FORMAL = ("economic", "political", "social", "monetary")
_THING = ("big", "small", "old", "new", "beautiful", *COLOURS)
_ANIMAL = ("big", "small", "old", "beautiful", "black", "white")
_ADULT = ("small", "old", "beautiful", "rich")
# A "vieux garçon" is a bachelor and a "vieille fille" a spinster: not what an old boy would be.
_CHILD = ("small", "big", "rich")
_FORMAL = ("european", "new", *FORMAL)


@dataclass(frozen=True)
class Noun:
    """A noun: its plural, and the adjectives that go with it."""

    plural: str
    adjectives: tuple[str, ...]


@dataclass(frozen=True)
class Verb:
    """A verb in the present tense.

    Args:
        base, third: "see" and "sees".
        subjects, objects: nouns that it goes with.
        particle: "for" in "look for".
        indefinite_negated: may be negated with "a": "je n'aime pas de chien" is no French.
    """

    base: str
    third: str
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    particle: str | None = None
    indefinite_negated: bool = True


NOUNS = {
    "man": Noun("men", _ADULT),
    "woman": Noun("women", _ADULT),
    "boy": Noun("boys", _CHILD),
    "girl": Noun("girls", _CHILD),
    "dog": Noun("dogs", _ANIMAL),
    "cat": Noun("cats", _ANIMAL),
    "bird": Noun("birds", _ANIMAL),
    "horse": Noun("horses", _ANIMAL),
    "house": Noun("houses", _THING),
    "car": Noun("cars", _THING),
    "book": Noun("books", _THING),
    "letter": Noun("letters", _THING),
    "tree": Noun("trees", _THING),
    "garden": Noun("gardens", _THING),
    "school": Noun("schools", _THING),
    "city": Noun("cities", _THING),
    "church": Noun("churches", _THING),
    "hotel": Noun("hotels", _THING),
    "area": Noun("areas", _FORMAL),
    "union": Noun("unions", _FORMAL),
    "community": Noun("communities", _FORMAL),
    "market": Noun("markets", _FORMAL),
    "agreement": Noun("agreements", _FORMAL),
    "treaty": Noun("treaties", _FORMAL),
    "law": Noun("laws", _FORMAL),
    "report": Noun("reports", _FORMAL),
}
PEOPLE = ("man", "woman", "boy", "girl")
ANIMALS = ("dog", "cat", "bird", "horse")
LIVING = PEOPLE + ANIMALS
MOVABLE = ("car", "book", "letter")
PLACES = ("house", "garden", "school", "city", "church", "hotel")
OWNED = ("dog", "cat", "horse", "house", "car", "book", "letter", "garden")
PAPERS = ("agreement", "treaty", "law", "report")
TOPICS = ("area", "union", "community", "market")
_THINGS = ("house", "car", "book", "letter", "tree", "garden", "school", "city", "church", "hotel")
_GOODS = ("house", "car", "book", "tree", "garden", "hotel")

VERBS = {
    "see": Verb("see", "sees", LIVING, LIVING + _THINGS),
    "find": Verb("find", "finds", LIVING, LIVING + _THINGS),
    "look": Verb("look", "looks", LIVING, LIVING + _THINGS, particle="for"),
    "love": Verb("love", "loves", PEOPLE, ANIMALS + _THINGS, indefinite_negated=False),
    "buy": Verb("buy", "buys", PEOPLE, _GOODS),
    "have": Verb("have", "has", PEOPLE, (*_GOODS, "letter")),
    "read": Verb("read", "reads", PEOPLE, ("book", "letter", *PAPERS)),
    "write": Verb("write", "writes", PEOPLE, ("book", "letter", "report")),
    "sign": Verb("sign", "signs", PEOPLE, ("letter", *PAPERS)),
    "go": Verb("go", "goes", particle="to"),
}
TRANSITIVE = tuple(verb for verb in VERBS if verb != "go")
PARTICIPLES = {"sign": "signed", "adopt": "adopted", "publish": "published"}
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
YEARS = tuple(str(year) for year in range(1985, 2000))


def takes_an(word: str) -> bool:
    """Whether the article before this word is "an": "european" and "union" begin with a y."""
    return word[0] in "aeio" and not word.startswith("eu")
