"""The generators' engine: dice that fall the same everywhere, English, and grammars."""

import math
from collections import Counter

import pytest

from lab.text.generators import english, play, recipes, trellis
from lab.text.generators.dice import Dice
from lab.text.generators.grammar import Grammar, parse, tidy


def test_dice_follow_the_documented_generator():
    # random.Random(0).random() is 0.8444218515250481, then 0.7579544029403025
    dice = Dice(0)
    assert [dice.below(1000), dice.below(10)] == [844, 7]
    assert dice.nats == pytest.approx(math.log(10_000))


def test_leaning_choices_prefer_the_front_and_count_their_surprise():
    dice, options = Dice(1), range(8)
    counts = Counter(dice.lean(options) for _ in range(8000))
    # position below k with probability (k / 8) ** (1 / 3): a half for the first
    assert counts[0] == pytest.approx(4000, rel=0.05)
    assert sorted(counts, key=counts.get, reverse=True)[:3] == [0, 1, 2]
    entropy = sum(-(n / 8000) * math.log(n / 8000) for n in counts.values())
    assert dice.nats / 8000 == pytest.approx(entropy, abs=0.02)


def test_some_takes_each_option_once():
    assert sorted(Dice(5).some("abcdef", 6)) == list("abcdef")
    assert len(set(Dice(5).some("abcdef", 3))) == 3


@pytest.mark.parametrize(
    ("word", "change", "expected"),
    [
        ("berry", english.plural, "berries"),
        ("key", english.plural, "keys"),
        ("fig bush", english.plural, "fig bushes"),
        ("packet of seeds", english.plural, "packets of seeds"),
        ("tomatoes", english.singular, "tomato"),
        ("radishes", english.singular, "radish"),
        ("carry", english.past, "carried"),
        ("look after", english.past, "looked after"),
        ("pot", english.past, "potted"),
        ("hide", english.participle, "hidden"),
        ("tie up", english.gerund, "tying up"),
        ("see", english.gerund, "seeing"),
        ("hour", english.with_article, "an hour"),
        ("useless key", english.with_article, "a useless key"),
        (49, english.roman, "XLIX"),
    ],
)
def test_english(word, change, expected):
    assert change(word) == expected


def test_verbs_and_pronouns_agree_with_the_last_subject():
    grammar = Grammar(Dice(0), {"verb": ("carry",)})
    template = "{it} {=be}, {=was} and {=verb}"
    assert grammar.expand(template) == "it is, was and carries"
    grammar.many = True
    assert grammar.expand(template) == "they are, were and carry"


def test_only_the_alternative_that_was_chosen_is_filled():
    filled = []

    class Counting(Grammar):
        def word(self, name):
            filled.append(name)
            return name

    assert Counting(Dice(0), {}).expand("{{a}|{b}|{c|{d}}}") in ("a", "b", "c", "d")
    assert len(filled) <= 1


@pytest.mark.parametrize("template", ["{open", "closed}", "{a|{b}"])
def test_unbalanced_templates_are_refused(template):
    with pytest.raises(ValueError, match="brace"):
        parse(template)


def test_sentences_are_tidied():
    assert tidy("the key  is gone . it was  here") == "The key is gone. It was here"


def test_stage_has_someone_left_to_talk_to():
    company = play.Play(Dice(2))
    company.stage = ["Oda", "Ash"]
    assert company._someone(but=("Oda",)) == "Ash"


def test_recipe_cooks_what_was_picked():
    recipe = recipes.Kitchen(Dice(1)).recipe("leeks")
    assert recipe.startswith("LEEK")
    assert " g of leeks" in recipe


def test_values_beyond_the_bound_are_refused():
    assert trellis.compute("*", 27, 37) == 999
    assert trellis.compute("min", 4, -3) == -3
    with pytest.raises(trellis.TooLarge):
        trellis.compute("*", -25, 40)


def test_expression_in_signs_and_in_words():
    node = (
        "both",
        "max",
        "{}",
        ("name", "moss"),
        ("both", "-", "()", ("number", 3), ("name", "dew")),
    )
    assert trellis.shown(node) == "{moss max (3 - dew)}"
    assert trellis.spoken(node) == "the larger of the moss and 3 less the dew"
    assert trellis.evaluate(node, {"moss": 2, "dew": -4}, {}) == 7
