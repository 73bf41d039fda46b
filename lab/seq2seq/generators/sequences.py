"""Random letters to be copied or written backwards: the two simplest alignments there are."""

from __future__ import annotations

from lab.seq2seq.pairs import Pair
from lab.text.generators.dice import Dice

LETTERS = "abcdefghijkl"
SHORTEST, LONGEST = 2, 20
SENTENCE = "bigbadfeedback"


def generate(count: int, seed: int, backwards: bool) -> list[Pair]:
    """Draw `count` different sequences of 2 to 20 letters and their copies or mirror images.

    All lengths are equally likely, so that exact match can be drawn against length; there are
    only 144 sequences of two letters, and a draw that came before is drawn again with a new
    length. `SENTENCE` never comes.

    Args:
        backwards: the target is the source backwards (else the same).
    """
    dice, seen, pairs = Dice(seed), {tuple(SENTENCE)}, []
    while len(pairs) < count:
        length = dice.between(SHORTEST, LONGEST)
        source = tuple(dice.pick(LETTERS) for _ in range(length))
        if source not in seen:
            seen.add(source)
            pairs.append(pair(source, backwards))
    return pairs


def pair(source: tuple[str, ...], backwards: bool) -> Pair:
    """The pair of one sequence, aligned one to one."""
    last = len(source) - 1
    links = frozenset((last - j if backwards else j, j) for j in range(len(source)))
    return Pair(source, source[::-1] if backwards else source, links, links)
