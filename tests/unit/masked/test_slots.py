"""Templates with lists, by hand."""

from __future__ import annotations

import pytest

from lab.masked.slots import SlotError, expand, neutral_rows, read, with_articles


def sentences(template: str) -> list[str]:
    return [row.sentence for row in expand(template)]


def test_every_value_meets_every_other_the_last_list_fastest():
    rows = expand("The {nurse, engineer ,nurse} was {tired,ill} and [MASK] left.")
    assert [row.name for row in rows] == [
        "nurse · tired",
        "nurse · ill",
        "engineer · tired",
        "engineer · ill",
    ]
    assert rows[3].sentence == "The engineer was ill and [MASK] left."
    (alone,) = expand("Paris is the capital of [MASK].")
    assert (alone.name, alone.values) == ("the sentence", ())


def test_articles_follow_the_next_letter():
    assert sentences("[MASK] is a(n) {nurse, engineer}.") == [
        "[MASK] is a nurse.",
        "[MASK] is an engineer.",
    ]
    assert with_articles("A(n) Old man and a(n)  owl; a(n)") == "An Old man and an  owl; a(n)"


def test_a_blank_may_be_in_a_list():
    assert sentences("{[MASK] and I, I and [MASK]} left.") == [
        "[MASK] and I left.",
        "I and [MASK] left.",
    ]


def test_the_neutral_word_takes_one_list_only():
    template = "The {nurse, engineer} was {tired, ill}, [MASK] said."
    found = [row.sentence for row in neutral_rows(template, "person", 0)]
    tired, ill = (f"The person was {how}, [MASK] said." for how in ("tired", "ill"))
    assert found == [tired, ill, tired, ill]
    assert neutral_rows(template, "so", 1)[1].sentence == "The nurse was so, [MASK] said."


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("The {nurse, engineer said [MASK].", "no closing brace"),
        ("The {nurse, {engineer} said [MASK].", "no closing brace"),
        ("The nurse} said [MASK].", "not opened"),
        ("The {} said [MASK].", "is empty"),
        ("The { , } said [MASK].", "is empty"),
        ("The {nurse,,doctor} said [MASK].", "two commas"),
        ("The {nurse, doctor} said so.", "There is no [MASK]"),
        ("{[MASK], nobody} said so.", "There is no [MASK]"),
        ("[MASK] and [MASK] said so.", "2 blanks"),
        ("[MASK] " + "x" * 9_000, "longer than 8,000"),
        ("[MASK] {a,b,c} {a,b,c} {a,b,c} {a,b,c} {a,b,c} {a,b,c}", "729 sentences"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(template, said):
    with pytest.raises(SlotError, match=r".+") as error:
        expand(template)
    assert said in str(error.value)


def test_a_neutral_word_must_be_one_and_have_a_list():
    for neutral, template in (("", "{a} [MASK]"), ("a,b", "{a} [MASK]"), ("person", "[MASK]")):
        with pytest.raises(SlotError):
            neutral_rows(template, neutral)
    with pytest.raises(SlotError):
        neutral_rows(read("{a} [MASK]"), "person", 1)
