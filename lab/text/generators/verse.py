"""Rhymed verse in iambic tetrameter: eight syllables, light and strong in turn.

Every list holds words of one shape, so that any filling of a line scans: n1, a1 and v1 are one
strong syllable ("moon", "old", "kept"), n2 and a2 a strong and a light one ("lantern", "quiet").
The last word of a line comes from a rhyme family and decides by its part of speech which lines
can carry it.
"""

from __future__ import annotations

from lab.text.generators.dice import Dice
from lab.text.generators.grammar import Grammar, tidy
from lab.text.generators.words import words

# Each line a rhyme family: its nouns; its adjectives; its verbs. All of one syllable.
RHYMES = tuple(
    tuple(words(part) for part in family.split(";"))
    for family in """
night, light, height, sight, flight, kite; bright, white, tight, right, slight; write, fight, bite
rain, lane, train, pane, chain, crane, grain, plain; plain, vain, sane; strain, drain
stone, bone, tone, throne, phone, loan; lone, prone; groan, moan, own
tree, sea, key, bee, knee, tea, plea; free; see, be, flee
door, floor, shore, oar, war, core; poor, sore, raw; pour, roar, soar
wall, hall, ball, shawl, fall, squall; small, tall; call, fall, crawl, sprawl
leaf, thief, grief, reef, sheaf, chief; brief;
clock, lock, rock, flock, frock, dock, sock; ; knock, mock
hill, mill, bill, drill, quill, chill; still, ill, shrill; spill, fill, thrill
bed, bread, thread, head, shed, sled; red, dead; spread, tread, wed
road, toad, load, code, ode; ; goad
fire, wire, choir, spire, lyre; dire; tire, hire
flower, tower, hour, shower, power; sour; cower, glower
ground, sound, hound, mound, pound; round, bound, crowned, drowned; sound
bell, shell, well, smell, spell, cell; ; tell, sell, dwell, yell, swell
book, brook, hook, cook, rook, nook; ; look
boat, coat, goat, note, throat, oat, moat; ; float, gloat
mice, ice, price, dice, spice, rice; nice; slice
moon, spoon, tune, noon, prune, dune; ; swoon
dew, shoe, view, clue, crew, queue; new, blue, true, few; rue, stew
pen, den, hen, wren, glen; ;
star, jar, car, scar, tar, bar; far; spar
sand, hand, band, land, strand; grand, bland; stand, brand
snow, bow, crow, toe, foe, glow; slow, low; grow, know, go, throw
day, bay, hay, clay, tray, way, play, ray; grey; stay, weigh, sway
year, ear, tear, spear, deer, pier; near, clear, dear, queer; steer, hear, fear
room, broom, plume, gloom, tomb, bloom, loom; ; bloom, fume
sky, pie, eye, lie; high, dry, shy, sly; fly, cry, try
heart, cart, chart, art, part, dart; smart; start, dart
name, flame, frame, game, claim; tame, lame, same; blame
ship, lip, trip, grip, tip, strip; ; slip, drip, skip
street, wheat, sleet, seat, sheet; sweet, neat; meet, greet, cheat
house, mouse, grouse, blouse; ; douse
line, vine, wine, pine, sign, mine, shrine; fine; shine, dine, pine
ring, king, string, wing, spring, swing; ; sing, bring, cling
ghost, coast, toast, post, host; most; boast
gate, plate, weight, slate, date, skate; late, great, straight; wait, hate
nail, snail, tale, whale, pail, sail; pale, stale, frail; fail, wail
bridge, ridge, fridge; ;
nest, west, guest, chest, quest; best, blessed; rest
lake, cake, rake, snake, drake, flake; ; wake, shake, bake, break
glass, grass, brass, class; ; pass
rose, nose, hose, prose, toes; close; doze, pose
thorn, corn, horn, morn, lawn; torn, worn; mourn, warn
cloud, crowd, shroud; loud, proud, bowed; crowd
moth, cloth, broth, froth; ;
frost, cost; lost, crossed, tossed;
seed, weed, reed, bead, deed; freed; heed, read, feed, plead
""".strip().splitlines()
)

