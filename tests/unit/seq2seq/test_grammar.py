"""English to French and Spanish: sentences by hand, and agreement over the whole lexicon.

The tables here were written apart from those of the generator.
"""

from itertools import pairwise, product

import pytest

from lab.seq2seq import load
from lab.seq2seq.generators import french, lexicon, sentences, spanish
from lab.seq2seq.generators.grammar import Clause, NounPhrase, english, pair
from lab.text.generators.dice import Dice


def the(noun, *adjectives, **more):
    return NounPhrase(noun, adjectives=adjectives, **more)


def a(noun, *adjectives, **more):
    return NounPhrase(noun, article="a", adjectives=adjectives, **more)


def some(noun, *adjectives, **more):
    return NounPhrase(noun, plural=True, article="some", adjectives=adjectives, **more)


def many(noun, *adjectives, **more):
    return NounPhrase(noun, plural=True, adjectives=adjectives, **more)


def notation(shown) -> str:
    """Each target word with the source words that it comes from: "vieil<old> homme<man>"."""
    parts = []
    for j, word in enumerate(shown.target):
        origin = [shown.source[i] for i in sorted(i for i, at in shown.sure if at == j)]
        parts.append(f"{word}<{'+'.join(origin)}>")
    return " ".join(parts)


# (clause, English, French with origins, Spanish with origins)
BY_HAND = [
    (
        lambda: Clause(
            the("agreement", on=the("area", "european", "economic")),
            "sign",
            passive=True,
            month="august",
            year="1992",
        ),
        "the agreement on the european economic area was signed in august 1992 .",
        "l'<the> accord<agreement> sur<on> la<the> zone<area> économique<economic> "
        "européenne<european> a<was> été<was> signé<signed> en<in> août<august> 1992<1992> .<.>",
        "el<the> acuerdo<agreement> sobre<on> la<the> zona<area> económica<economic> "
        "europea<european> fue<was> firmado<signed> en<in> agosto<august> de<> 1992<1992> .<.>",
    ),
    (
        lambda: Clause(
            many("law", "new", on=many("market")), "adopt", True, passive=True, year="1990"
        ),
        "the new laws on the markets were not adopted in 1990 .",
        "les<the> nouvelles<new> lois<laws> sur<on> les<the> marchés<markets> n'<not> ont<were> "
        "pas<not> été<were> adoptées<adopted> en<in> 1990<1990> .<.>",
        "las<the> nuevas<new> leyes<laws> sobre<on> los<the> mercados<markets> no<not> "
        "fueron<were> adoptadas<adopted> en<in> 1990<1990> .<.>",
    ),
    (
        lambda: Clause(a("man", "old"), "see", object=a("tree", "beautiful", "green")),
        "an old man sees a beautiful green tree .",
        "un<an> vieil<old> homme<man> voit<sees> un<a> bel<beautiful> arbre<tree> vert<green> .<.>",
        "un<an> hombre<man> viejo<old> ve<sees> un<a> árbol<tree> verde<green> "
        "hermoso<beautiful> .<.>",
    ),
    (
        lambda: Clause("i", "have", True, object=a("car", "red")),
        "i do not have a red car .",
        "je<i> n'<do+not> ai<have> pas<do+not> de<a> voiture<car> rouge<red> .<.>",
        "no<do+not> tengo<i+have> un<a> coche<car> rojo<red> .<.>",
    ),
    (
        lambda: Clause("i", "love", object=the("dog", of=the("boy"))),
        "i love the dog of the boy .",
        "j'<i> aime<love> le<the> chien<dog> du<of+the> garçon<boy> .<.>",
        "amo<i+love> al<the> perro<dog> del<of+the> niño<boy> .<.>",
    ),
    (
        lambda: Clause("we", "go", object=the("garden", "small")),
        "we go to the small garden .",
        "nous<we> allons<go> au<to+the> petit<small> jardin<garden> .<.>",
        "vamos<we+go> al<to+the> jardín<garden> pequeño<small> .<.>",
    ),
    (
        lambda: Clause("she", "go", True, object=the("school")),
        "she does not go to the school .",
        "elle<she> ne<does+not> va<go> pas<does+not> à<to> l'<the> école<school> .<.>",
        "ella<she> no<does+not> va<go> a<to> la<the> escuela<school> .<.>",
    ),
    (
        lambda: Clause(many("cat"), "go", object=many("city")),
        "the cats go to the cities .",
        "les<the> chats<cats> vont<go> aux<to+the> villes<cities> .<.>",
        "los<the> gatos<cats> van<go> a<to> las<the> ciudades<cities> .<.>",
    ),
    (
        lambda: Clause("they", "look", object=some("horse", "big", "white")),
        "they look for some big white horses .",
        "ils<they> cherchent<look+for> de<some> grands<big> chevaux<horses> blancs<white> .<.>",
        "ellos<they> buscan<look+for> a<> unos<some> caballos<horses> blancos<white> "
        "grandes<big> .<.>",
    ),
    (
        lambda: Clause(the("girl"), "find", object=some("book")),
        "the girl finds some books .",
        "la<the> fille<girl> trouve<finds> des<some> livres<books> .<.>",
        "la<the> niña<girl> encuentra<finds> unos<some> libros<books> .<.>",
    ),
    (
        lambda: Clause("he", "read", True, object=a("agreement", "new")),
        "he does not read a new agreement .",
        "il<he> ne<does+not> lit<read> pas<does+not> de<a> nouvel<new> accord<agreement> .<.>",
        "él<he> no<does+not> lee<read> un<a> nuevo<new> acuerdo<agreement> .<.>",
    ),
    (
        lambda: Clause("we", "buy", True, object=a("tree")),
        "we do not buy a tree .",
        "nous<we> n'<do+not> achetons<buy> pas<do+not> d'<a> arbre<tree> .<.>",
        "no<do+not> compramos<we+buy> un<a> árbol<tree> .<.>",
    ),
    (
        lambda: Clause(the("church"), "be", True, adjective="white"),
        "the church is not white .",
        "l'<the> église<church> n'<not> est<is> pas<not> blanche<white> .<.>",
        "la<the> iglesia<church> no<not> es<is> blanca<white> .<.>",
    ),
    (
        lambda: Clause("i", "be", object=the("house", "old")),
        "i am in the old house .",
        "je<i> suis<am> dans<in> la<the> vieille<old> maison<house> .<.>",
        "estoy<i+am> en<in> la<the> casa<house> vieja<old> .<.>",
    ),
    (
        lambda: Clause(many("bird"), "be", True, object=a("hotel")),
        "the birds are not in a hotel .",
        "les<the> oiseaux<birds> ne<not> sont<are> pas<not> dans<in> un<a> hôtel<hotel> .<.>",
        "los<the> pájaros<birds> no<not> están<are> en<in> un<a> hotel<hotel> .<.>",
    ),
    (
        lambda: Clause("she", "be", adjective="old"),
        "she is old .",
        "elle<she> est<is> vieille<old> .<.>",
        "ella<she> es<is> vieja<old> .<.>",
    ),
    (
        lambda: Clause("he", "write", object=the("letter", of=a("woman"))),
        "he writes the letter of a woman .",
        "il<he> écrit<writes> la<the> lettre<letter> d'<of> une<a> femme<woman> .<.>",
        "él<he> escribe<writes> la<the> carta<letter> de<of> una<a> mujer<woman> .<.>",
    ),
    (
        lambda: Clause("they", "sign", object=the("treaty", "european")),
        "they sign the european treaty .",
        "ils<they> signent<sign> le<the> traité<treaty> européen<european> .<.>",
        "ellos<they> firman<sign> el<the> tratado<treaty> europeo<european> .<.>",
    ),
    (
        lambda: Clause(a("boy"), "have", object=the("car", of=many("man"))),
        "a boy has the car of the men .",
        "un<a> garçon<boy> a<has> la<the> voiture<car> des<of+the> hommes<men> .<.>",
        "un<a> niño<boy> tiene<has> el<the> coche<car> de<of> los<the> hombres<men> .<.>",
    ),
    (
        lambda: Clause("i", "read", object=the("book", of=the("man"))),
        "i read the book of the man .",
        "je<i> lis<read> le<the> livre<book> de<of> l'<the> homme<man> .<.>",
        "leo<i+read> el<the> libro<book> del<of+the> hombre<man> .<.>",
    ),
]


