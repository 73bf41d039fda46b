"""Pairs are split without leaks, survive being saved, and nothing damaged is taken for pairs."""

import json
import random

import numpy as np
import pytest
from safetensors.numpy import load, save

from lab.models.tokens import END, SPECIALS, UNKNOWN
from lab.seq2seq import Pair, PairCorpus, PairError, words


def pairs_of(count: int) -> list[Pair]:
    """Sentences "s0 the" ... with translations "die t0", the words crossing."""
    return [
        Pair((f"s{n}", "the"), ("die", f"t{n}"), frozenset({(0, 1)}), frozenset({(0, 1), (1, 0)}))
        for n in range(count)
    ]


@pytest.fixture
def corpus() -> PairCorpus:
    return PairCorpus.from_pairs("small", pairs_of(50), seed=3, remarks=["One line was cut."])


def test_a_tenth_is_held_out_and_nothing_is_lost(corpus):
    assert (len(corpus.train), len(corpus.held_out)) == (45, 5)
    assert set(corpus.train) | set(corpus.held_out) == set(pairs_of(50))
    assert PairCorpus.from_pairs("", pairs_of(50), held_out=7).held_out[6] in pairs_of(50)
    assert len(PairCorpus.from_pairs("", pairs_of(50), held_out=7).held_out) == 7


def test_the_seed_decides_what_is_held_out(corpus):
    again = PairCorpus.from_pairs("again", pairs_of(50), seed=3)
    other = PairCorpus.from_pairs("other", pairs_of(50), seed=4)
    assert again.held_out == corpus.held_out
    assert other.held_out != corpus.held_out


def test_sentences_with_two_translations_stay_together():
    pairs = [Pair((f"s{n % 20}",), (f"t{n}",)) for n in range(60)]
    corpus = PairCorpus.from_pairs("", pairs, held_out=0.2)
    assert len(corpus.held_out) == 12
    train = {pair.source for pair in corpus.train}
    assert not train & {pair.source for pair in corpus.held_out}


def test_pairs_of_a_group_stay_together_and_taught_ones_in_training():
    pairs = [Pair((f"{day}", form), (f"{day}",)) for day in range(30) for form in "abc"]
    taught = [pair.source for pair in pairs if int(pair.target[0]) < 25]
    corpus = PairCorpus.from_pairs(
        "", pairs, held_out=9, group=lambda pair: pair.target, taught=taught
    )
    assert len(corpus.held_out) == 9
    assert len({pair.target for pair in corpus.held_out}) == 3
    assert all(int(pair.target[0]) >= 25 for pair in corpus.held_out)


def test_the_vocabulary_comes_from_the_training_part_alone(corpus):
    assert corpus.source_vocabulary[:5] == (*SPECIALS, "the")  # the most frequent comes first
    assert len(corpus.source_vocabulary) == len(corpus.target_vocabulary) == 4 + 1 + 45
    unseen = corpus.held_out[0].source
    assert unseen[0] not in corpus.source_vocabulary
    assert corpus.encode_source(unseen) == [UNKNOWN, 4, END]
    assert corpus.encode_target(("die",)) == [4, END]


def test_a_vocabulary_can_be_cut_to_the_most_frequent_words():
    pairs = [Pair((f"s{n}", "often"), ("rarely",) * (n == 0) + ("often", "x")) for n in range(9)]
    corpus = PairCorpus.from_pairs("", pairs, vocabulary=2)
    assert corpus.source_vocabulary == (*SPECIALS, "often", corpus.source_vocabulary[5])
    assert corpus.target_vocabulary == (*SPECIALS, "often", "x")


def test_words_that_look_like_special_tokens_are_none():
    pairs = [Pair(("<s>", f"s{n}"), ("</s>",)) for n in range(10)]
    corpus = PairCorpus.from_pairs("", pairs)
    assert corpus.source_vocabulary.count("<s>") == 1
    assert corpus.encode_source(("<s>",)) == [UNKNOWN, END]
    assert PairCorpus.from_bytes(corpus.to_bytes()).train == corpus.train


def test_possible_links_contain_the_sure_ones():
    pair = Pair(("a", "b"), ("c",), frozenset({(0, 0)}), frozenset({(1, 0)}))
    assert pair.possible == {(0, 0), (1, 0)}


def test_too_few_pairs_are_refused():
    with pytest.raises(PairError, match="use more sentences"):
        PairCorpus.from_pairs("", [Pair(("same",), (f"t{n}",)) for n in range(30)])


def test_there_are_two_units():
    with pytest.raises(ValueError, match="no unit 'syllable'"):
        PairCorpus.from_pairs("", pairs_of(20), unit="syllable")


# --- sentences that somebody types ---------------------------------------------------------------


def test_typed_words_are_split_and_unknown_ones_named():
    source = [Pair(("the", "twenty", "one", f"s{n}"), ("x",)) for n in range(20)]
    corpus = PairCorpus.from_pairs("", source, taught=[pair.source for pair in source[:5]])
    assert corpus.split_source("The twenty-one  S0") == (("the", "twenty", "one", "s0"), [])
    assert corpus.split_source("a the, a") == (("a", "the", ",", "a"), ["a", ","])
    assert corpus.split_source(" ") == ((), [])


