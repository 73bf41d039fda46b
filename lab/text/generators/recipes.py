"""Recipes whose method uses what the list of ingredients gave, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from lab.text.generators.dice import Dice
from lab.text.generators.english import listed, singular
from lab.text.generators.grammar import Grammar, tidy
from lab.text.generators.words import LEXICON, words

# A name that ends in "s" and is not in ONE is a plural: "slice them", "are soft".
PANTRY = {
    "vegetable": words("""
leeks, carrots, potatoes, onions, beans, peas, tomatoes, cabbages, parsnips, turnips, spinach,
celery, beetroots, kale, pumpkin, mushrooms, courgettes, peppers, fennel, shallots, radishes,
cucumbers, sorrel, swedes, chard, artichokes, asparagus, cauliflowers, marrows, broccoli,
sweetcorn, lettuces, aubergines, salsify, watercress
"""),
    "fruit": words("""
apples, plums, pears, rhubarb, cherries, gooseberries, raspberries, strawberries, blackcurrants,
blackberries, quinces, figs, damsons, redcurrants, apricots, peaches, oranges, grapes, mulberries,
elderberries, bilberries, greengages, medlars, melon, cranberries, nectarines
"""),
    "fat": words("butter, oil, olive oil, salted butter, margarine, walnut oil, cream"),
    "liquid": words("""
water, stock, milk, cider, buttermilk, apple juice, barley water, tomato juice, oat milk, whey
"""),
    "flour": words("""
flour, wheat flour, oatmeal, rye flour, semolina, barley flour, breadcrumbs, ground almonds,
cornflour
"""),
    "sweet": words("sugar, honey, brown sugar, treacle, golden syrup, maple syrup, white sugar"),
    "herb": words("""
parsley, thyme, mint, sage, basil, chives, dill, rosemary, tarragon, marjoram, chervil, lovage,
coriander, bay, winter savory
"""),
    "spice": words("""
pepper, nutmeg, ginger, cinnamon, cloves, mustard seeds, caraway, paprika, mace, allspice,
cardamom, saffron, turmeric, cumin, vanilla, juniper berries
"""),
    "nut": words("""
walnuts, raisins, almonds, hazelnuts, currants, sultanas, dates, poppy seeds, chestnuts, pine nuts
"""),
    "filling": words("""