@pytest.mark.parametrize("language", ["french", "spanish"])
@pytest.mark.parametrize(("clause", "source", "fr", "es"), BY_HAND, ids=[x[1] for x in BY_HAND])
def test_sentences_by_hand(language, clause, source, fr, es):
    module, expected = {"french": (french, fr), "spanish": (spanish, es)}[language]
    shown = pair(clause(), module.translate)
    assert " ".join(shown.source) == source
    assert notation(shown) == expected


def test_links_are_places_and_not_just_equal_words():
    shown = french.SHOWN
    # the(0) agreement on the(3) european economic area(6) was(7) signed in august 1992 .
    assert sorted(shown.sure) == [
        (0, 0), (1, 1), (2, 2), (3, 3), (4, 6), (5, 5), (6, 4), (7, 7), (7, 8), (8, 9), (9, 10),
        (10, 11), (11, 12), (12, 13),
    ]  # fmt: skip
    assert shown.sure == shown.possible


# --- the whole lexicon ---------------------------------------------------------------------------

# English singular and plural; French with "the" and with "a"; Spanish with "the" and with "a"
NOUNS = """
man men | l' homme, les hommes, un homme | el hombre, los hombres, un hombre
woman women | la femme, les femmes, une femme | la mujer, las mujeres, una mujer
boy boys | le garçon, les garçons, un garçon | el niño, los niños, un niño
girl girls | la fille, les filles, une fille | la niña, las niñas, una niña
dog dogs | le chien, les chiens, un chien | el perro, los perros, un perro
cat cats | le chat, les chats, un chat | el gato, los gatos, un gato
bird birds | l' oiseau, les oiseaux, un oiseau | el pájaro, los pájaros, un pájaro
horse horses | le cheval, les chevaux, un cheval | el caballo, los caballos, un caballo
house houses | la maison, les maisons, une maison | la casa, las casas, una casa
car cars | la voiture, les voitures, une voiture | el coche, los coches, un coche
book books | le livre, les livres, un livre | el libro, los libros, un libro
letter letters | la lettre, les lettres, une lettre | la carta, las cartas, una carta
tree trees | l' arbre, les arbres, un arbre | el árbol, los árboles, un árbol
garden gardens | le jardin, les jardins, un jardin | el jardín, los jardines, un jardín
school schools | l' école, les écoles, une école | la escuela, las escuelas, una escuela
city cities | la ville, les villes, une ville | la ciudad, las ciudades, una ciudad
church churches | l' église, les églises, une église | la iglesia, las iglesias, una iglesia
hotel hotels | l' hôtel, les hôtels, un hôtel | el hotel, los hoteles, un hotel
area areas | la zone, les zones, une zone | la zona, las zonas, una zona
union unions | l' union, les unions, une union | la unión, las uniones, una unión
community communities | la communauté, les communautés, une communauté | la comunidad, las comunidades, una comunidad
market markets | le marché, les marchés, un marché | el mercado, los mercados, un mercado
agreement agreements | l' accord, les accords, un accord | el acuerdo, los acuerdos, un acuerdo
treaty treaties | le traité, les traités, un traité | el tratado, los tratados, un tratado
law laws | la loi, les lois, une loi | la ley, las leyes, una ley
report reports | le rapport, les rapports, un rapport | el informe, los informes, un informe
"""  # noqa: E501
# "is" and "are" with a masculine and a feminine noun, then a masculine noun with a vowel
ADJECTIVES = """
big | grand grands grande grandes grand | grande grandes grande grandes
small | petit petits petite petites petit | pequeño pequeños pequeña pequeñas
old | vieux vieux vieille vieilles vieil | viejo viejos vieja viejas
new | nouveau nouveaux nouvelle nouvelles nouvel | nuevo nuevos nueva nuevas
beautiful | beau beaux belle belles bel | hermoso hermosos hermosa hermosas
red | rouge rouges rouge rouges rouge | rojo rojos roja rojas
green | vert verts verte vertes vert | verde verdes verde verdes
black | noir noirs noire noires noir | negro negros negra negras
white | blanc blancs blanche blanches blanc | blanco blancos blanca blancas
rich | riche riches riche riches riche | rico ricos rica ricas
european | européen européens européenne européennes européen | europeo europeos europea europeas
economic | économique économiques économique économiques économique | económico económicos económica económicas
political | politique politiques politique politiques politique | político políticos política políticas
social | social sociaux sociale sociales social | social sociales social sociales
monetary | monétaire monétaires monétaire monétaires monétaire | monetario monetarios monetaria monetarias
"""  # noqa: E501
# I, he, we, they
VERBS = """
be | suis est sommes sont | estoy está estamos están
have | ai a avons ont | tengo tiene tenemos tienen
go | vais va allons vont | voy va vamos van
see | vois voit voyons voient | veo ve vemos ven
find | trouve trouve trouvons trouvent | encuentro encuentra encontramos encuentran
look | cherche cherche cherchons cherchent | busco busca buscamos buscan
love | aime aime aimons aiment | amo ama amamos aman
buy | achète achète achetons achètent | compro compra compramos compran
read | lis lit lisons lisent | leo lee leemos leen
write | écris écrit écrivons écrivent | escribo escribe escribimos escriben
sign | signe signe signons signent | firmo firma firmamos firman
"""


