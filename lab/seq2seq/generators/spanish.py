"""English to Spanish: gender, number, dropped pronouns, and the alignment that comes of it."""

from __future__ import annotations

from lab.seq2seq.generators import grammar, lexicon, sentences
from lab.seq2seq.generators.grammar import Clause, NounPhrase, Words
from lab.seq2seq.pairs import Pair

# English: singular, plural, gender
NOUNS = {
    "man": ("hombre", "hombres", "m"), "woman": ("mujer", "mujeres", "f"),
    "boy": ("niño", "niños", "m"), "girl": ("niña", "niñas", "f"),
    "dog": ("perro", "perros", "m"), "cat": ("gato", "gatos", "m"),
    "bird": ("pájaro", "pájaros", "m"), "horse": ("caballo", "caballos", "m"),
    "house": ("casa", "casas", "f"), "car": ("coche", "coches", "m"),
    "book": ("libro", "libros", "m"), "letter": ("carta", "cartas", "f"),
    "tree": ("árbol", "árboles", "m"), "garden": ("jardín", "jardines", "m"),
    "school": ("escuela", "escuelas", "f"), "city": ("ciudad", "ciudades", "f"),
    "church": ("iglesia", "iglesias", "f"), "hotel": ("hotel", "hoteles", "m"),
    "area": ("zona", "zonas", "f"), "union": ("unión", "uniones", "f"),
    "community": ("comunidad", "comunidades", "f"), "market": ("mercado", "mercados", "m"),
    "agreement": ("acuerdo", "acuerdos", "m"), "treaty": ("tratado", "tratados", "m"),
    "law": ("ley", "leyes", "f"), "report": ("informe", "informes", "m"),
}  # fmt: skip

# English: masculine and feminine, singular; the same in the plural
ADJECTIVES = {
    "big": ("grande", "grande", "grandes", "grandes"),
    "small": ("pequeño", "pequeña", "pequeños", "pequeñas"),
    "old": ("viejo", "vieja", "viejos", "viejas"),
    "new": ("nuevo", "nueva", "nuevos", "nuevas"),
    "beautiful": ("hermoso", "hermosa", "hermosos", "hermosas"),
    "red": ("rojo", "roja", "rojos", "rojas"),
    "green": ("verde", "verde", "verdes", "verdes"),
    "black": ("negro", "negra", "negros", "negras"),
    "white": ("blanco", "blanca", "blancos", "blancas"),
    "rich": ("rico", "rica", "ricos", "ricas"),
    "european": ("europeo", "europea", "europeos", "europeas"),
    "economic": ("económico", "económica", "económicos", "económicas"),
    "political": ("político", "política", "políticos", "políticas"),
    "social": ("social", "social", "sociales", "sociales"),
    "monetary": ("monetario", "monetaria", "monetarios", "monetarias"),
}
BEFORE = ("new",)  # "la nueva ley europea"; all others follow the noun

# English: yo, él, nosotros, ellos
VERBS = {
    "have": ("tengo", "tiene", "tenemos", "tienen"),
    "go": ("voy", "va", "vamos", "van"),
    "see": ("veo", "ve", "vemos", "ven"),
    "find": ("encuentro", "encuentra", "encontramos", "encuentran"),
    "look": ("busco", "busca", "buscamos", "buscan"),
    "love": ("amo", "ama", "amamos", "aman"),
    "buy": ("compro", "compra", "compramos", "compran"),
    "read": ("leo", "lee", "leemos", "leen"),
    "write": ("escribo", "escribe", "escribimos", "escriben"),
    "sign": ("firmo", "firma", "firmamos", "firman"),
}
SER = ("soy", "es", "somos", "son")  # what somebody is
ESTAR = ("estoy", "está", "estamos", "están")  # where somebody is
PARTICIPLES = {"sign": "firmad", "adopt": "adoptad", "publish": "publicad"}
ENDINGS = ("o", "a", "os", "as")
PRONOUNS = {"he": "él", "she": "ella", "they": "ellos"}  # the verb says enough about "i" and "we"
MONTHS = {
    "january": "enero", "february": "febrero", "march": "marzo", "april": "abril",
    "may": "mayo", "june": "junio", "july": "julio", "august": "agosto",
    "september": "septiembre", "october": "octubre", "november": "noviembre",
    "december": "diciembre",
}  # fmt: skip
CONTRACTED = {("de", "el"): "del", ("a", "el"): "al"}