def test_typed_characters_are_taken_in_the_case_that_is_known():
    pairs = [Pair(tuple(f"May {n}"), tuple(f"{n}")) for n in range(10, 40)]
    corpus = PairCorpus.from_pairs("", pairs, "character")
    assert corpus.split_source("mAY 3x") == (tuple("May 3x"), ["x"])


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("L’accord d'août.", "l' accord d' août ."),
        ("Qu'est-ce que c'est?", "qu' est - ce que c' est ?"),
        ("aujourd'hui, don't", "aujourd'hui , don't"),
        ("10,000 or 3.5.", "10,000 or 3.5 ."),
        ("cafe\u0301 İstanbul", "café i\u0307stanbul"),
        ("हिन्दी में", "हिन्दी में"),
        ("\u202eabc\x00\ufeff d\ud800", "abc d"),
        ("...", ". . ."),
    ],
)
def test_words_are_split(line, tokens):
    assert words.split(line, "word") == tuple(tokens.split(" "))


def test_splitting_what_was_joined_gives_the_same_tokens():
    draw = random.Random(0)
    pieces = ["l'", "qu'", "accord", ".", ",", "don't", "'", "-", "3.5", "?", "été", "a", "1992"]
    for _ in range(2000):
        tokens = words.split(" ".join(draw.choices(pieces, k=8)), "word")
        assert words.split(words.join(tokens, "word"), "word") == tokens
    assert words.join(("l'", "accord", "de", "1992", "."), "word") == "l'accord de 1992."
    assert words.join(tuple("3 May"), "character") == "3 May"


# --- files ---------------------------------------------------------------------------------------


def test_saving_keeps_everything(corpus):
    again = PairCorpus.from_bytes(corpus.to_bytes())
    for field in (
        "name", "unit", "target_unit", "source_vocabulary", "target_vocabulary", "train",
        "held_out", "remarks", "digest",
    ):  # fmt: skip
        assert getattr(again, field) == getattr(corpus, field), field


def test_the_digest_is_of_the_data_alone(corpus):
    renamed = PairCorpus.from_pairs("renamed", pairs_of(50), seed=3)
    assert renamed.digest == corpus.digest
    assert len(corpus.digest) == 64
    pairs = pairs_of(50)
    pairs[7] = Pair(pairs[7].source, pairs[7].target, pairs[7].sure)  # a possible link less
    assert PairCorpus.from_pairs("", pairs, seed=3).digest != corpus.digest
    assert PairCorpus.from_pairs("", pairs_of(50), seed=4).digest != corpus.digest
    assert PairCorpus.from_pairs("", pairs_of(50), "character", seed=3).digest != corpus.digest


def test_bytes_are_small_integers(corpus):
    parts = load(corpus.to_bytes())
    assert {part.dtype for part in parts.values()} == {np.dtype(np.uint8)}
    assert len(parts["source"]) == 100


def test_anything_else_is_refused(corpus):
    data = corpus.to_bytes()
    other = save({"source": np.zeros(3, dtype=np.uint8)}, metadata={"format": '"else"'})
    for hostile in (b"", b"{}", b"\xff" * 100, data[:-1], data[:40], data + b"x", other):
        with pytest.raises(PairError, match="prepare it again"):
            PairCorpus.from_bytes(hostile)


def test_random_damage_is_refused_or_harmless(corpus):
    data, draw = corpus.to_bytes(), random.Random(1)
    for _ in range(300):
        damaged = bytearray(data)
        damaged[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        try:
            read = PairCorpus.from_bytes(bytes(damaged))
        except PairError:
            continue
        for pair in read.train + read.held_out:
            assert pair.source
            assert pair.target
            assert all(i < len(pair.source) and j < len(pair.target) for i, j in pair.possible)


def set_part(key, place, value):
    def change(about, parts):
        parts[key] = parts[key].astype(np.uint64)
        parts[key][place] = value

    return change


def set_about(key, value):
    def change(about, parts):
        about[key] = value

    return change


def cut_part(key):
    def change(about, parts):
        parts[key] = parts[key][:-1]

    return change


def signed(about, parts):
    parts["source"] = parts["source"].astype(np.int8)


def leak(about, parts):
    # the first held-out sentence becomes the first one of the training part
    parts["source"][90:92] = parts["source"][0:2]


@pytest.mark.parametrize(
    "change",
    [
        set_part("source", 0, 60),  # no such word
        set_part("source", 0, 2**64 - 1),
        set_part("source_lengths", 0, 0),
        set_part("source_lengths", 0, 2**63),
        set_part("target_lengths", 0, 3),
        set_part("sure", 0, 2),  # beyond the sentence
        set_part("possible", 1, 2**40),
        set_part("sure_counts", 0, 2),
        set_part("sure_counts", 0, 2**64 - 1),
        cut_part("target"),
        cut_part("sure"),
        cut_part("possible_counts"),
        signed,
        leak,
        set_about("train", 0),
        set_about("train", 50),
        set_about("train", True),
        set_about("unit", "syllable"),
        set_about("name", 3),
        set_about("remarks", "none"),
        set_about("source_vocabulary", ["the", "the"]),
        set_about("source_vocabulary", [1, 2]),
        set_about("target_vocabulary", []),
        set_about("source_others", {}),
        set_about("more", 1),
        set_about("format", "glasshouse-pairs-0"),
    ],
)
def test_every_field_is_distrusted(corpus, change):
    data = corpus.to_bytes()
    length = int.from_bytes(data[:8], "little")
    stored = json.loads(data[8 : 8 + length])["__metadata__"]
    about = {key: json.loads(value) for key, value in stored.items()}
    parts = {key: part.copy() for key, part in load(data).items()}

    def packed() -> bytes:
        metadata = {key: json.dumps(value) for key, value in about.items()}
        return save(parts, metadata=metadata)

    assert PairCorpus.from_bytes(packed()).digest == corpus.digest
    change(about, parts)
    with pytest.raises(PairError):
        PairCorpus.from_bytes(packed())
