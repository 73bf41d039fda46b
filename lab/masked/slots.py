"""A sentence with slots, "{nurse, engineer} said that [MASK] was tired", as a list of sentences.

Standard library only, so that a page may call it directly.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

BLANK = "[MASK]"
MOST = 400  # sentences of one template
LONGEST = 8_000  # characters of a template
_ARTICLE = re.compile(r"\b([aA])\(n\)(?=\s+(\w))")


class SlotError(ValueError):
    """A template that cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Row:
    """One sentence of a template.

    Args:
        values: what stands in its slots, in their order.
        sentence: with one blank.
    """

    values: tuple[str, ...]
    sentence: str

    @property
    def name(self) -> str:
        """The values, to be written beside a row of a table."""
        return " · ".join(self.values) or "the sentence"


@dataclass(frozen=True)
class Template:
    """A sentence cut at its slots.

    Args:
        texts: what stands before, between and after the slots, one more than there are slots.
        slots: the values of each slot, in their order, each once.
    """

    texts: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]

    def sentence(self, values: Sequence[str]) -> str:
        """Return the sentence with a value in each slot."""
        parts = itertools.chain.from_iterable(zip(self.texts, (*values, ""), strict=True))
        return with_articles("".join(parts))


def read(template: str) -> Template:
    """Cut a template at its slots.

    Args:
        template: with values between braces, separated by commas, and one [MASK].

    Raises:
        SlotError: a brace is not closed or not opened, a slot or a value of it is empty, there is
            not exactly one blank, or it is too long.
    """
    if len(template) > LONGEST:
        raise SlotError(f"This is longer than {LONGEST:,} characters: shorten the lists.")
    texts, slots, rest = [], [], template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        inside, closed, rest = rest.partition("}")
        if not closed or "{" in inside:
            start = inside.partition("{")[0].strip()[:30]
            raise SlotError(f"The list that begins with “{start}” has no closing brace: write }}.")
        texts.append(before)
        slots.append(_values(inside))
    texts.append(rest)
    if any("}" in text for text in texts):
        raise SlotError("A brace is closed that was not opened: write the list as {one, another}.")
    found = Template(tuple(texts), tuple(slots))
    for values in itertools.islice(itertools.product(*slots), MOST):
        check_blank(found.sentence(values))
    return found


def _values(inside: str) -> tuple[str, ...]:
    values = [" ".join(value.split()) for value in inside.split(",")]
    if not any(values):
        raise SlotError("A list is empty: write words between the braces, as in {nurse, engineer}.")
    if not all(values):
        raise SlotError("A list has two commas in a row, or one at its end: take it away.")
    return tuple(dict.fromkeys(values))


def check_blank(sentence: str) -> None:
    """Check that a sentence has exactly one blank.

    Raises:
        SlotError: it has none, or more than one.
    """
    blanks = sentence.count(BLANK)
    if not blanks:
        raise SlotError(f"There is no {BLANK}: write it where the model shall guess.")
    if blanks > 1:
        raise SlotError(f"There are {blanks} blanks here, and one is compared: leave one {BLANK}.")


def expand(template: str | Template) -> list[Row]:
    """Return the sentences of a template: every value with every other, the last slot fastest.

    Raises:
        SlotError: see `read`; or there are more than 400 of them.
    """
    cut = read(template) if isinstance(template, str) else template
    count = 1
    for values in cut.slots:
        count *= len(values)
    if count > MOST:
        raise SlotError(f"These lists make {count:,} sentences, and {MOST} are read: shorten them.")
    return [Row(values, cut.sentence(values)) for values in itertools.product(*cut.slots)]


def neutral_rows(template: str | Template, neutral: str, slot: int = 0) -> list[Row]:
    """Return for each row of `expand` the same sentence about nobody in particular.

    Args:
        template: as in `expand`.
        neutral: the word that takes the place of a slot's values, such as "person".
        slot: which one, from 0.

    Returns:
        As many rows as `expand` gives, in the same order; equal ones repeat.

    Raises:
        SlotError: there is no such slot, or no word.
    """
    cut = read(template) if isinstance(template, str) else template
    neutral = " ".join(neutral.split())
    if not neutral or set(neutral) & set("{},"):
        raise SlotError("Write one neutral word to compare with, such as person.")
    if not 0 <= slot < len(cut.slots):
        raise SlotError("There is no list in this sentence: write one, as in {nurse, engineer}.")
    rows = []
    for row in expand(cut):
        values = (*row.values[:slot], neutral, *row.values[slot + 1 :])
        rows.append(Row(values, cut.sentence(values)))
    return rows


def with_articles(text: str) -> str:
    """Write "a(n)" as "a" or "an" by the first letter of the next word.

    By the letter, not by the sound: "an hour" and "a university" come out wrong.
    """
    return _ARTICLE.sub(lambda m: m[1] + ("n" if m[2].lower() in "aeiou" else ""), text)