cheese, rice, lentils, barley, chickpeas, curd, goat cheese, butter beans, millet, split peas
"""),
    "sour": words("vinegar, lemon juice, cider vinegar, white vinegar, verjuice, malt vinegar"),
}
ONE = frozenset({"asparagus", "watercress"})

# kind: least, most, step and unit of the amount
AMOUNTS = {
    "vegetable": (200, 900, 50, "g"), "fruit": (300, 1200, 50, "g"), "fat": (20, 150, 10, "g"),
    "liquid": (100, 900, 50, "ml"), "flour": (100, 500, 25, "g"), "sweet": (50, 600, 25, "g"),
    "nut": (30, 150, 10, "g"), "filling": (100, 400, 20, "g"), "sour": (50, 400, 50, "ml"),
    "herb": (1, 5, 1, "handful"), "spice": (1, 4, 1, "spoon"),
}  # fmt: skip

RULES = {
    "clean": ("wash", "scrub", "peel", "trim", "clean", "rinse"),
    "cut": ("slice", "chop", "dice", "shred", "grate", "quarter", "halve"),
    "cut_how": ("finely", "thinly", "roughly", "small", "as evenly as you can"),
    "pot": ("pan", "large pan", "iron pot", "copper pan", "deep dish", "wide pan", "saucepan"),
    "mould": ("dish", "tin", "round tin", "buttered tin", "shallow dish", "pie dish", "mould"),
    "soft": ("soft", "tender", "golden", "done", "clear", "brown at the edges", "hot through"),
    "heat": ("a low fire", "a gentle heat", "a brisk fire", "an open fire", "a good heat"),
    "serve": (
        "Serve with {bread|rice|cream|butter|a green salad|toast|cold milk|mustard|an omelette}.",
        "Serve {hot|cold|warm|at once|the next day|in deep bowls|to {number} guests}.",
        "Keeps for {number} {days|weeks}.",
        "{Better|Best} on the {second|third} day.",
        "{Enough for|Feeds} {number}.",
        "The {role} {taught me this|had three helpings|adds {herb}|would add {nut}|sent it back}.",
        "",
    ),
    "number": ("two", "three", "four", "five", "six", "eight", "ten"),
    "minutes": tuple(f"{5 * n} minutes" for n in range(1, 13)),
    "sweat": (
        "Melt {fat} in {a pot}, and cook {first} over {heat} until {it} {=be} {soft}.",
        "Warm {fat} in {a pot}. Add {first}, and {stir|cover} for {minutes}.",
        "Cook {first} in {fat} for {minutes}, or until {it} {=be} {soft}.",
        "Turn {first} in {fat} over {heat}; {it} {=be} ready when {it} {=be} {soft}.",
    ),
    "prepare": (
        "{clean} and {cut} {first}{| {cut_how}}.",
        "{cut} {first} {cut_how}.",
        "{clean} {first}, and {cut} {it_object}{| {cut_how}}.",
        "{clean} {first} if {it} {=be} {old|muddy|large|thick-skinned}, and {cut} {it_object}.",
        "{cut} {first}, but do not {clean} {it_object}.",
    ),
    "season": (
        "Season with {taste}.",
        "Add {taste}, and taste{| again}.",
        "{Stir in|Beat in|Add} {taste}.",
        "{Scatter|Sprinkle|Strew} {taste} on top.",
        "{Finish|Dress|Crown} {it_object} with {taste}.",
        "Throw in {taste} at the {end|last moment}.",
    ),
    "dough": (
        "Rub {fat} into {flour}, and work in {sweet}.",
        "Beat {fat} with {sweet}, and fold in {flour}.",
        "Mix {flour} with {sweet}, add {fat} and knead for {minutes}.",
        "Make a dough of {flour}, {sweet} and {fat}, and {rest|chill} it for {minutes}.",
    ),
    "bake": (
        "Bake for {minutes} in a {hot|moderate|slow|quick} oven.",
        "Bake {until {soft}|until the top is brown|until it smells right}, about {minutes}.",
        "{minutes} in the oven, then {minutes} to cool.",
    ),
    **{kind: PANTRY[kind] for kind in ("herb", "nut")},
    "role": LEXICON["role"],
}


@dataclass(frozen=True)
class Dish:
    """A kind of dish: its name, what it takes, and its method as templates.

    Args:
        name: what stands behind its main ingredients in the title.
        takes: slot -> kind of ingredient; "first" gives the dish its name.
        method: one template per step, with the slots of `takes`.
    """

    name: str
    takes: dict[str, str]
    method: tuple[str, ...]


_SAVOURY = {"first": "vegetable", "fat": "fat", "taste": "herb"}
_SWEET = {"first": "fruit", "fat": "fat", "flour": "flour", "sweet": "sweet", "taste": "spice"}

DISHES = (
    Dish("soup", {**_SAVOURY, "second": "vegetable", "wet": "liquid"},
         ("{prepare}", "{sweat}", "Add {second} and {wet}, and simmer for {minutes}.", "{season}")),
    Dish("broth", {**_SAVOURY, "wet": "liquid", "body": "filling"},
         ("{prepare}", "Bring {wet} to the boil with {body}, and cook for {minutes}.",
          "Add {first} and {fat}, and cook until {it} {=be} {soft}.", "{season}")),
    Dish("stew", {**_SAVOURY, "body": "filling", "wet": "liquid", "hot": "spice"},
         ("{prepare}", "{sweat}", "Add {body}, {wet} and {hot}, and leave for {minutes}.",
          "{season}")),
    Dish("pie", {**_SAVOURY, "flour": "flour", "body": "filling"},
         ("Rub {fat} into {flour} with a little cold water, and let the dough rest for {minutes}.",
          "{prepare}", "Line {a mould} with the dough, and fill it with {first} and {body}.",
          "{season}", "{bake}")),
    Dish("salad", {"first": "vegetable", "sour": "sour", "nut": "nut", "taste": "herb"},
         ("{prepare}", "Pour {sour} over {it_object}, and leave for {minutes}.",
          "Toast {nut} in a dry pan, and mix with {first}.", "{season}")),
    Dish("pickle", {"first": "vegetable", "sour": "sour", "sweet": "sweet", "taste": "spice"},
         ("{prepare}", "Boil {sour} with {sweet} and {taste} for {minutes}.",
          "Pack {first} into {number} jars, and pour the hot liquid over {it_object}.")),
    Dish("tart", _SWEET,
         ("{dough}", "Press the dough into {a mould}.", "{prepare}",
          "Lay {first} on the dough, and dust with {taste}.", "{bake}")),
    Dish("cake", {**_SWEET, "wet": "liquid", "nut": "nut"},
         ("{dough}", "Loosen the mixture with {wet}.", "{prepare}",
          "Fold in {first} and {nut}, with {taste}.", "{bake}")),
    Dish("crumble", _SWEET,
         ("{prepare}", "Put {first} into {a mould} with {taste}.", "{dough}",
          "Crumble this over {first}.", "{bake}")),
    Dish("jam", {"first": "fruit", "sweet": "sweet", "sour": "sour"},
         ("{prepare}", "Heat {first} with {sour} over {heat} until {it} {=be} {soft}.",
          "Stir in {sweet}, and boil for {minutes}. Fill {number} jars.")),
    Dish("chutney", {"first": "fruit", "second": "vegetable", "sour": "sour", "sweet": "sweet",
                     "taste": "spice"},
         ("{prepare}", "Boil {first} and {second} in {sour} for {minutes}.",
          "Add {sweet} and {taste}, and stir until thick.")),
    Dish("pudding", {"first": "fruit", "wet": "liquid", "body": "flour", "sweet": "sweet",
                     "taste": "spice"},
         ("Bring {wet} to the boil, and stir in {body} and {sweet}.", "{prepare}",
          "Put {first} at the bottom of {a mould}, pour the rest over {it_object} and steam for"
          " {minutes}.", "{season}")),
)  # fmt: skip


def is_plural(name: str) -> bool:
    """Whether an ingredient is a plural, as most vegetables and fruits are."""
    return name.endswith("s") and name not in ONE


class Kitchen(Grammar):
    """Writes recipes.

    Args:
        dice: where the choices come from.
    """

    def __init__(self, dice: Dice):
        super().__init__(dice, RULES, leaning=frozenset({"herb", "nut", "role"}))
        self.takes: dict[str, str] = {}

    def slot(self, name: str) -> str:
        """What stands in place of `{name}`: an ingredient of this recipe, else a rule."""
        if name in self.takes:
            if name == "first":
                self.many = is_plural(self.takes[name])
            return "the " + self.takes[name]
        return super().slot(name)

    def recipe(self, main: str | None = None) -> str:
        """A title, the ingredients with their amounts and total weight, and the method.

        Args:
            main: a vegetable or fruit to cook with, for instance the day's harvest.
        """
        dice = self.dice
        dishes = [dish for dish in DISHES if main is None or main in PANTRY[dish.takes["first"]]]
        dish = dice.pick(dishes)
        used = [main] if main else []
        self.takes = {}
        for slot, kind in dish.takes.items():
            if slot == "first" and main:
                self.takes[slot] = main
                continue
            choice = dice.lean([name for name in PANTRY[kind] if name not in used])
            self.takes[slot] = choice
            used.append(choice)
        named = [self.takes[slot] for slot in ("first", "second", "taste") if slot in self.takes]
        title = listed([singular(name) if is_plural(name) else name for name in named])
        self.many = is_plural(self.takes["first"])
        method = tidy(" ".join(self.expand(step) for step in (*dish.method, "{serve}")))
        return f"{title.upper()} {dish.name.upper()}\n{self._take(dish)}\n{method}\n"

    def _take(self, dish: Dish) -> str:
        """The amounts, and the sum of those in grams."""
        amounts, grams = [], 0
        for slot, kind in dish.takes.items():
            low, high, step, unit = AMOUNTS[kind]
            amount = self.dice.between(low, high, step)
            if unit == "g":
                grams += amount
            unit += "s" if amount > 1 and unit in ("handful", "spoon") else ""
            amounts.append(f"{amount} {unit} of {self.takes[slot]}")
        return f"Take {listed(amounts)}; on the scale {grams} g."