def table(text: str) -> dict[str, list[str]]:
    rows = [line.split(" | ") for line in text.strip().splitlines()]
    return {row[0]: row[1:] for row in rows}


NOUN_ROWS = {key.split()[0]: (key.split()[1], *rest) for key, rest in table(NOUNS).items()}
ADJECTIVE_ROWS, VERB_ROWS = table(ADJECTIVES), table(VERBS)
LANGUAGES = {"french": (french, 0), "spanish": (spanish, 1)}


def test_the_tables_are_whole():
    assert list(NOUN_ROWS) == list(lexicon.NOUNS)
    known = {adjective for noun in lexicon.NOUNS.values() for adjective in noun.adjectives}
    assert set(ADJECTIVE_ROWS) == known
    assert set(VERB_ROWS) == {*lexicon.VERBS, "be"}
    assert all(lexicon.NOUNS[noun].plural == row[0] for noun, row in NOUN_ROWS.items())


def words_of(clause, module):
    return list(pair(clause, module.translate).target)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_nouns_have_their_articles(language):
    module, column = LANGUAGES[language]
    for noun, row in NOUN_ROWS.items():
        forms = row[1 + column].split(", ")
        for phrase, form in zip((the(noun), many(noun), a(noun)), forms, strict=True):
            got = words_of(Clause(phrase, "be", adjective="big"), module)
            assert " ".join(got[:2]) == form


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_adjective_agrees_with_every_noun(language):
    for noun, adjective in product(NOUN_ROWS, ADJECTIVE_ROWS):
        check_agreement(language, noun, adjective)


