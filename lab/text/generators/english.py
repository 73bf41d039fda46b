"""As much English morphology as the generators need: plurals, tenses, articles, lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

VOWELS = "aeiou"

PLURALS = {
    "cactus": "cacti", "child": "children", "foot": "feet", "goose": "geese", "knife": "knives",
    "leaf": "leaves", "loaf": "loaves", "mouse": "mice", "potato": "potatoes", "scarf": "scarves",
    "shelf": "shelves", "sheep": "sheep", "tomato": "tomatoes", "tooth": "teeth", "echo": "echoes",
    "half": "halves", "goldfish": "goldfish", "calf": "calves", "mosquito": "mosquitoes",
}  # fmt: skip

# base form: past, participle
IRREGULAR = {
    "be": ("was", "been"), "become": ("became", "become"), "begin": ("began", "begun"),
    "bend": ("bent", "bent"), "bind": ("bound", "bound"), "bite": ("bit", "bitten"),
    "blow": ("blew", "blown"), "break": ("broke", "broken"), "bring": ("brought", "brought"),
    "build": ("built", "built"), "buy": ("bought", "bought"), "catch": ("caught", "caught"),
    "choose": ("chose", "chosen"), "come": ("came", "come"), "creep": ("crept", "crept"),
    "cut": ("cut", "cut"), "dig": ("dug", "dug"), "do": ("did", "done"),
    "draw": ("drew", "drawn"), "drink": ("drank", "drunk"), "drive": ("drove", "driven"),
    "eat": ("ate", "eaten"), "fall": ("fell", "fallen"), "feed": ("fed", "fed"),
    "feel": ("felt", "felt"), "find": ("found", "found"), "fly": ("flew", "flown"),
    "forget": ("forgot", "forgotten"), "forgive": ("forgave", "forgiven"),
    "freeze": ("froze", "frozen"), "get": ("got", "got"),
    "give": ("gave", "given"), "go": ("went", "gone"), "grow": ("grew", "grown"),
    "hang": ("hung", "hung"), "have": ("had", "had"), "hear": ("heard", "heard"),
    "hide": ("hid", "hidden"), "hold": ("held", "held"), "keep": ("kept", "kept"),
    "kneel": ("knelt", "knelt"), "know": ("knew", "known"), "lay": ("laid", "laid"),
    "lead": ("led", "led"), "leave": ("left", "left"), "lend": ("lent", "lent"),
    "let": ("let", "let"), "lie": ("lay", "lain"), "lose": ("lost", "lost"),
    "make": ("made", "made"), "mean": ("meant", "meant"), "meet": ("met", "met"),
    "pay": ("paid", "paid"), "put": ("put", "put"), "read": ("read", "read"),
    "ring": ("rang", "rung"), "rise": ("rose", "risen"), "run": ("ran", "run"),
    "say": ("said", "said"), "see": ("saw", "seen"), "sell": ("sold", "sold"),
    "send": ("sent", "sent"), "set": ("set", "set"), "sew": ("sewed", "sewn"),
    "shake": ("shook", "shaken"), "show": ("showed", "shown"),
    "shrink": ("shrank", "shrunk"), "shut": ("shut", "shut"),
    "sing": ("sang", "sung"), "sink": ("sank", "sunk"), "sit": ("sat", "sat"),
    "sleep": ("slept", "slept"), "sow": ("sowed", "sown"), "speak": ("spoke", "spoken"),
    "spend": ("spent", "spent"), "split": ("split", "split"), "spread": ("spread", "spread"),
    "spring": ("sprang", "sprung"), "stand": ("stood", "stood"), "steal": ("stole", "stolen"),
    "stick": ("stuck", "stuck"), "sweep": ("swept", "swept"), "swell": ("swelled", "swollen"),
    "swim": ("swam", "swum"), "swing": ("swung", "swung"), "take": ("took", "taken"),
    "teach": ("taught", "taught"), "tell": ("told", "told"), "think": ("thought", "thought"),
    "throw": ("threw", "thrown"), "understand": ("understood", "understood"),
    "wake": ("woke", "woken"), "wear": ("wore", "worn"), "weep": ("wept", "wept"),
    "wind": ("wound", "wound"), "write": ("wrote", "written"),
}  # fmt: skip

# their last consonant is written twice before -ed and -ing
DOUBLED = frozenset([
    "begin", "clip", "cut", "dig", "drop", "forget", "get", "grab", "hug", "hum", "knit", "label",
    "let", "mop", "nod", "pin", "pot", "put", "quarrel", "rot", "rub", "run", "scrub", "set",
    "shut", "sit", "slip", "spin", "split", "stir", "stop", "strip", "swap", "swim", "tap",
    "thin", "tip", "trap", "travel", "trim", "trip", "unpin", "unwrap", "whip", "wrap",
])  # fmt: skip

AN_BEFORE = ("honest", "hour", "heir")
A_BEFORE = ("one", "use", "uni", "eu")


def _first(phrase: str, change: Callable[[str], str]) -> str:
    """Inflect the first word of a phrase: "look after" becomes "looked after"."""
    word, space, rest = phrase.partition(" ")
    return change(word) + space + rest


def plural(noun: str) -> str:
    """Plural of a noun; of a compound its last word, or the word before " of "."""
    head, of, rest = noun.partition(" of ")
    before, space, word = head.rpartition(" ")
    if word in PLURALS:
        word = PLURALS[word]
    elif word.endswith("y") and word[-2] not in VOWELS:
        word = word[:-1] + "ies"
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        word += "es"
    else:
        word += "s"
    return before + space + word + of + rest


def singular(noun: str) -> str:
    """The singular of a regular plural: "cherries" gives "cherry", "leeks" gives "leek"."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("oes", "shes", "ches", "xes")):
        return noun[:-2]
    return noun.removesuffix("s")


