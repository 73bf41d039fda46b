"""What the sentences of the small English say: trees of `grammar`, drawn by lot.

Nouns, verbs and adjectives go together as `lexicon` allows; apart from that there is no sense.
"""

from __future__ import annotations

from collections.abc import Callable

from lab.seq2seq.generators import lexicon
from lab.seq2seq.generators.grammar import Clause, NounPhrase, Words, english, pair
from lab.seq2seq.pairs import Pair
from lab.text.generators.dice import Dice

KINDS = ("object",) * 8 + ("passive",) * 6 + ("to",) * 2 + ("in",) * 2 + ("adjective",) * 2


def generate(count: int, seed: int, translate: Callable[[Clause], Words]) -> list[Pair]:
    """Draw `count` different sentences with their translations; `shown` never comes."""
    dice, seen, pairs = Dice(seed), {tuple(english(shown()))}, []
    while len(pairs) < count:
        drawn = pair(draw(dice), translate)
        if drawn.source not in seen:
            seen.add(drawn.source)
            pairs.append(drawn)
    return pairs


def shown() -> Clause:
    """The agreement on the European Economic Area was signed in August 1992."""
    area = NounPhrase("area", adjectives=("european", "economic"))
    return Clause(
        NounPhrase("agreement", on=area), "sign", passive=True, month="august", year="1992"
    )


def draw(dice: Dice) -> Clause:
    """Draw a sentence of one of `KINDS`."""
    kind = dice.pick(KINDS)
    if kind == "passive":
        return _passive(dice)
    negated = dice.chance(0.3)
    if kind == "adjective":
        return _adjective(dice, negated)
    if kind == "in":
        subject = _subject(dice, lexicon.LIVING + lexicon.MOVABLE)
        place = _place(dice, (*lexicon.PLACES, "car"), subject)
        return Clause(subject, "be", negated, object=place)
    if kind == "to":
        subject = _subject(dice, lexicon.LIVING)
        return Clause(subject, "go", negated, object=_place(dice, lexicon.PLACES, subject))
    return _transitive(dice, negated)


def _transitive(dice: Dice, negated: bool) -> Clause:
    name = dice.pick(lexicon.TRANSITIVE)
    verb = lexicon.VERBS[name]
    subject = _subject(dice, verb.subjects)
    seen = _other(dice, verb.objects, subject)
    articles = "the" if negated and not verb.indefinite_negated else None
    thing = _phrase(dice, seen, articles)
    if negated and thing.article == "some":
        thing.article = "the"  # "not some" would have to be "not any"
    owned = thing.article == "the" and seen in lexicon.OWNED and not thing.adjectives
    if owned and dice.chance(0.6):
        owner = _other(dice, lexicon.PEOPLE, subject)
        thing.of = NounPhrase(owner, dice.chance(0.3), "the")
        if not thing.of.plural and dice.chance(0.3):
            thing.of.article = "a"
    return Clause(subject, name, negated, object=thing)


def _adjective(dice: Dice, negated: bool) -> Clause:
    if dice.chance(0.15):
        pronoun = dice.pick(("he", "she"))
        return Clause(pronoun, "be", negated, adjective=dice.pick(lexicon.NOUNS["man"].adjectives))
    noun = dice.pick(tuple(lexicon.NOUNS))
    subject = NounPhrase(noun, dice.chance(0.35), "the")
    return Clause(subject, "be", negated, adjective=dice.pick(lexicon.NOUNS[noun].adjectives))


def _passive(dice: Dice) -> Clause:
    head = NounPhrase(dice.pick(lexicon.PAPERS), dice.chance(0.25))
    if dice.chance(0.75):
        head.on = _formal(dice, dice.pick(lexicon.TOPICS))
    if (not head.on or len(head.on.adjectives) < 2) and dice.chance(0.5):
        head.adjectives = (dice.pick(lexicon.NOUNS[head.noun].adjectives),)
    clause = Clause(head, dice.pick(tuple(lexicon.PARTICIPLES)), dice.chance(0.2), passive=True)
    if dice.chance(0.85):
        clause.year = dice.pick(lexicon.YEARS)
        if dice.chance(0.75):
            clause.month = dice.pick(lexicon.MONTHS)
    return clause


def _formal(dice: Dice, noun: str) -> NounPhrase:
    first = "european" if dice.chance(0.75) else "new"
    second = dice.pick(lexicon.FORMAL)
    adjectives = (
        () if dice.chance(0.15) else dice.pick(((first, second),) * 4 + ((second,), (first,)))
    )
    return NounPhrase(noun, dice.chance(0.2), "the", adjectives)


def _subject(dice: Dice, nouns: tuple[str, ...]) -> NounPhrase | str:
    if dice.chance(0.4):
        return dice.pick(lexicon.PRONOUNS)
    return _phrase(dice, dice.pick(nouns))


def _place(dice: Dice, nouns: tuple[str, ...], subject: NounPhrase | str) -> NounPhrase:
    place = _phrase(dice, _other(dice, nouns, subject))
    if place.article == "some":
        place.article = "the"
    return place


def _other(dice: Dice, nouns: tuple[str, ...], subject: NounPhrase | str) -> str:
    # Nobody sees himself: a noun that is not the subject's.
    taken = subject.noun if isinstance(subject, NounPhrase) else None
    return dice.pick([noun for noun in nouns if noun != taken])


def _phrase(dice: Dice, noun: str, article: str | None = None) -> NounPhrase:
    plural = dice.chance(0.3)
    if article is None:
        article = "the" if dice.chance(0.6) else "some" if plural else "a"
    known = lexicon.NOUNS[noun].adjectives
    adjectives: tuple[str, ...] = ()
    if dice.chance(0.45):
        adjectives = (dice.pick(known),)
        colours = [adjective for adjective in known if adjective in lexicon.COLOURS]
        if colours and adjectives[0] not in colours and dice.chance(0.35):
            adjectives = (*adjectives, dice.pick(colours))
    return NounPhrase(noun, plural, article, adjectives)