def check_agreement(language, noun, adjective):
    module, column = LANGUAGES[language]
    singular, plural, indefinite = NOUN_ROWS[noun][1 + column].split(", ")
    feminine = indefinite.split()[0] in ("une", "una")
    forms = ADJECTIVE_ROWS[adjective][column].split()
    one, several = forms[2:4] if feminine else forms[:2]
    # as a predicate
    is_, are = {"french": ("est", "sont"), "spanish": ("es", "son")}[language]
    got = words_of(Clause(the(noun), "be", adjective=adjective), module)
    assert got == [*singular.split(), is_, one, "."]
    got = words_of(Clause(many(noun), "be", adjective=adjective), module)
    assert got == [*plural.split(), are, several, "."]
    # beside the noun
    before = ["big", "small", "old", "new", "beautiful"] if language == "french" else ["new"]
    vowel = indefinite.split()[1][0] in "aeiouéôh"
    if language == "french" and adjective in before and vowel and not feminine:
        one = forms[4]
    for phrase, article, name, form in (
        (a(noun, adjective), *indefinite.split(), one),
        (many(noun, adjective), *plural.split(), several),
    ):
        got = words_of(Clause(phrase, "be", adjective="big"), module)[:3]
        assert got == ([article, form, name] if adjective in before else [article, name, form])


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("verb", list(VERB_ROWS))
def test_verbs_in_every_person(language, verb):
    module, column = LANGUAGES[language]
    subjects = ("i", "he", "we", "they")
    thing = "house" if verb in ("be", "go") else "book"
    for subject, form in zip(subjects, VERB_ROWS[verb][column].split(), strict=True):
        assert form in words_of(Clause(subject, verb, object=the(thing)), module)
        negated = words_of(Clause(subject, verb, True, object=the(thing)), module)
        place = negated.index(form)
        assert negated[place - 1] in ("ne", "n'", "no")
        assert language == "spanish" or negated[place + 1] == "pas"
    for subject, same in (("she", "he"), (the("man"), "he"), (many("girl"), "they")):
        form = VERB_ROWS[verb][column].split()[subjects.index(same)]
        assert form in words_of(Clause(subject, verb, object=the(thing)), module)


