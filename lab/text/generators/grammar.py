"""A small engine for probabilistic grammars: rules with slots in, sentences out.

A rule is a line of text with slots in braces:

    {thing}          one entry of the rule or word list "thing", itself expanded
    {thing.plural}   the same, inflected (plural, past, done, ing, s)
    {a thing}        the same with "a" or "an" before it
    {early|late|}    one of the alternatives, each again a line with slots; the last one is empty
    {=wait}          "waits" or "wait", as the last subject asks; also {=be}, {=was}, {=mend_verb}
    {it} {its} ...   pronouns that agree with the last subject

Slots are filled from left to right, so what an early one says (a number, a person) is known to
the later ones: this is where agreement across a clause comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lab.text.generators import english
from lab.text.generators.dice import Dice

FORMS: dict[str, Callable[[str], str]] = {
    "plural": english.plural,
    "past": english.past,
    "done": english.participle,
    "ing": english.gerund,
    "s": lambda verb: english.present(verb, many=False),
}

AGREEING = {
    "it": ("it", "they"),
    "it_object": ("it", "them"),
    "its": ("its", "their"),
    "this": ("this", "these"),
    "that": ("that", "those"),
    "one": ("one", "ones"),
    "=was": ("was", "were"),
}

_SPACES = re.compile(r" +")
_BEFORE_STOP = re.compile(r" +([,.;:?!])")
_SENTENCE = re.compile(r"(^|[.?!] )([a-z])")

# A parsed template is a list of literal text, slot names (1-tuples) and choices (lists of
# parsed templates).
Part = str | tuple[str] | list[Any]


def parse(template: str) -> list[Part]:
    """Split a template into text, slots and choices.

    Raises:
        ValueError: a brace is open at the end, or closed before it was opened.
    """
    parts: list[Part] = []
    bars: list[int] = []
    depth, start = 0, 0
    for i, sign in enumerate(template):
        if sign == "{":
            if depth == 0:
                parts.append(template[start:i])
                start, bars = i + 1, []
            depth += 1
        elif sign == "|" and depth == 1:
            bars.append(i)
        elif sign == "}":
            depth -= 1
            if depth < 0:
                raise ValueError(f"A brace closes what was never opened: {template!r}")
            if depth == 0:
                if bars:
                    edges = pairwise([start - 1, *bars, i])
                    parts.append([parse(template[a + 1 : b]) for a, b in edges])
                else:
                    parts.append((template[start:i],))
                start = i + 1
    if depth:
        raise ValueError(f"A brace stays open: {template!r}")
    parts.append(template[start:])
    return [part for part in parts if part != ""]


class Grammar:
    """Expands rules; a text's own class adds what persists (a scene, a season).

    Args:
        dice: where the choices come from.
        rules: name of a slot -> its alternatives, all equally likely unless in `leaning`.
        leaning: names of word lists whose early entries are preferred (`Dice.lean`).
    """

    def __init__(
        self,
        dice: Dice,
        rules: Mapping[str, Sequence[str]],
        leaning: Collection[str] = frozenset(),
    ) -> None:
        self.dice = dice
        self.rules = rules
        self.leaning = leaning
        self.many = False  # number of the last subject: what {=be} and {it} agree with
        self._parsed: dict[str, list[Part]] = {}

    def expand(self, template: str) -> str:
        """Fill the slots of a template, from left to right.

        Raises:
            KeyError: a slot has no rule.
        """
        parts = self._parsed.get(template)
        if parts is None:
            parts = self._parsed[template] = parse(template)
        return self._join(parts)

    def _join(self, parts: list[Part]) -> str:
        out = []
        for part in parts:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, tuple):
                out.append(self.slot(part[0]))
            else:
                out.append(self._join(self.dice.pick(part)))
        return "".join(out)

    def slot(self, name: str) -> str:
        """What stands in place of `{name}`."""
        if name in AGREEING:
            return AGREEING[name][self.many]
        if name.startswith("="):
            verb = self.word(name[1:]) if name[1:] in self.rules else name[1:]
            return english.present(verb, self.many)
        if name.startswith("a "):
            return english.with_article(self.slot(name[2:]))
        head, dot, form = name.partition(".")
        return FORMS[form](self.word(head)) if dot else self.word(head)

    def word(self, name: str) -> str:
        """One entry of a rule, expanded. Overridden where a scene has a say in the choice."""
        options = self.rules[name]
        choose = self.dice.lean if name in self.leaning else self.dice.pick
        return self.expand(choose(options))

    def sentence(self, template: str) -> str:
        """A template expanded, its spaces put right and its sentences begun with capitals."""
        return tidy(self.expand(template))


def tidy(text: str) -> str:
    """One space between words, none before a stop, a capital after each full stop."""
    text = _BEFORE_STOP.sub(r"\1", _SPACES.sub(" ", text)).strip()
    return _SENTENCE.sub(lambda match: match[1] + match[2].upper(), text)
