"""The garden almanac: dated entries of a garden that is kept for years, with recipes.

Behind the entries stands a small world, and the text tells the truth about it: weekdays follow
the calendar, the moon grows a day older each day, it does not freeze in July, a bed has to be
sown before it is picked, the day's harvest is shared out without a remainder, the water tank and
the till begin where the last entry left them, and products and sums are right.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.text.generators.dice import Dice
from lab.text.generators.english import listed, with_particles
from lab.text.generators.grammar import Grammar
from lab.text.generators.recipes import PANTRY, Kitchen
from lab.text.generators.words import LEXICON, words

SEED = 1798

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WARMTH = (2, 3, 7, 11, 15, 18, 20, 19, 16, 11, 6, 3)  # degrees at noon, by month
MOON = 29  # days

TANK = 900  # litres

RULES = {
    **LEXICON,
    "flower": words("""
snowdrop, crocus, primrose, violet, bluebell, rose, poppy, foxglove, lupin, iris, aster, dahlia,
cyclamen, hellebore, sunflower, cowslip, lily, marigold, sweet pea, harebell, peony, heather
"""),
    "spot": (
        "by the {place}", "under the {place_adjective} {place}", "behind the {place}",
        "near the {place}", "at the {place_adjective} {place}", "in the {place}",
        "between the {place} and the {plant}", "on the way to the {place}",
    ),
    "who": (
        "the {role}", "the {person_adjective} {role}", "my neighbour", "our youngest", "a visitor",
        "{a person_adjective} {role}", "the {role}'s {cat|dog|pony|goat|parrot|sister|brother}",
    ),
    "what": (
        "the {thing}", "the {thing_adjective} {thing}", "{a thing}", "{a thing_adjective} {thing}",
        "{two|three|four|five|six} {thing.plural}",
    ),
    "garden_event": (
        "{a creature} {creature_does.past} {spot}",
        "{creature.plural} {in|under} the {plant}, {number} of them",
        "{the first|the last|a late|an early} {flower} {spot}",
        "{flower.plural} {spot}, {never so many|fewer than last year|all of them white|{number}}",
        "the {plant} {spot} is {plant_state}",
        "the {plant_adjective} {plant} {plant_does.past}",
        "the {weather} {weather_does.past} {{by_time}|}",
    ),
    "own_event": (
        "{saw|heard|met|fed} {a creature} {spot}",
        "{thing_verb.past} {what}{| {spot}}",
        "{plant_verb.past} the {plant_adjective} {plant.plural}{| {spot}}",
        "{alone_verb.past} {spot}",
        "lent the {thing} to {who}, who will {thing_verb} it {soon}",
        "{vegetable} for supper, with {herb} and {filling}",
        "swapped {what} for {number} {pounds|jars|sacks|baskets} of {fruit}",
        "{could not|did not|forgot to|tried to|had to} {thing_verb} the {thing}",
    ),
    "other_event": (
        "{who} {thing_verb.past} {what}",
        "{who} came for {vegetable} and stayed for {fruit}",
        "{who} {person_verb.past} {who} {spot}",
        "{who} asked the {role} for {fruit}, and got {vegetable}",
        "{who} says the {plant} {spot} is {plant_state}",
        "{who} {alone_verb.past} {adverb}",
        "{who} brought {what}, {number} {pears|eggs|buns|stamps} and {abstract}",
    ),
    "reason": (
        "{a creature} {creature_does.past} {spot}", "the {plant} {spot} was {plant_state}",
        "the {weather} {weather_does.past}", "the {thing} is {thing_state}",
    ),
    "event": ("{garden_event}", "{own_event}", "{own_event}", "{other_event}"),
    "note": (
        "{event}.",
        "{event}.",
        "{event}; {event}.",
        "{own_event}, and {own_event}.",
        "{by_time} {other_event}.",
        "{other_event} because {reason}.",
        "{to do|remember|soon}: {thing_verb} the {thing}, {plant_verb} the {plant.plural}.",
        "{dry|wet|cold|warm} {month}, {short|long|dear|good} {harvest|hay|corn}, says {who}.",
        "{event}. The {thing} is {thing_state}.",
    ),
    "number": ("two", "three", "four", "five", "six", "seven", "nine", "a dozen", "twenty"),
    **{kind: PANTRY[kind] for kind in ("vegetable", "fruit", "herb", "filling")},
    "month": MONTHS,
    "rain": ("rain", "showers", "drizzle", "thunder and rain", "heavy rain", "warm rain", "hail"),
    "dry": ("sun", "sun", "cloud", "haze", "a grey sky", "mist, then sun", "a clear sky"),
    "snow": ("snow", "sleet", "wet snow", "a little snow", "a foot of snow"),
    "frosty": ("frost", "hard frost", "ice on the pond", "white frost", "frozen pipes"),
    "part": ("", "", " before noon", " towards evening", " until noon", " at dawn", " all day"),
    "wind": words("north, east, west, south, north-west, south-west, north-east, south-east"),
    "force": ("a light wind", "wind", "a strong wind", "a breath", "half a gale", "gusts"),
    "work": words("weeded, thinned, watered, hoed, mulched, netted, staked, raked, dug round"),
    "store": words("kitchen, cellar, pickle jars, loft, larder, winter, seed drawer"),
}  # fmt: skip

LEANING = frozenset(
    words("thing, plant, place, thing_verb, plant_verb, thing_adjective, plant_adjective")
)


@dataclass
class Bed:
    """One of the garden's beds: what grows there, and how far it has come."""

    crop: str = ""
    age: int = 0  # days since it was sown
    picks: int = 0  # how often it will still be picked
    seen: bool = False  # whether an entry has said that it is up


