"""Text to ids and back, with symbols that the vocabulary lacks."""

import random

import numpy as np
import pytest

from lab.text import CharacterTokenizer, TextError, WordTokenizer, tokenizer_from_json
from lab.text.tokenizers import LONGEST_WORD, split_words


def test_characters_by_hand():
    tokenizer = CharacterTokenizer.fit("cab\n a")
    assert tokenizer.vocabulary == ["\n", " ", "a", "b", "c"]
    ids = tokenizer.encode("abc\n")
    assert ids.dtype == np.int64
    assert ids.tolist() == [2, 3, 4, 0]
    assert tokenizer.decode(ids) == "abc\n"
    assert tokenizer.tokens([2, 1, 0]) == ["a", "␣", "↵"]
    assert len(tokenizer) == 5


def test_any_characters_survive_the_way_there_and_back():
    rng = random.Random(0)
    text = "".join(chr(rng.randrange(0x110000)) for _ in range(3000))  # lone surrogates too
    tokenizer = CharacterTokenizer.fit(text, limit=10_000)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer_from_json(tokenizer.to_json()) == tokenizer


def test_unknown_characters_are_left_out_and_said():
    tokenizer = CharacterTokenizer.fit("abc")
    assert tokenizer.encode("aéb€é").tolist() == [0, 1]
    assert tokenizer.unknown("aéb€é") == ["é", "€"]
    assert tokenizer.unknown("cab") == []
    assert "<unk>" not in tokenizer.vocabulary


def test_too_many_characters_make_the_rarest_unknown():
    tokenizer = CharacterTokenizer.fit("aaabbbccd", limit=3)
    assert tokenizer.vocabulary == ["<unk>", "a", "b"]
    assert tokenizer.encode("adbx").tolist() == [1, 0, 2, 0]
    assert tokenizer.unknown("adbx") == ["d", "x"]
    assert tokenizer.tokens([0]) == ["<unk>"]
    assert tokenizer.decode([1, 0]) == "a\ufffd"


def test_every_token_leaves_a_mark_on_the_page():
    text = " \n\t\u00a0\u200b\u0301\x00é"
    tokenizer = CharacterTokenizer(list(text))
    names = tokenizer.tokens(range(len(text)))
    assert names == ["␣", "↵", "⇥", "U+00A0", "U+200B", "\u25cc\u0301", "U+0000", "é"]


