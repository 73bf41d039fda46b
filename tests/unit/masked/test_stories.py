"""The two matched texts: alike but for pronouns, and free of the sentences that are asked."""

from __future__ import annotations

import re
from collections import Counter

from lab.masked.probes import TEMPLATES
from lab.masked.stories import COUNT, NEITHER, ONE_GROUP, OTHER_GROUP, stories
from lab.masked.vocabulary import WORDS

SHE, HE = {"she", "her", "herself"}, {"he", "his", "him", "himself"}


def words(sentence: str) -> list[str]:
    return re.findall("[a-z]+", sentence.lower())


def test_the_texts_differ_in_pronouns_alone():
    first, second = stories()
    assert len(first) == len(second) == COUNT
    assert len(set(first)) == len(set(second)) == COUNT
    for a, b in zip(first, second, strict=True):
        pairs = list(zip(words(a), words(b), strict=True))
        changed = [pair for pair in pairs if pair[0] != pair[1]]
        assert changed
        assert all((x in SHE and y in HE) or (x in HE and y in SHE) for x, y in changed)
        assert not (SHE | HE) & {x for x, y in pairs if x == y}


def test_each_occupation_has_one_pronoun_in_a_text():
    for text, of_one in zip(stories(), (SHE, HE), strict=True):
        of_other = HE if of_one is SHE else SHE
        counts = Counter()
        for sentence in text:
            found = set(words(sentence))
            (occupation,) = found & {*ONE_GROUP, *OTHER_GROUP}
            counts[occupation] += 1
            assert found & (SHE | HE) <= (of_one if occupation in ONE_GROUP else of_other)
            assert not found & set(NEITHER)
        assert min(counts.values()) >= 20


def test_no_sentence_is_one_that_is_asked():
    asked = [
        re.compile(re.escape(template).replace(r"\{\}", r"\w+").replace(r"\{a\}", "an?")
                   .replace(r"\[MASK\]", r"\w+").rstrip(r"\."), re.IGNORECASE)
        for template in TEMPLATES
    ]  # fmt: skip
    assert asked[0].match("The nurse said that she was tired.")
    assert not [s for text in stories() for s in text for one in asked if one.match(s)]
    assert not [s for text in stories() for s in text if " said " in s or "worked" in s]


def test_a_seed_is_a_text():
    assert stories() == stories()
    assert stories(seed=1)[0] != stories(seed=2)[0]


def test_the_occupations_are_kept_whole_by_the_vocabulary():
    listed = set(WORDS.read_text(encoding="utf-8").split())
    known = (WORDS.parent.parent / "masked" / "vocab.txt").read_text(encoding="utf-8").split()
    assert set(ONE_GROUP) | set(OTHER_GROUP) | set(NEITHER) <= listed | set(known)
