"""Number words: names by hand, a reader that knows nothing of the writer, and what names what."""

import pytest

from lab.seq2seq import load
from lab.seq2seq.generators import numbers

BY_HAND = {
    # number: (name, the word for each digit)
    0: ("zero", "zero"),
    7: ("seven", "seven"),
    10: ("ten", "ten ten"),
    15: ("fifteen", "fifteen fifteen"),
    40: ("forty", "forty -"),
    42: ("forty two", "forty two"),
    100: ("one hundred", "one - -"),
    305: ("three hundred and five", "three - five"),
    612: ("six hundred and twelve", "six twelve twelve"),
    1000: ("one thousand", "one - - -"),
    1001: ("one thousand and one", "one - - one"),
    1100: ("one thousand one hundred", "one one - -"),
    20_013: ("twenty thousand and thirteen", "twenty - - thirteen thirteen"),
    90_400: ("ninety thousand four hundred", "ninety - four - -"),
    110_110: (
        "one hundred and ten thousand one hundred and ten",
        "one ten ten one ten ten",
    ),
    305_042: (
        "three hundred and five thousand and forty two",
        "three - five - forty two",
    ),
    999_999: (
        "nine hundred and ninety nine thousand nine hundred and ninety nine",
        "nine ninety nine nine ninety nine",
    ),
}


@pytest.mark.parametrize("number", BY_HAND)
def test_names_and_links_by_hand(number):
    pair = numbers.pair(number)
    name, origin = BY_HAND[number]
    assert " ".join(pair.source) == name
    assert "".join(pair.target) == str(number)
    linked = [[pair.source[i] for i, at in pair.sure if at == j] for j in range(len(pair.target))]
    assert linked == [[] if word == "-" else [word] for word in origin.split()]


def test_equal_words_are_told_apart():
    # nine(0) hundred and ninety(3) nine(4) thousand nine(6) hundred and ninety(9) nine(10)
    assert sorted(numbers.pair(999_999).sure) == [(0, 0), (3, 1), (4, 2), (6, 3), (9, 4), (10, 5)]


def read(name: tuple[str, ...]) -> int:
    """Add up a number's name."""
    ones = {word: value for value, word in enumerate(numbers.ONES)}
    tens = {word: 10 * value for value, word in enumerate(numbers.TENS, start=2)}
    total = part = 0
    for word in name:
        if word == "hundred":
            part *= 100
        elif word == "thousand":
            total, part = 1000 * part, 0
        elif word != "and":
            part += (ones | tens)[word]
    return total + part


def test_every_name_gives_its_number():
    corpus = load("numbers")
    for pair in corpus.train + corpus.held_out:
        assert str(read(pair.source)) == "".join(pair.target)
        # "and" as in Britain: before what follows hundreds, and before less than a hundred
        number = read(pair.source)
        wanted = sum(part >= 100 and part % 100 > 0 for part in divmod(number, 1000))
        wanted += number >= 1000 and 0 < number % 1000 < 100
        assert pair.source.count("and") == wanted


def test_every_digit_but_silent_zeros_has_one_word():
    for pair in load("numbers").train:
        linked = [j for _, j in pair.sure]
        assert len(linked) == len(set(linked))
        for j, digit in enumerate(pair.target):
            assert j in linked or digit == "0"


def test_short_and_long_numbers_both_occur():
    corpus = load("numbers")
    for part, least in ((corpus.train, 60), (corpus.held_out, 5)):
        lengths = [len(pair.target) for pair in part]
        assert all(lengths.count(digits) >= least for digits in range(2, 7))
    alone = {pair.source for pair in corpus.train if len(pair.source) == 1}
    assert alone == numbers.alone()


def test_there_are_only_so_many_numbers():
    for number in (-1, 1_000_000):
        with pytest.raises(ValueError, match="0 to 999,999"):
            numbers.pair(number)