def present(verb: str, many: bool) -> str:
    """Present tense, third person: "waits" for one, "wait" for many."""
    if many:
        return _first(verb, lambda word: "are" if word == "be" else word)
    return _first(verb, _third)


def _third(word: str) -> str:
    if word in ("be", "have"):
        return {"be": "is", "have": "has"}[word]
    if word.endswith("y") and word[-2] not in VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def past(verb: str) -> str:
    """Simple past: "mended", "wrote"."""
    return _first(verb, lambda word: IRREGULAR[word][0] if word in IRREGULAR else _ed(word))


def participle(verb: str) -> str:
    """Past participle: "mended", "written"."""
    return _first(verb, lambda word: IRREGULAR[word][1] if word in IRREGULAR else _ed(word))


def _ed(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2] not in VOWELS:
        return word[:-1] + "ied"
    return word + (word[-1] if word in DOUBLED else "") + "ed"


def gerund(verb: str) -> str:
    """The -ing form: "mending", "writing"."""
    return _first(verb, _ing)


def _ing(word: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and word not in ("be", "see"):
        return word[:-1] + "ing"
    return word + (word[-1] if word in DOUBLED else "") + "ing"


def with_article(phrase: str) -> str:
    """The phrase with "a" or "an" before it, by its sound as far as its spelling tells it."""
    vowel = phrase.startswith(AN_BEFORE) or (
        phrase[:1] in VOWELS and not phrase.startswith(A_BEFORE)
    )
    return ("an " if vowel else "a ") + phrase


_PARTICLE = re.compile(r"\b(away|up|back|apart|out|in) (it|them)\b")


def with_particles(text: str) -> str:
    """Pronouns before the particles of verbs: "put it back" for "put back it"."""
    return _PARTICLE.sub(r"\2 \1", text)


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def roman(n: int) -> str:
    """Roman numeral of a positive number below 400."""
    text = ""
    signs = [
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
        (1, "I"),
    ]  # fmt: skip
    for value, sign in signs:
        count, n = divmod(n, value)
        text += sign * count
    return text
