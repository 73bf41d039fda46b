"""Short opinions and their verdict: many to one.

"not" turns an adjective round, and after "but" comes what counts: no word alone decides.
"""

from __future__ import annotations

from lab.seq2seq.pairs import Pair
from lab.text.generators.dice import Dice

GOOD = ("good", "great", "funny", "clever", "lovely", "moving", "brilliant", "charming")
BAD = ("bad", "boring", "awful", "stupid", "slow", "empty", "ugly", "noisy")
THINGS = ("film", "book", "play", "song", "plot", "ending", "actor", "music", "story", "show")
DEGREES = ("very", "really", "rather", "quite")
_MORE = ("today", "again", "as always", "from the start", "in the end", "for me", "of course")
SHOWN = "the film is very funny but in the end the plot is not good ."


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` different opinions; `SHOWN` never comes."""
    dice, seen, pairs = Dice(seed), {tuple(SHOWN.split())}, []
    while len(pairs) < count:
        source, verdict, decisive = _opinion(dice)
        if source not in seen:
            seen.add(source)
            links = frozenset((place, 0) for place in decisive)
            pairs.append(Pair(source, (verdict,), links, links))
    return pairs


def _opinion(dice: Dice) -> tuple[tuple[str, ...], str, list[int]]:
    # Words, verdict, and the places of the words that decide it.
    words: list[str] = []
    if dice.chance(0.5):
        words += [*_clause(dice)[0], *(dice.pick(_MORE).split() if dice.chance(0.4) else ())]
        words.append("but")
        if dice.chance(0.4):
            words += dice.pick(_MORE).split()
    clause, positive, places = _clause(dice)
    decisive = [len(words) + place for place in places]
    words += clause
    if dice.chance(0.4):
        words += dice.pick(_MORE).split()
    return (*words, "."), "positive" if positive else "negative", decisive


def _clause(dice: Dice) -> tuple[list[str], bool, list[int]]:
    good, negated = dice.chance(0.5), dice.chance(0.4)
    words = ["the", dice.pick(THINGS), "is"]
    places = []
    if negated:
        places.append(len(words))
        words.append("not")
    if dice.chance(0.4):
        words.append(dice.pick(DEGREES))
    places.append(len(words))
    words.append(dice.pick(GOOD if good else BAD))
    return words, good != negated, places
