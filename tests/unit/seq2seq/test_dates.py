"""Dates: every format by hand, the calendar by another road, each digit's origin."""

import re
from datetime import date, datetime

import pytest

from lab.seq2seq import PairCorpus, load
from lab.seq2seq.generators import dates


@pytest.fixture(scope="module")
def corpus() -> PairCorpus:
    return load("dates")


def origins(pair) -> list[str]:
    """For each target character the source characters it is linked with, in order."""
    return [
        "".join(pair.source[i] for i in sorted(i for i, at in pair.sure if at == j))
        for j in range(len(pair.target))
    ]


BY_HAND = (
    # 3 May 1998 was a Sunday
    ("3 May 1998", "1 9 9 8 - May May - 3 3"),
    ("May 3, 1998", "1 9 9 8 - May May - 3 3"),
    ("3rd of May 1998", "1 9 9 8 - May May - 3 3"),
    ("the 3rd of May, 1998", "1 9 9 8 - May May - 3 3"),
    ("Sunday, 3 May 1998", "1 9 9 8 - May May - 3 3"),
    ("Sunday, May 3rd, 1998", "1 9 9 8 - May May - 3 3"),
    ("03/05/1998", "1 9 9 8 - 0 5 - 0 3"),
    ("3.5.1998", "1 9 9 8 - 5 5 - 3 3"),
    ("1998 May 3", "1 9 9 8 - May May - 3 3"),
    ("May 3, 1998", "1 9 9 8 - May May - 3 3"),
    ("03 May 1998", "1 9 9 8 - May May - 0 3"),
    ("3 May 98", "- - 9 8 - May May - 3 3"),
)


@pytest.mark.parametrize(("form", "expected"), list(zip(dates.FORMATS, BY_HAND, strict=True)))
def test_each_format_by_hand(form, expected):
    pair = dates.pair(date(1998, 5, 3), form)
    source, from_what = expected
    assert "".join(pair.source) == source
    assert "".join(pair.target) == "1998-05-03"
    assert origins(pair) == ["" if part == "-" else part for part in from_what.split()]


def test_long_months_and_two_digits_by_hand():
    pair = dates.pair(date(2024, 2, 29), "{Weekday}, {Month} {d}{th}, {y}")
    assert "".join(pair.source) == "Thursday, February 29th, 2024"
    assert origins(pair) == ["2", "0", "2", "4", "", "February", "February", "", "2", "9"]
    # not any 2 will do: the first digit of the year is character 25
    assert {i for i, j in pair.sure if j == 0} == {25}
    assert {i for i, j in pair.sure if j == 8} == {19}
    pair = dates.pair(date(2011, 11, 11), "{d}.{m}.{y}")
    assert "".join(pair.source) == "11.11.2011"
    assert sorted(pair.sure) == [
        (0, 8), (1, 9), (3, 5), (4, 6), (6, 0), (7, 1), (8, 2), (9, 3)
    ]  # fmt: skip
    pair = dates.pair(date(1999, 9, 9), "{dd} {Mon} {y}")
    assert "".join(pair.source) == "09 Sep 1999"


def test_ordinal_endings():
    shown = [f"{day}{dates.ending(day)}" for day in range(1, 32)]
    assert " ".join(shown) == (
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th "
        "20th 21st 22nd 23rd 24th 25th 26th 27th 28th 29th 30th 31st"
    )


def read(text: str) -> date:
    """Read a date back with the calendar of `datetime.strptime`, which knows none of our code."""
    text = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text).replace("the ", "").replace(" of ", " ")
    text = text.replace(",", "")
    for form in (
        "%d %B %Y", "%B %d %Y", "%A %d %B %Y", "%A %B %d %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y %B %d",
        "%b %d %Y", "%d %b %Y",
    ):  # fmt: skip
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if "%A" in form:
            assert found.strftime("%A") == text.split()[0]
        return found
    return datetime.strptime(text, "%d %B %y").date().replace(year=1900 + int(text[-2:]))


def test_every_pair_is_right(corpus):
    seen = set()
    for pair in corpus.train + corpus.held_out:
        day = read("".join(pair.source))
        assert "".join(pair.target) == day.isoformat()
        assert date(1900, 1, 1) <= day <= date(2049, 12, 31)
        seen.add(day)
    assert len(seen) == 11_000
    assert {day.year for day in seen} == set(range(1900, 2050))


def test_no_held_out_day_is_in_training_in_any_format(corpus):
    train = {pair.target for pair in corpus.train}
    assert len(corpus.held_out) == 1000
    assert not train & {pair.target for pair in corpus.held_out}
    assert tuple("1998-05-03") not in train


def test_digits_come_from_what_says_them(corpus):
    for pair in corpus.train[:2000]:
        for digit, origin in zip(pair.target, origins(pair), strict=True):
            if digit == "-":
                assert origin == ""
            elif origin.isdigit():
                assert origin == digit or (digit == "0" and len(origin) == 1)
            elif origin:
                assert origin in dates.MONTHS or origin in {m[:3] for m in dates.MONTHS}


def test_a_short_year_is_written_only_where_it_is_clear(corpus):
    short = [
        p
        for p in load("dates").train
        if re.search(r"^\d{1,2} [A-Z][a-z]+ \d\d$", "".join(p.source))
    ]
    assert 100 < len(short) < 1000
    assert {int("".join(pair.target[:4])) for pair in short} <= set(range(1950, 2000))
    assert all(origins(pair)[:2] == ["", ""] for pair in short)


def test_there_are_only_so_many_days():
    with pytest.raises(ValueError, match="only 54,786 days"):
        dates.generate(60_000, 0)
