"""Tags and verdicts: every word by a table of the test's own."""

import pytest

from lab.seq2seq import load
from lab.seq2seq.generators import lexicon, tags, verdicts

GOOD = {"good", "great", "funny", "clever", "lovely", "moving", "brilliant", "charming"}
BAD = {"bad", "boring", "awful", "stupid", "slow", "empty", "ugly", "noisy"}


def verdict(words):
    """Judge an opinion by its last clause."""
    last = words[len(words) - words[::-1].index("but") :] if "but" in words else words
    (judged,) = [word for word in last if word in GOOD | BAD]
    return "positive" if (judged in GOOD) != ("not" in last) else "negative"


def test_every_verdict_is_that_of_the_last_clause():
    corpus = load("verdicts", 2000)
    turned = 0
    for pair in corpus.train + corpus.held_out:
        assert pair.target == (verdict(list(pair.source)),)
        marked = {pair.source[i] for i, _ in pair.sure}
        assert len(marked & (GOOD | BAD)) == 1
        assert marked <= GOOD | BAD | {"not"}
        turned += "not" in marked
    assert 0.3 < turned / 2200 < 0.5
    share = sum(p.target == ("positive",) for p in corpus.train) / len(corpus.train)
    assert 0.4 < share < 0.6


def test_the_opinion_that_is_shown_is_read_backwards():
    assert verdict(verdicts.SHOWN.split()) == "negative"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("she does not look for the white cats .", "PRON AUX PART VERB ADP DET ADJ NOUN PUNCT"),
        (
            "old laws were signed in may 1990 .",
            "ADJ NOUN AUX VERB ADP PROPN NUM PUNCT",
        ),
        ("the boy goes to a school .", "DET NOUN VERB ADP DET NOUN PUNCT"),
    ],
)
def test_tags_by_hand(sentence, expected):
    made = tags.pair(tuple(sentence.split()))
    assert " ".join(made.target) == expected
    assert made.sure == {(i, i) for i in range(len(made.source))}


def test_no_word_has_two_tags():
    words = [*lexicon.MONTHS, *lexicon.YEARS, *lexicon.PRONOUNS, *lexicon.NOUNS]
    words += [noun.plural for noun in lexicon.NOUNS.values()]
    forms = {form for verb in lexicon.VERBS.values() for form in (verb.base, verb.third)}
    adjectives = {word for noun in lexicon.NOUNS.values() for word in noun.adjectives}
    assert len(set(words)) == len(words)
    assert not set(words) & forms
    assert not set(words) & adjectives
    assert not forms & adjectives
    known = set(load("tags", 2000).source_vocabulary[4:])
    assert known <= set(tags.TAGS)
