"""English to French: gender, number and elision, and the alignment that comes of it."""

from __future__ import annotations

from lab.seq2seq.generators import grammar, sentences
from lab.seq2seq.generators.grammar import Clause, NounPhrase, Words
from lab.seq2seq.pairs import Pair

VOWELS = "aàâeéèêiîoôuûhœ"  # every h of this lexicon is silent: l'homme, l'hôtel

# English: singular, plural, gender
NOUNS = {
    "man": ("homme", "hommes", "m"), "woman": ("femme", "femmes", "f"),
    "boy": ("garçon", "garçons", "m"), "girl": ("fille", "filles", "f"),
    "dog": ("chien", "chiens", "m"), "cat": ("chat", "chats", "m"),
    "bird": ("oiseau", "oiseaux", "m"), "horse": ("cheval", "chevaux", "m"),
    "house": ("maison", "maisons", "f"), "car": ("voiture", "voitures", "f"),
    "book": ("livre", "livres", "m"), "letter": ("lettre", "lettres", "f"),
    "tree": ("arbre", "arbres", "m"), "garden": ("jardin", "jardins", "m"),
    "school": ("école", "écoles", "f"), "city": ("ville", "villes", "f"),
    "church": ("église", "églises", "f"), "hotel": ("hôtel", "hôtels", "m"),
    "area": ("zone", "zones", "f"), "union": ("union", "unions", "f"),
    "community": ("communauté", "communautés", "f"), "market": ("marché", "marchés", "m"),
    "agreement": ("accord", "accords", "m"), "treaty": ("traité", "traités", "m"),
    "law": ("loi", "lois", "f"), "report": ("rapport", "rapports", "m"),
}  # fmt: skip

# English: masculine and feminine, singular; the same in the plural
ADJECTIVES = {
    "big": ("grand", "grande", "grands", "grandes"),
    "small": ("petit", "petite", "petits", "petites"),
    "old": ("vieux", "vieille", "vieux", "vieilles"),
    "new": ("nouveau", "nouvelle", "nouveaux", "nouvelles"),
    "beautiful": ("beau", "belle", "beaux", "belles"),
    "red": ("rouge", "rouge", "rouges", "rouges"),
    "green": ("vert", "verte", "verts", "vertes"),
    "black": ("noir", "noire", "noirs", "noires"),
    "white": ("blanc", "blanche", "blancs", "blanches"),
    "rich": ("riche", "riche", "riches", "riches"),
    "european": ("européen", "européenne", "européens", "européennes"),
    "economic": ("économique", "économique", "économiques", "économiques"),
    "political": ("politique", "politique", "politiques", "politiques"),
    "social": ("social", "sociale", "sociaux", "sociales"),
    "monetary": ("monétaire", "monétaire", "monétaires", "monétaires"),
}
BEFORE = ("big", "small", "old", "new", "beautiful")  # stand before the noun
BEFORE_VOWEL = {"vieux": "vieil", "nouveau": "nouvel", "beau": "bel"}  # masculine singular only

# English: je, il, nous, ils
VERBS = {
    "be": ("suis", "est", "sommes", "sont"),
    "have": ("ai", "a", "avons", "ont"),
    "go": ("vais", "va", "allons", "vont"),
    "see": ("vois", "voit", "voyons", "voient"),
    "find": ("trouve", "trouve", "trouvons", "trouvent"),
    "look": ("cherche", "cherche", "cherchons", "cherchent"),
    "love": ("aime", "aime", "aimons", "aiment"),
    "buy": ("achète", "achète", "achetons", "achètent"),
    "read": ("lis", "lit", "lisons", "lisent"),
    "write": ("écris", "écrit", "écrivons", "écrivent"),
    "sign": ("signe", "signe", "signons", "signent"),
}
PARTICIPLES = {"sign": "signé", "adopt": "adopté", "publish": "publié"}
PRONOUNS = {"i": "je", "he": "il", "she": "elle", "we": "nous", "they": "ils"}
MONTHS = {
    "january": "janvier", "february": "février", "march": "mars", "april": "avril",
    "may": "mai", "june": "juin", "july": "juillet", "august": "août",
    "september": "septembre", "october": "octobre", "november": "novembre", "december": "décembre",
}  # fmt: skip
CONTRACTED = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}


