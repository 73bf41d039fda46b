"""Files of pairs: what is read, what is left out, and what each fault says."""

import random
from pathlib import Path

import pytest

from lab.seq2seq import PairCorpus, PairError, read_pairs

TEXT = Path(__file__).parents[4] / "shared" / "data" / "text"
LINES = [f"The cat {n} sleeps.\tLe chat {n} dort." for n in range(30)]


def read(lines, gold=None, **more) -> PairCorpus:
    gold = None if gold is None else "".join(f"{line}\n" for line in gold).encode()
    return read_pairs("".join(f"{line}\n" for line in lines).encode(), "mine", gold=gold, **more)


def found(corpus) -> dict:
    return {pair.source: pair for pair in corpus.train + corpus.held_out}


def test_tabs_separate_and_a_third_column_is_ignored():
    lines = [*LINES, "Go!\tVa l’été, s'il te plaît !\tCC-BY 2.0 (France) #1 & #2\tmore", "", "  "]
    corpus = read(lines)
    pairs = found(corpus)
    assert len(pairs) == 31
    assert (corpus.name, corpus.unit, corpus.target_unit) == ("mine", "word", "word")
    assert pairs["the", "cat", "3", "sleeps", "."].target == ("le", "chat", "3", "dort", ".")
    expected = ("va", "l'", "été", ",", "s'", "il", "te", "plaît", "!")
    assert pairs["go", "!"].target == expected
    assert (len(corpus.train), len(corpus.held_out)) == (28, 3)
    assert corpus.remarks == ()


def test_three_bars_separate_too():
    pairs = found(read([*LINES, "a b ||| c d ||| comment"]))
    assert pairs["a", "b"].target == ("c", "d")


def test_characters_keep_their_case():
    corpus = read(LINES, unit="character")
    assert corpus.unit == corpus.target_unit == "character"
    assert tuple("The cat 3 sleeps.") in found(corpus)


def test_line_ends_of_all_systems_and_marks_at_the_beginning():
    for end in ("\r\n", "\n", "\r"):
        data = b"\xef\xbb\xbf" + end.join(LINES).encode() + end.encode()
        assert set(found(read_pairs(data, ""))) == set(found(read(LINES)))
    # a line separator inside a sentence is no end of a line
    assert ("a", "b") in found(read([*LINES, "a\u2028b\tc"]))


def test_other_encodings_are_recognised():
    data = "\n".join(f"word {n}\tété {n}" for n in range(30)).encode("utf-16")
    assert found(read_pairs(data, ""))["word", "3"].target == ("été", "3")


def test_long_pairs_are_left_out_and_counted():
    lines = [*LINES, "a " * 81 + "\tb", "a\t" + "b " * 81, "x" * 101 + "\tb", "a " * 80 + "\tb"]
    corpus = read([*lines, "y " * 100_000 + "\tb"])
    assert len(found(corpus)) == 31
    assert corpus.remarks == ("Left out because a side is longer than 80 words: 4 pairs.",)


def test_the_first_twenty_thousand_pairs_are_kept():
    corpus = read([f"{n % 700} a {n // 700}\tb" for n in range(20_011)])
    assert len(corpus.train) + len(corpus.held_out) == 20_000
    assert corpus.remarks == ("Left out because 20,000 pairs are the limit: the last 11 pairs.",)


def test_rare_words_are_unknown_and_counted():
    corpus = read([f"often w{n} v{n}\tb" for n in range(5000)])
    assert len(corpus.source_vocabulary) == 8004
    # 4,500 training pairs with two words of their own, and "often"
    assert corpus.remarks == (
        "Of the 9,001 words on the source side only the 8,000 most frequent are known; the other "
        "1,001 count as unknown.",
    )
    assert PairCorpus.from_bytes(corpus.to_bytes()).remarks == corpus.remarks


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*LINES, "no tab here"], "Line 31 has no tab and no |||"),
        ([*LINES[:4], "", "", "no tab", *LINES], "Line 7 has no tab"),
        ([*LINES, "\tb"], "Line 31 has no source sentence"),
        ([*LINES, "a\t "], "Line 31 has no translation"),
        ([*LINES, "a ||| "], "Line 31 has no translation"),
        ([*LINES, "a\t\u200e"], "Line 31 has no translation"),
        (LINES[:19], "has 19 pairs that can be used, and at least 20"),
        (["a " * 90 + "\tb"] * 30, "has 0 pairs .* at most 80 words"),
        ([], "is empty"),
        (["", " ", ""], "has 0 pairs"),
        (["same\tthing"] * 40, "cannot be split"),
    ],
)
def test_faults_are_named_with_their_line(lines, message):
    with pytest.raises(PairError, match=message) as error:
        read(lines)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a PNG image"),
        (b"PK\x03\x04" + b"x" * 100, "a ZIP archive"),
        (bytes(range(256)) * 50, "not|no text"),
        (b"a\tb\n" * 2_600_000, "the limit is 10 MB"),
    ],
)
def test_what_is_no_text_is_refused(data, message):
    with pytest.raises(PairError, match=message):
        read_pairs(data, "")