def translate(clause: Clause) -> Words:
    """Translate a clause that `grammar.english` has written; each word with its places.

    "they" is always "ellos"; "i" and "we" are left to the ending of the verb, which then comes
    from both. Persons and animals that are an object get "a", which comes from no English word,
    nor does the "de" before a year. "no" comes from "not", and from "does" if there is one.
    """
    at = clause.at
    words: Words = []
    spoken: tuple[int, ...] = ()
    if not isinstance(clause.subject, str):
        words = noun_phrase(clause.subject)
    elif clause.subject in PRONOUNS:
        words = [(PRONOUNS[clause.subject], (at["subject"],))]
    else:
        spoken = (at["subject"],)
    if clause.negated:
        words.append(("no", clause.negation()))
    if clause.passive:
        ending = ENDINGS[_form(clause.subject)]
        words.append(("fueron" if clause.plural else "fue", (at["be"],)))
        words.append((PARTICIPLES[clause.verb] + ending, (at["verb"],)))
    else:
        forms = (SER if clause.adjective else ESTAR) if clause.verb == "be" else VERBS[clause.verb]
        particle = (at["particle"],) if clause.verb == "look" else ()
        words.append((forms[clause.person], (*spoken, at["verb"], *particle)))
    if clause.adjective:
        words.append((ADJECTIVES[clause.adjective][_form(clause.subject)], (at["adjective"],)))
    if clause.object:
        words += noun_phrase(clause.object, _preposition(clause))
    if clause.year:
        words.append(("en", (at["in"],)))
        if clause.month:
            words += [(MONTHS[clause.month], (at["month"],)), ("de", ())]
        words.append((clause.year, (at["year"],)))
    return grammar.contracted([*words, (".", (at["stop"],))], CONTRACTED)


def noun_phrase(
    phrase: NounPhrase, preposition: tuple[str, tuple[int, ...]] | None = None
) -> Words:
    """Translate a noun phrase, with a preposition before it; contraction comes later."""
    at, form = phrase.at, _form(phrase)
    articles = ("el", "la", "los", "las")
    if phrase.article != "the":
        articles = ("un", "una", "unos", "unas")
    order = [name for name in phrase.adjectives if name in BEFORE]
    order += ["noun", *(name for name in reversed(phrase.adjectives) if name not in BEFORE)]
    words: Words = [preposition] if preposition else []
    words.append((articles[form], (at["article"],)))
    for name in order:
        noun = NOUNS[phrase.noun][phrase.plural]
        words.append((noun if name == "noun" else ADJECTIVES[name][form], (at[name],)))
    if phrase.of:
        words += noun_phrase(phrase.of, ("de", (at["of"],)))
    if phrase.on:
        words += noun_phrase(phrase.on, ("sobre", (at["on"],)))
    return words


def _preposition(clause: Clause) -> tuple[str, tuple[int, ...]] | None:
    if clause.verb == "be":
        return "en", (clause.at["in"],)
    if clause.verb == "go":
        return "a", (clause.at["particle"],)
    return ("a", ()) if clause.object.noun in lexicon.LIVING else None


def _form(subject: NounPhrase | str) -> int:
    # Place among masculine, feminine, masculine plural, feminine plural.
    if isinstance(subject, str):
        return {"he": 0, "she": 1}[subject]
    return 2 * subject.plural + (NOUNS[subject.noun][2] == "f")


def generate(count: int, seed: int) -> list[Pair]:
    """Draw `count` different English sentences with their Spanish; `SHOWN` never comes."""
    return sentences.generate(count, seed, translate)


SHOWN = grammar.pair(sentences.shown(), translate)
