"""English number words to digits: "three hundred and five" is 305, and the 0 has no word."""

from __future__ import annotations

from lab.seq2seq.pairs import Pair
from lab.text.generators.dice import Dice

LARGEST = 999_999
SHOWN = 305_042
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
DIGITS = 6
_AGAIN = 30  # how often each number of one digit comes: "zero" stands in no other number


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` numbers from 0 to 999,999 with their names in British English.

    The number of digits is drawn first, so short and long ones both occur; there are so few
    short ones that all of them come. Numbers of one digit come 30 times each (where `count`
    leaves room), all others once. `SHOWN` never comes.
    """
    dice, seen = Dice(seed), {SHOWN}
    pairs = [pair(number) for number in range(10) for _ in range(min(_AGAIN, 1 + count // 200))]
    while len(pairs) < count:
        digits = dice.between(2, DIGITS)
        number = dice.between(10 ** (digits - 1), 10**digits - 1)
        if number not in seen:
            seen.add(number)
            pairs.append(pair(number))
    return pairs[:count]


def alone() -> frozenset[tuple[str, ...]]:
    """The numbers below 100 whose name is one word: each word is taught alone."""
    return frozenset((word,) for word in (*ONES, *TENS))


def pair(number: int) -> Pair:
    """A number's name and its digits, each digit aligned with the word that names it.

    "fifteen" gives both its digits. Zeros that no word names ("three hundred and five", "forty")
    have no link, nor have "hundred", "thousand" and "and", which say where digits go.
    """
    words: list[str] = []
    links: set[tuple[int, int]] = set()
    digits = str(number)

    def say(word: str, value: int | None = None, place: int = 0) -> None:
        # `place`: the power of ten of the last digit that the word gives.
        if value is not None:
            for back in range(len(str(value))):
                links.add((len(words), len(digits) - 1 - place - back))
        words.append(word)

    def below_hundred(value: int, place: int) -> None:
        if 0 < value < len(ONES):
            say(ONES[value], value, place)
        elif value:
            tens, ones = divmod(value, 10)
            say(TENS[tens - 2], tens, place + 1)
            if ones:
                say(ONES[ones], ones, place)

    def below_thousand(value: int, place: int) -> None:
        hundreds, rest = divmod(value, 100)
        if hundreds:
            say(ONES[hundreds], hundreds, place + 2)
            say("hundred")
        if hundreds and rest:
            say("and")
        below_hundred(rest, place)

    if not 0 <= number <= LARGEST:
        raise ValueError(f"This generator names numbers from 0 to {LARGEST:,}, not {number}.")
    thousands, rest = divmod(number, 1000)
    below_thousand(thousands, 3)
    if thousands:
        say("thousand")
        if 0 < rest < 100:
            say("and")
    below_thousand(rest, 0)
    if not number:
        say("zero", 0)
    return Pair(tuple(words), tuple(digits), frozenset(links), frozenset(links))