def test_noise_never_brings_another_error():
    draw = random.Random(0)
    good = "\n".join(LINES).encode()
    for _ in range(150):
        noise = draw.randbytes(draw.randrange(1, 300))
        cut = draw.randrange(len(good))
        for data in (noise, good[:cut] + noise, good[:cut] + noise + good[cut:]):
            try:
                read_pairs(data, "")
                read_pairs(good, "", gold=data)
            except PairError as error:
                assert len(str(error)) > 20  # noqa: PT017


def test_there_are_two_units():
    with pytest.raises(ValueError, match="no unit 'line'"):
        read(LINES, unit="line")


# --- with a gold alignment -----------------------------------------------------------------------

GOLD = ["1-1 2-2 3p3 4-4"] * 30


def test_a_gold_alignment_is_counted_from_one():
    lines = [*LINES, "A b  c ||| D e", "not aligned\tpas aligné"]
    pairs = found(read(lines, [*GOLD, "3-1  1p2 2p2", ""]))
    assert pairs["a", "b", "c"].sure == {(2, 0)}
    assert pairs["a", "b", "c"].possible == {(2, 0), (0, 1), (1, 1)}
    assert pairs["not", "aligned"].possible == frozenset()
    # words are what spaces separate, or the indices would be wrong
    assert pairs["the", "cat", "3", "sleeps."].target == ("le", "chat", "3", "dort.")
    assert pairs["the", "cat", "3", "sleeps."].possible == {(0, 0), (1, 1), (2, 2), (3, 3)}


def test_left_out_pairs_take_their_gold_along():
    lines = ["a " * 81 + "\tb", "", *LINES]
    corpus = read(lines, ["81-1", "", *GOLD])
    assert all(len(pair.sure) == 3 for pair in corpus.train + corpus.held_out)


def test_empty_lines_at_the_end_do_not_count():
    assert len(found(read([*LINES, "", ""], [*GOLD, "", "", "", ""]))) == 30
    assert len(found(read([*LINES, "a b\tc"], [*GOLD, "", ""]))) == 31


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        (GOLD[:29], "has 29 lines and the pairs have 30"),
        ([*GOLD, "1-1"], "has 31 lines and the pairs have 30"),
        ([*GOLD[:6], "1:1", *GOLD[7:]], "Line 7 of the gold alignment has '1:1'"),
        ([*GOLD[:6], "1-1 5-1", *GOLD[7:]], "Line 7 .* has 5-1, but .* 4 and 4 words"),
        ([*GOLD[:6], "1p5", *GOLD[7:]], "Line 7 .* has 1p5"),
        ([*GOLD[:6], "0-1", *GOLD[7:]], "has 0-1, .* count from 1"),
        ([*GOLD[:6], "-1-1", *GOLD[7:]], "has '-1-1', which is no link"),
        ([*GOLD[:6], "1-" + "9" * 5000, *GOLD[7:]], "which is no link"),
        ([*GOLD[:6], "²-1", *GOLD[7:]], "which is no link"),
        ([" "] * 30, "has no link in it"),
        ([], "Gold alignment: This file is empty"),
    ],
)
def test_faults_of_the_gold_are_named(gold, message):
    with pytest.raises(PairError, match=message):
        read(LINES, gold)


def test_characters_cannot_have_gold():
    with pytest.raises(PairError, match="counts words"):
        read(LINES, GOLD, unit="character")


@pytest.mark.skipif(not TEXT.exists(), reason="shared/data is not here")
def test_real_files():
    folder = TEXT / "align"
    for name, size in (("enfr", 447), ("roen", 246)):
        corpus = read_pairs(
            (folder / f"{name}.src-tgt").read_bytes(),
            name,
            gold=(folder / f"{name}.gold").read_bytes(),
        )
        assert len(corpus.train) + len(corpus.held_out) == size
        assert all(pair.possible for pair in corpus.train)
    corpus = read_pairs((TEXT / "tatoeba_eng-fra.tsv").read_bytes(), "Tatoeba")
    assert len(corpus.train) + len(corpus.held_out) == 5000
    train = {pair.source for pair in corpus.train}
    assert not train & {pair.source for pair in corpus.held_out}