WORDS = {
    "n1": words("""
moon, rose, fern, stove, pond, lamp, lake, rain, bird, wind, frost, moth, clock, ship, road, vine,
stone, leaf, bell, owl, lane, thorn, boat, cloud, door, pear, plum, chair, cat, path, gate, ghost,
king, cook, wren, snail, bridge, rope, hedge, nest, coat, fig, bench, lark, drum, wheel, spade,
crow, mist, palm, rake, wall, flute, ink, root, seed, spoon, tide, toad, thrush, barge, flame,
hinge
"""),
    "n2": words("""
garden, lantern, window, river, orchid, lemon, kettle, morning, shadow, ladder, winter, letter,
sparrow, candle, apple, basket, valley, ivy, thistle, feather, mirror, harbour, poppy, violet,
evening, water, summer, button, pocket, curtain, spider, walnut, bottle, hammer, blossom, thunder,
chimney, parcel, meadow, ribbon, swallow, lily, ferry, kitten, captain, baker, porter, singer,
stranger, cactus, tulip, pebble, whisper, ticket, trumpet, blanket, cuckoo, willow, saddle,
pepper, needle
"""),
    "a1": words("""
old, cold, bright, dark, green, deep, long, wild, lost, warm, small, thin, slow, soft, blue, red,
proud, sad, kind, pale, strange, wise, lean, late, glad, loud, faint, bare, brown, plain, grave,
true, damp
"""),
    "a2": words("""
quiet, silver, golden, empty, broken, patient, yellow, early, wooden, hollow, tender, bitter,
crooked, little, lonely, stubborn, frozen, sleepy, nameless, dusty, thirsty, gentle, merry,
ancient, careful, gloomy, hungry, sudden, restless, humble, crimson, drowsy, foolish, steady,
homeless, rusty
"""),
    "v1": words("""
kept, lost, found, saw, heard, drew, sold, left, took, held, knew, hid, met, shook, called, loved,
feared, praised, watched, chased, named, paid, crossed, moved, touched, warmed, asked, hushed
"""),
    "p1": words("""
kept, lost, found, seen, heard, drawn, sold, left, held, known, met, called, loved, feared,
praised, watched, chased, named, paid, crossed, moved, touched, warmed, asked, hushed, worn
"""),
    "v0": words("""
slept, lay, stood, sang, wept, sat, shone, grew, swung, knelt, fell, prayed, crept, danced,
leaned, burned, paused, sighed, died, snored, froze
"""),
    "v2": words("""
waits, sleeps, turns, sings, shines, learns, weeps, grows, leans, burns, stays, falls, dreams,
drifts, hides
"""),
    "near": words("beside, behind, beneath, above, before, among, against, around"),
    "may": words("will, may, can, must, might, should, could"),
}

# The last slot, {end}, is the rhyme. The three keys are parts of speech.
LINES = {
    "noun": """
The {a2} {n1} has {p1} the {end}
I {v1} the {n2} in the {end}
{a n2} {v0} {near} the {end}
And all the {n2.plural} of the {end}
For every {n1} I know the {end}
No {n2} ever {v1} the {end}
{near} the {a2}, {a2} {end}
Come, bring the {n2} to the {end}
The {n1} is {a1}, and {a1} the {end}
I asked the {n1} about the {end}
The {n1} that {v1} the {a2} {end}
My {n2} {may} forget the {end}
And {a1} and {a1} there {v0} the {end}
The {n1} that {v0} {near} the {end}
So leave the {n1} and take the {end}
Who {v1} the {n1} and {v1} the {end}
{a n1}, {a n2} and the {end}
Not {n1} nor {n2} {v1} the {end}
We {v1} the {n1}, we {v1} the {end}
The {n2} {may} become the {end}
{near} the {n2} and the {end}
With {n1} and {n1} I {v1} the {end}
""",
    "adjective": """
The {n2} of the {n1} is {end}
And every {n2} {may} be {end}
The {n1} was {a1}, the {n1} was {end}
I {v1} the {n1} both {a1} and {end}
My {n1} {may} be {a1} and {end}
How {a1} the {n1}, the {n2} {end}
The {a2} {n2} {v0} so {end}
I never {v1} the {n1} so {end}
They say the {a2} {n1} is {end}
When {n2} and when {n1} are {end}
""",
    "verb": """
And so the {n2} learns to {end}
I told the {a2} {n1} to {end}
When all the {n2.plural} start to {end}
Who taught the {n1} and {n1} to {end}
The {n1} {may} hear the {n2} {end}
The {n1} that {v2} {may} never {end}
And if the {n1} {may} never {end}
The {a2} {n1} {may} rise and {end}
Let every {n1} and {n2} {end}
I saw the {n1} and {n2} {end}
""",
}  # fmt: skip

PARTS = tuple(LINES)
LINE_RULES = {part: tuple(lines.strip().splitlines()) for part, lines in LINES.items()}
STOPS = {False: (",", ",", ",", ";"), True: (".", ".", ".", "!")}


class Verse(Grammar):
    """Writes verse; a scene may give it words to come back to.

    Args:
        dice: where the choices come from.
    """

    def __init__(self, dice: Dice):
        super().__init__(dice, WORDS, leaning=frozenset(WORDS))
        self.line: set[str] = set()  # words of the present line

    def word(self, name: str) -> str:
        """One entry of a list, none twice in a line."""
        word = super().word(name)
        while word in self.line:
            word = super().word(name)
        self.line.add(word)
        return word

    def poem(self, scheme: str) -> list[str]:
        """Lines that rhyme by the scheme, such as "aabb": equal letters, equal endings.

        Two lines that rhyme end on different words.
        """
        endings = {}
        for letter in sorted(set(scheme)):
            family = self.dice.pick(RHYMES)
            ends = [
                (part, word) for part, group in zip(PARTS, family, strict=True) for word in group
            ]
            endings[letter] = self._distinct(ends, scheme.count(letter))
        lines = []
        for i, letter in enumerate(scheme):
            part, word = endings[letter].pop()
            self.line = {word}
            line = self.expand(self.dice.pick(LINE_RULES[part]).replace("{end}", word))
            stop = "?" if line.startswith("Who") else self.dice.pick(STOPS[i + 1 == len(scheme)])
            lines.append(tidy(line) + stop)
        return lines

    def _distinct(self, ends: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
        """`count` endings with different words ("plain" is a noun and an adjective)."""
        found: dict[str, tuple[str, str]] = {}
        for end in self.dice.some(ends, len(ends)):
            found.setdefault(end[1], end)
        return list(found.values())[:count]