def test_english_articles():
    shown = {"an": ("area", "agreement"), "a": ("union", "hotel", "house", "law")}
    for article, nouns in shown.items():
        for noun in nouns:
            assert english(Clause(a(noun), "be", adjective="new"))[0] == article
    for adjective, article in (("european", "a"), ("economic", "an"), ("old", "an"), ("red", "a")):
        assert english(Clause(a("law", adjective), "be", adjective="new"))[0] == article


# --- what is drawn -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn():
    dice = Dice(11)
    return [sentences.draw(dice) for _ in range(4000)]


VOWELS = "aàâeéèêiîoôuûh"


def test_french_sounds_right_everywhere(drawn):
    for clause in drawn:
        words = words_of(clause, french)
        for word, after in pairwise(words):
            if word in ("le", "la", "de", "ne", "je", "beau", "vieux", "nouveau"):
                assert after[0] not in VOWELS or word in ("beau", "vieux", "nouveau")
            if word in ("l'", "d'", "n'", "j'", "bel", "vieil", "nouvel"):
                assert after[0] in VOWELS, words
            assert (word, after) not in {("de", "le"), ("de", "les"), ("à", "le"), ("à", "les")}
        negations = sum(word in ("ne", "n'") for word in words)
        assert negations == words.count("pas") == clause.negated


def test_spanish_contracts_everywhere(drawn):
    for clause in drawn:
        words = words_of(clause, spanish)
        assert not {("de", "el"), ("a", "el")} & set(pairwise(words))
        assert words.count("no") == clause.negated
        assert words[0] not in ("yo", "nosotros")


def test_what_is_drawn_makes_sense(drawn):
    for clause in drawn:
        words = english(clause)
        assert 4 <= len(words) <= 14
        assert words[-1] == "."
        if clause.negated:
            assert "some" not in words[words.index("not") :]  # that would be "any"
            if clause.verb == "love":
                assert clause.object.article == "the"  # "n'aime pas de chien" is no French
        if isinstance(clause.subject, NounPhrase) and clause.object:
            assert clause.subject.noun != clause.object.noun
        phrases = [x for x in (clause.subject, clause.object) if isinstance(x, NounPhrase)]
        for phrase in phrases:
            assert (phrase.article, phrase.plural) not in {("a", True), ("some", False)}
            # "vieux garçon" and "vieille fille" are something else
            assert not (phrase.noun in ("boy", "girl") and "old" in phrase.adjectives)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_only_articles_prepositions_and_dates_come_from_nothing(drawn, language):
    module, _ = LANGUAGES[language]
    unaligned, used = set(), set()
    for clause in drawn:
        shown = pair(clause, module.translate)
        linked = {j for _, j in shown.sure}
        unaligned |= {word for j, word in enumerate(shown.target) if j not in linked}
        silent = set(range(len(shown.source))) - {i for i, _ in shown.sure}
        used |= {shown.source[i] for i in silent}
    assert unaligned == (set() if language == "french" else {"a", "de"})
    assert used == set()


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_sentence_to_show_is_new_but_all_of_it_is_known(language):
    corpus = load(language)
    shown = LANGUAGES[language][0].SHOWN
    train = {pair.source for pair in corpus.train}
    assert shown.source not in train
    assert set(shown.source) <= set(corpus.source_vocabulary)
    assert set(shown.target) <= set(corpus.target_vocabulary)
    phrase = ("european", "economic", "area")
    with_phrase = [s for s in train if any(s[i : i + 3] == phrase for i in range(len(s)))]
    assert len(with_phrase) >= 10
    assert not any(s[-3:] == shown.source[-3:] and s[1] == "agreement" for s in with_phrase)


def test_the_sentence_to_show_never_comes(monkeypatch):
    common = ("the", "law", "was", "signed", ".")
    assert common in {shown.source for shown in french.generate(4400, 0)}
    monkeypatch.setattr(sentences, "shown", lambda: Clause(the("law"), "sign", passive=True))
    assert common not in {shown.source for shown in french.generate(4400, 0)}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_word_is_too_rare_to_be_learned(language):
    corpus = load(language)
    for side, vocabulary in (
        ("source", corpus.source_vocabulary), ("target", corpus.target_vocabulary)
    ):  # fmt: skip
        texts = [set(getattr(pair, side)) for pair in corpus.train]
        rare = {w for w in vocabulary[4:] if sum(w in text for text in texts) < 5}
        assert not rare