def translate(clause: Clause) -> Words:
    """Translate a clause that `grammar.english` has written; each word with its places.

    "they" is always "ils". Both halves of ne ... pas come from "not", and from "does" if there
    is one. After a negated verb the article of an object becomes "de".
    """
    at = clause.at
    negation = clause.negation()
    if isinstance(clause.subject, str):
        words = [(PRONOUNS[clause.subject], (at["subject"],))]
    else:
        words = noun_phrase(clause.subject)
    if clause.passive:
        verb = [("ont" if clause.plural else "a", (at["be"],))]
    else:
        places = tuple(at[name] for name in ("verb", "particle") if name in at)
        if clause.verb == "go":
            places = places[:1]  # "to" is "à"
        verb = [(VERBS[clause.verb][clause.person], places)]
    if clause.negated:
        verb = [("ne", negation), *verb, ("pas", negation)]
    words += verb
    if clause.passive:
        participle = PARTICIPLES[clause.verb]
        forms = (participle, participle + "e", participle + "s", participle + "es")
        words += [("été", (at["be"],)), (forms[_form(clause.subject)], (at["verb"],))]
    if clause.adjective:
        words.append((ADJECTIVES[clause.adjective][_form(clause.subject)], (at["adjective"],)))
    if clause.object:
        if clause.verb == "be":
            words += noun_phrase(clause.object, ("dans", (at["in"],)))
        elif clause.verb == "go":
            words += noun_phrase(clause.object, ("à", (at["particle"],)))
        else:
            words += noun_phrase(clause.object, negated=clause.negated)
    if clause.year:
        words.append(("en", (at["in"],)))
        if clause.month:
            words.append((MONTHS[clause.month], (at["month"],)))
        words.append((clause.year, (at["year"],)))
    return _elided([*words, (".", (at["stop"],))])


def noun_phrase(
    phrase: NounPhrase, preposition: tuple[str, tuple[int, ...]] | None = None, negated=False
) -> Words:
    """Translate a noun phrase, with a preposition before it; elision and contraction come later.

    Args:
        negated: it is the object of a negated verb.
    """
    at, form = phrase.at, _form(phrase)
    noun = NOUNS[phrase.noun][phrase.plural]
    before = [name for name in phrase.adjectives if name in BEFORE]
    after = [name for name in reversed(phrase.adjectives) if name not in BEFORE]
    words: Words = [preposition] if preposition else []
    words.append((_article(phrase, bool(before), negated), (at["article"],)))
    for name in before:
        adjective = ADJECTIVES[name][form]
        if form == 0 and noun[0] in VOWELS:
            adjective = BEFORE_VOWEL.get(adjective, adjective)
        words.append((adjective, (at[name],)))
    words.append((noun, (at["noun"],)))
    words += [(ADJECTIVES[name][form], (at[name],)) for name in after]
    if phrase.of:
        words += noun_phrase(phrase.of, ("de", (at["of"],)))
    if phrase.on:
        words += noun_phrase(phrase.on, ("sur", (at["on"],)))
    return words


def _article(phrase: NounPhrase, adjective_first: bool, negated: bool) -> str:
    if phrase.article == "the":
        return ("le", "la", "les", "les")[_form(phrase)]
    if negated or (phrase.plural and adjective_first):
        return "de"
    return ("un", "une", "des", "des")[_form(phrase)]


def _form(subject: NounPhrase | str) -> int:
    # Place among masculine, feminine, masculine plural, feminine plural.
    if isinstance(subject, str):
        return {"he": 0, "she": 1}[subject]
    return 2 * subject.plural + (NOUNS[subject.noun][2] == "f")


def _elided(words: Words) -> Words:
    # First le arbre -> l' arbre, then what is left of de le -> du.
    shown = list(words)
    for place, (word, places) in enumerate(words[:-1]):
        if word in ("le", "la", "de", "ne", "je") and words[place + 1][0][0] in VOWELS:
            shown[place] = (word[:-1] + "'", places)
    return grammar.contracted(shown, CONTRACTED)


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` different English sentences with their French; `SHOWN` never comes."""
    return sentences.generate(count, seed, translate)


SHOWN = grammar.pair(sentences.shown(), translate)
