"""Short opinions with their verdict, drawn by rules; some of their words never come in training.

Adjectives give the verdict, "not" turns one round, and after "but" comes what counts. A third of
the adjectives and of the nouns stand in held-out sentences only: who knows nothing but the training
sentences has to guess there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.classify.texts import Examples, Labelled
from lab.classify.words import BAD, DEGREES, ENDINGS, GOOD, NOUNS
from lab.text.generators.dice import Dice

NAME = "Short opinions"
CLASSES = ("negative", "positive")
TRAIN, HELD_OUT = 2_000, 400  # sentences; half of those held out are of new words
SEED = 5
_NEW = 1 / 3  # of the words
_BUT, _NOT, _DEGREE, _ENDING = 0.1, 0.1, 0.3, 0.3  # how often each is drawn
_FRAMES = (
    "the {noun} was {adjective}",
    "i found the {noun} {adjective}",
    "it was {a} {adjective} {noun}",
    "we had {a} {adjective} {noun}",
    "what i remember is {a} {adjective} {noun}",
    "they promised {a} {adjective} {noun} and we got one",
    "everybody called the {noun} {adjective}",
    "the {noun} seemed {adjective} to me",
    "my friends thought that the {noun} was {adjective}",
)
_NOT_FRAMES = (
    "the {noun} was not {adjective}",
    "nobody called the {noun} {adjective}",
    "it was not {a} {adjective} {noun}",
    "i did not find the {noun} {adjective}",
)


@dataclass(frozen=True)
class Lexicon:
    """The words that a sentence is drawn from."""

    good: Sequence[str]
    bad: Sequence[str]
    nouns: Sequence[str]


def lexicons(seed: int = SEED) -> tuple[Lexicon, Lexicon]:
    """Return the words of the training sentences, and those that come in held-out ones only."""
    dice = Dice(seed)
    lists = [dice.some(words, len(words)) for words in (GOOD, BAD, NOUNS)]
    cuts = [round(len(words) * _NEW) for words in lists]
    known = Lexicon(*(words[cut:] for words, cut in zip(lists, cuts, strict=True)))
    new = Lexicon(*(words[:cut] for words, cut in zip(lists, cuts, strict=True)))
    return known, new


def opinions(train: int = TRAIN, held_out: int = HELD_OUT, seed: int = SEED) -> Labelled:
    """Draw opinions, all different.

    Args:
        train: sentences to learn from, as many of each verdict.
        held_out: sentences to judge by; every second one is made of new adjectives and nouns.
        seed: decides which words are new, and every sentence.

    Returns:
        Texts of the classes "negative" (0) and "positive" (1).
    """
    known, new = lexicons(seed)
    dice, seen = Dice(seed + 1), set()
    learned = [(_fresh(dice, known, n % 2, seen), n % 2) for n in range(train)]
    kinds = [(new if n % 2 else known, n // 2 % 2) for n in range(held_out)]
    judged = [(_fresh(dice, words, label, seen), label) for words, label in kinds]
    # In any order: a look on the way, at every second or third of them, sees all kinds.
    parts = (learned, dice.some(judged, held_out))
    return Labelled(NAME, CLASSES, *(Examples(*zip(*part, strict=True)) for part in parts))


def _fresh(dice: Dice, words: Lexicon, label: int, seen: set[str]) -> str:
    while (text := _opinion(dice, words, label)) in seen:
        pass
    seen.add(text)
    return text


def _opinion(dice: Dice, words: Lexicon, label: int) -> str:
    text = _clause(dice, words, label)
    if dice.chance(_BUT):
        text = f"{_clause(dice, words, 1 - label)}, but {text}"
    if dice.chance(_ENDING):
        text = f"{text} {dice.pick(ENDINGS)}"
    return f"{text}."


def _clause(dice: Dice, words: Lexicon, label: int) -> str:
    negated = dice.chance(_NOT)
    adjective = dice.pick(words.good if label != negated else words.bad)
    if not negated and dice.chance(_DEGREE):
        adjective = f"{dice.pick(DEGREES)} {adjective}"
    frame = dice.pick(_NOT_FRAMES if negated else _FRAMES)
    article = "an" if adjective[0] in "aeiou" else "a"
    return frame.format(noun=dice.pick(words.nouns), adjective=adjective, a=article)
