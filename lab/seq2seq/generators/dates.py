"""Dates as people write them, to ISO 8601: "3 May 1998" is 1998-05-03, character by character.

The task became known through Andrew Ng's course on sequence models (2018). Here the alignment is
known too: which characters of the source each digit of the target comes from.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product

from lab.seq2seq.pairs import Pair
from lab.text.generators.dice import Dice

FIRST, LAST = date(1900, 1, 1), date(2049, 12, 31)
MOST = (LAST - FIRST).days  # all but one that is kept to be shown
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Slots: d day, dd day with two digits, th its ending, m month as a number, mm with two digits,
# Month, Mon its first three letters, Weekday, y year, yy its last two digits. Numbers alone are
# always in the order day, month, year.
FORMATS = (
    "{d} {Month} {y}",
    "{Month} {d}, {y}",
    "{d}{th} of {Month} {y}",
    "the {d}{th} of {Month}, {y}",
    "{Weekday}, {d} {Month} {y}",
    "{Weekday}, {Month} {d}{th}, {y}",
    "{dd}/{mm}/{y}",
    "{d}.{m}.{y}",
    "{y} {Month} {d}",
    "{Mon} {d}, {y}",
    "{dd} {Mon} {y}",
    "{d} {Month} {yy}",
)
CLEAR_FROM = 1950  # two digits of a year are written only where 19.. is the one possibility
CLEAR_TO = 1999
_SLOT = re.compile(r"(\{\w+\})")
SHOWN, SHOWN_AS = date(1998, 5, 3), "{Weekday}, {Month} {d}{th}, {y}"


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` different days from 1900 to 2049, each written in a format drawn by lot.

    A day comes once, so one that is held out is unseen in any format. `SHOWN` never comes.

    Raises:
        ValueError: more days are asked for than there are.
    """
    if count > MOST:
        raise ValueError(f"There are only {MOST:,} days to write, not {count:,}.")
    dice, pairs, seen = Dice(seed), [], {SHOWN}
    while len(pairs) < count:
        day = FIRST + timedelta(days=dice.below(MOST + 1))
        if day not in seen:
            seen.add(day)
            clear = CLEAR_FROM <= day.year <= CLEAR_TO
            pairs.append(pair(day, dice.pick(FORMATS if clear else FORMATS[:-1])))
    return pairs


def pair(day: date, form: str) -> Pair:
    """A day written in one of `FORMATS`, its ISO date, and which characters give each digit.

    Both digits of the month come from all letters of its name; digits come from digits one to
    one, and the first digit of 03 from the 3 if that stands alone. Hyphens, weekdays, the "th"
    of a day and a century that is not written have no link.
    """
    source = ""
    links: set[tuple[int, int]] = set()
    iso = day.isoformat()
    slots = _slots(day)
    for piece in _SLOT.split(form):
        text, places = slots.get(piece, (piece, ()))
        # Digits stand for digits one to one; a word or a lone digit stands for all of them.
        one_to_one = len(text) == len(places) and text.isdigit()
        links |= {
            (len(source) + letter, places[digit])
            for letter, digit in product(range(len(text)), range(len(places)))
            if letter == digit or not one_to_one
        }
        source += text
    return Pair(tuple(source), tuple(iso), frozenset(links), frozenset(links))


def _slots(day: date) -> dict[str, tuple[str, range]]:
    # What stands in each slot of a format, and the places in the ISO date that it gives.
    year, month, date_, nowhere = range(4), range(5, 7), range(8, 10), range(0)
    name = MONTHS[day.month - 1]
    return {
        "{d}": (f"{day.day}", date_),
        "{dd}": (f"{day.day:02d}", date_),
        "{th}": (ending(day.day), nowhere),
        "{m}": (f"{day.month}", month),
        "{mm}": (f"{day.month:02d}", month),
        "{Month}": (name, month),
        "{Mon}": (name[:3], month),
        "{Weekday}": (WEEKDAYS[day.weekday()], nowhere),
        "{y}": (f"{day.year}", year),
        "{yy}": (f"{day.year % 100:02d}", year[2:]),
    }


def ending(day: int) -> str:
    """The ending of a day as an ordinal number: 1st, 2nd, 3rd, 4th, 11th, 21st."""
    if day // 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