class Almanac(Grammar):
    """Writes the almanac entry by entry.

    Args:
        dice: where the choices come from.
        beds: how many beds the garden has.
    """

    def __init__(self, dice: Dice, beds: int = 9):
        super().__init__(dice, RULES, leaning=LEANING)
        self.kitchen = Kitchen(dice)
        self.beds = [Bed() for _ in range(beds)]
        self.year, self.month, self.day, self.weekday, self.moon = 1, 2, 1, 3, 11
        self.heading = 0
        self.litres, self.pence = 420, 36
        self.wind = "west"
        self.warm = 0  # how far the day is from its month's usual warmth

    def next_day(self, days: int) -> None:
        """Let the calendar, the moon and the beds grow older."""
        self.weekday = (self.weekday + days) % 7
        self.moon = (self.moon + days) % MOON
        self.day += days
        if self.day > DAYS[self.month - 1]:
            self.day -= DAYS[self.month - 1]
            self.month = self.month % 12 + 1
            self.year += self.month == 1
        for bed in self.beds:
            bed.age += days

    def entry(self) -> str:
        """One entry: the sky, the beds, the harvest, the tank, the till, a note or two."""
        lines = []
        if self.heading != self.month:
            self.heading = self.month
            lines.append(f"{MONTHS[self.month - 1].upper()} of year {self.year}\n")
        lines += self._sky() + self._sow() + self._look()
        harvest = self._pick()
        if harvest:
            lines += self._share(*harvest)
        for _ in range(self.dice.between(2, 4)):
            lines.append(with_particles(self.sentence("{note}")))
        text = "\n".join(lines) + "\n"
        if self.dice.chance(0.3):
            text += "\n" + self.kitchen.recipe(harvest[0] if harvest else None)
        self.next_day(self.dice.between(1, 3))
        return text

    # -- the parts of an entry -------------------------------------------------------------

    def _sky(self) -> list[str]:
        """Date, moon, weather and tank: rain fills it, warmth empties it, frost spares it."""
        dice = self.dice
        self.warm = (self.warm + dice.between(-4, 4)) // 2
        degrees = WARMTH[self.month - 1] + self.warm
        wet = dice.chance(0.35)
        kind = ("snow" if degrees < 2 else "rain") if wet else ("frosty" if degrees < 1 else "dry")
        if dice.chance(0.4):
            self.wind = self.word("wind")
        used = min(self.litres, max(0, degrees + dice.between(0, 25)))
        caught = min(dice.between(5, 120) if wet else 0, TANK - self.litres + used)
        left = self.litres - used + caught
        date = f"{WEEKDAYS[self.weekday]} {self.day} {MONTHS[self.month - 1]}"
        moon = f"moon {_count(self.moon, 'day')} old" if self.moon else "new moon"
        wind = f"{self.word('force')} from the {self.wind}"
        sky = self.sentence(f"{{{kind}}}{{part}}, {wind}, {_count(degrees, 'degree')}.")
        rain = f" and {caught} of rain" if caught else ""
        tank = f"Tank: {self.litres} litres, less {used}{rain}: {left}."
        self.litres = left
        return [f"{date}, {moon}. {sky}", tank]

    def _sow(self) -> list[str]:
        """Something is sown in an empty bed, from March to September."""
        empty = [i for i, bed in enumerate(self.beds) if not bed.crop]
        if not empty or not 3 <= self.month <= 9 or not self.dice.chance(0.5):
            return []
        i = self.dice.pick(empty)
        grown = [bed.crop for bed in self.beds]
        crop = self.dice.lean([name for name in PANTRY["vegetable"] if name not in grown])
        self.beds[i] = Bed(crop, picks=self.dice.between(2, 6))
        rows, each = self.dice.between(2, 9), self.dice.between(6, 30)
        return [f"Sowed {crop} in bed {i + 1}, {rows} rows of {each}: {rows * each}."]

    def _look(self) -> list[str]:
        """What can be seen in one or two of the beds."""
        lines = []
        grown = [i for i, bed in enumerate(self.beds) if bed.crop and bed.age > 7]
        for i in sorted(self.dice.some(grown, self.dice.between(0, 2))):
            bed = self.beds[i]
            verb = ("is", "are")[bed.crop.endswith("s")]
            if not bed.seen:
                bed.seen = True
                lines.append(f"Bed {i + 1}: the {bed.crop} {verb} up after {bed.age} days.")
            elif bed.age < 45:
                hours, people = self.dice.between(2, 9), self.dice.between(2, 5)
                work = f"{self.word('work')} the {bed.crop}, {people} of us for {hours} hours"
                lines.append(f"Bed {i + 1}: {work}: {people * hours}.")
        return lines

    def _pick(self) -> tuple[str, int, int] | None:
        """The harvest of a ripe bed: crop, bed, how many; the last picking empties the bed."""
        ripe = [i for i, bed in enumerate(self.beds) if bed.crop and bed.seen and bed.age >= 45]
        if not ripe or not self.dice.chance(0.75):
            return None
        i = self.dice.pick(ripe)
        bed = self.beds[i]
        crop = bed.crop
        bed.picks -= 1
        if bed.picks == 0:
            self.beds[i] = Bed()
        return crop, i, self.dice.between(12, 60)

    def _share(self, crop: str, i: int, count: int) -> list[str]:
        """Who gets the harvest: the gate, the kitchen, someone; what the gate paid."""
        dice = self.dice
        sold = dice.between(2, count // 2)
        given = dice.between(1, count // 4)
        kept = count - sold - given
        over = "" if self.beds[i].crop else f"; bed {i + 1} is empty"
        price = dice.between(2, 9)
        before, self.pence = self.pence, self.pence + sold * price
        shares = listed(
            [
                f"{sold} for the gate",
                f"{kept} for the {self.word('store')}",
                f"{given} for {self.expand('{who}')}",
            ]
        )
        lines = [
            f"Picked {count} pounds of {crop} from bed {i + 1}: {shares}{over}.",
            f"Sold {sold} at {price} pence: {sold * price}. Till: {before} and {sold * price}"
            f" make {self.pence}.",
        ]
        if self.pence > 600:
            spent = dice.between(100, self.pence - 50)
            thing = self.expand("{a thing_adjective} {thing}")
            lines.append(f"Bought {thing} for {spent} pence. Till: {self.pence - spent}.")
            self.pence -= spent
        return lines


def _count(n: int, unit: str) -> str:
    return f"{n} {unit}" + ("" if n == 1 else "s")


def write(dice: Dice, characters: int = 480_000) -> str:
    """The almanac, in as many entries as it takes to reach this many characters.

    Args:
        dice: every choice; `Dice(SEED)` gives the project's text.
        characters: least length in characters; the last entry is finished.
    """
    almanac = Almanac(dice)
    entries, length = [], 0
    while length < characters:
        entries.append(almanac.entry())
        length += len(entries[-1]) + 1
    return "\n".join(entries)