def test_words_by_hand():
    text = "the cat, the dog.\nthe end"
    assert split_words(text) == ["the", "cat", "￭,", "the", "dog", "￭.", "\n", "the", "end"]
    tokenizer = WordTokenizer.fit(text)
    assert tokenizer.vocabulary[:2] == ["<unk>", "the"]  # by frequency, then alphabetical
    assert tokenizer.vocabulary[2:] == ["\n", "cat", "dog", "end", "￭,", "￭."]
    assert tokenizer.tokens(tokenizer.encode(text)) == [
        "the",
        "cat",
        ",",
        "the",
        "dog",
        ".",
        "↵",
        "the",
        "end",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "the cat, the dog.\nthe end",
        'He said: "don\'t (ever) do that -- not even once!" and left.',
        "'Tis the tailors' [first] well-known 3.14 50% a/b #tag e-mail@home.org",
        "\n\nBAPTISTA:\nGood morrow, neighbour.\n\nGREMIO:\nO'er the hills...\n",
        "« Où est-elle ? » L'été, ça va ; c'est l'œuf — 5 €.",
        "नमस्ते दुनिया। फिर",
        "我是猫。还没有名字,在 Nice 出生。",
        "שלום עולם! مرحبا، كيف الحال؟",
        "naïve 👩\u200d🚀 rocket →",
        "if x[0] == {'a': 1}: return -1",
        "￭ a￭b ￭￭ c",
        "x" * 500,
    ],
)
def test_known_words_are_decoded_to_the_same_text(text):
    tokenizer = WordTokenizer.fit(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert all(name.strip() for name in tokenizer.tokens(range(len(tokenizer))))


def test_any_text_with_single_spaces_is_decoded_to_itself():
    rng = random.Random(0)
    for _ in range(500):
        text = "".join(rng.choice("aB9é'’,.\"([-￭我\n ") for _ in range(40))
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n".join(lines)
        # Between two Chinese signs, and around joiners typed by hand, spaces are not kept.
        if "我 我" in text or "￭" in text or not text.strip():
            continue
        tokenizer = WordTokenizer.fit(text)
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_white_space_becomes_one_space():
    tokenizer = WordTokenizer.fit("a  b\t c \n  d")
    assert tokenizer.decode(tokenizer.encode("a  b\t c \n  d")) == "a b c\nd"


def test_a_quotation_mark_that_opens_is_not_the_one_that_closes():
    tokenizer = WordTokenizer.fit('a "b" c')
    assert len(set(tokenizer.encode('a "b" c').tolist())) == 5
    assert tokenizer.tokens(tokenizer.encode('a "b" c')) == ["a", '"￭', "b", '￭"', "c"]


def test_the_vocabulary_is_capped_by_frequency():
    words = [f"w{number}" for number in range(20_000)]
    text = " ".join(words + words[5000:5100])
    tokenizer = WordTokenizer.fit(text)
    assert len(tokenizer) == 8_000
    assert set(words[5000:5100]) == set(tokenizer.vocabulary[1:101])
    assert tokenizer.decode(tokenizer.encode("w5000 w77777, w5001")) == "w5000 <unk> <unk> w5001"
    assert tokenizer.unknown("w5000 w77777, w77777") == ["w77777", ","]


def test_an_endless_word_is_cut():
    pieces = split_words("x" * (3 * LONGEST_WORD))
    assert [len(piece.strip("￭")) for piece in pieces] == [LONGEST_WORD] * 3


@pytest.mark.parametrize("kind", [CharacterTokenizer, WordTokenizer])
def test_empty_input(kind):
    tokenizer = kind.fit("one two")
    empty = tokenizer.encode("")
    assert empty.shape == (0,)
    assert empty.dtype == np.int64
    assert tokenizer.decode(empty) == ""
    assert tokenizer.tokens([]) == tokenizer.unknown("") == []
    with pytest.raises(TextError):
        kind.fit("")


@pytest.mark.parametrize("kind", [CharacterTokenizer, WordTokenizer])
@pytest.mark.parametrize("ids", [[-1], [99], np.array([0, 99])])
def test_ids_outside_the_vocabulary_are_refused(kind, ids):
    tokenizer = kind.fit("one two")
    with pytest.raises(ValueError, match="between 0 and"):
        tokenizer.decode(ids)


def test_json_keeps_kind_and_vocabulary():
    for kind in (CharacterTokenizer, WordTokenizer):
        tokenizer = kind.fit('Où "va" l\'été ?\n')
        assert kind.from_json(tokenizer.to_json()) == tokenizer
        assert hash(tokenizer_from_json(tokenizer.to_json())) == hash(tokenizer)
    with pytest.raises(TextError, match="word tokenizer, not a character"):
        CharacterTokenizer.from_json(WordTokenizer.fit("a b").to_json())


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "{", '{"kind": "character"}', '{"kind": "bytes", "vocabulary": ["a"]}'),
        '{"kind": "character", "vocabulary": "abc"}',
        '{"kind": "character", "vocabulary": [1, 2]}',
        '{"kind": "character", "vocabulary": []}',
        '{"kind": "character", "vocabulary": ["a", "a"]}',
        '{"kind": "character", "vocabulary": ["ab"]}',
        '{"kind": "word", "vocabulary": ["no unknown token"]}',
        '{"kind": ["word"], "vocabulary": ["<unk>"]}',
        "[" * 100_000,
    ],
)
def test_broken_descriptions_are_refused(text):
    with pytest.raises(TextError):
        tokenizer_from_json(text)
