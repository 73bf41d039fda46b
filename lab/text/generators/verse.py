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

# nouns; adjectives; verbs
RHYMES = tuple(
    tuple(words(part) for part in family.split(";"))
    for family in """
night, light, height, sight, flight, knight, kite; bright, white, tight, right, slight; write, fight
rain, lane, train, pane, chain, crane, grain, plain; plain, vain, sane; explain, complain, remain
stone, bone, tone, throne, phone; alone, unknown, grown; groan, moan, own
tree, sea, key, bee, knee, tea, plea; free; see, be, agree, flee
door, floor, shore, oar, war, core; poor, sore, raw; pour, roar, ignore, explore
wall, hall, ball, shawl, fall; small, tall; call, fall, crawl
leaf, thief, grief, reef, sheaf, chief; brief; grieve not
clock, lock, rock, flock, frock, dock, sock; ; knock, mock, unlock
hill, mill, bill, drill, will, quill; still, ill, shrill; spill, fill, until
bed, bread, thread, head, shed, sled; red, dead, fed, wed; spread, tread
road, toad, load, code, ode; owed, sowed; explode
fire, wire, choir, spire, lyre; dire; tire, retire, inquire, admire
flower, tower, hour, shower, power; sour; devour, cower
ground, sound, hound, mound, pound; round, bound, drowned, found; astound, surround
bell, shell, well, smell, spell, cell; ; tell, sell, dwell, yell
book, brook, hook, cook, rook, nook; ; look, took, mistook
boat, coat, goat, note, throat, oat, moat; ; float, gloat, devote
mice, ice, price, dice, spice, rice; nice, twice; slice, entice
moon, spoon, tune, June, noon, balloon, lagoon; ; swoon
dew, shoe, view, clue, crew, queue; new, blue, true, few; knew, grew, pursue
wind again, pen, den, hen, wren, men; ; condemn
star, jar, car, guitar, scar, tar; far, ajar; spar
sand, hand, band, land, stand; grand, bland; stand, understand, command
snow, bow, crow, toe, foe; slow, low; grow, know, go, throw, forego
day, bay, hay, clay, tray, way, play; grey, gay; stay, obey, weigh, betray
year, ear, tear, spear, deer, pier; near, clear, dear, queer, severe; appear, hear, steer
room, broom, plume, gloom, tomb, bloom, loom; ; resume, consume, assume
sky, pie, eye, thigh, lie; high, dry, shy, sly; fly, cry, reply, deny
heart, cart, chart, art, part; smart, apart; start, depart
name, flame, frame, game, fame, claim; tame, lame, same; blame, became
ship, whip, lip, trip, grip, tip; ; slip, drip, skip
street, feet, wheat, sleet, seat; sweet, neat, complete, discreet; meet, greet, repeat, retreat
house, mouse, grouse, blouse; ; douse, rouse
line, vine, wine, pine, sign, mine, shrine; fine, divine; shine, dine, decline
wood, hood, good; good; stood, withstood, understood
cup, pup; grown up, shut up, sewn up; give up, wake up, dry up
ring, king, string, wing, spring, swing; ; sing, bring, cling
ghost, coast, toast, post, host; most; boast
gate, plate, weight, slate, date, skate; late, great, straight, sedate; wait, hate, relate, create
nail, snail, tale, whale, pail, sail; pale, stale, frail; fail, prevail, exhale
""".strip().splitlines()
)

WORDS = {
    "n1": words("""
moon, rose, fern, stove, glass, pond, lamp, lake, rain, bird, wind, frost, moth, clock, ship, road,
vine, stone, leaf, bell, owl, lane, thorn, boat, cloud, door, pear, plum, chair, cat, path, gate, ghost,
king, cook, wren, snail, bridge, rope, hedge, nest, coat, fig, bench, lark, drum, wheel, spade, crow,
mist, palm, rake, wall, flute, ink, root, seed, spoon, tide, toad, thrush, barge, flame, hinge
"""),
    "n2": words("""
garden, lantern, window, river, orchid, lemon, kettle, morning, shadow, ladder, winter, letter,
sparrow, candle, apple, basket, silence, valley, ivy, thistle, feather, mirror, harbour, poppy, violet,
evening, water, summer, button, pocket, curtain, spider, walnut, bottle, hammer, blossom, thunder, chimney,
parcel, meadow, ribbon, swallow, lily, ferry, kitten, captain, baker, porter, singer, stranger, cactus,
tulip, pebble, whisper, ticket, trumpet, blanket, cuckoo, willow, saddle, pepper, needle
"""),
    "a1": words("""
old, cold, bright, dark, green, deep, long, wild, lost, warm, small, thin, slow, soft, blue, red, proud,
sad, kind, pale, strange, wise, lean, late, glad, loud, faint, bare, brown, plain, grave, true, damp
"""),
    "a2": words("""
quiet, silver, golden, empty, broken, patient, yellow, early, wooden, hollow, tender, bitter, crooked,
little, lonely, stubborn, frozen, sleepy, nameless, dusty, thirsty, gentle, merry, ancient, careful,
gloomy, hungry, sudden, restless, humble, crimson, drowsy, foolish, steady, homeless, rusty
"""),
    "v1": words("""
kept, lost, found, saw, heard, drew, sold, left, took, held, knew, hid, met, shook, called, loved, feared,
praised, watched, chased, named, paid, crossed, moved, touched, warmed, robbed, asked, hushed
"""),
    "v0": words("""
slept, lay, stood, sang, wept, sat, shone, grew, swung, knelt, fell, prayed, crept, danced, leaned, burned,
paused, sighed, died, snored, froze
"""),
    "v2": words("""
waits, sleeps, turns, sings, shines, learns, weeps, grows, leans, burns, stays, falls, dreams, drifts, hides
"""),
    "near": words("beside, behind, beneath, above, before, among, against, around"),
    "may": words("will, may, can, must, might, should, could"),
}

# The last slot, {end}, is the rhyme. The three keys are parts of speech.
LINES = {
    "noun": """
The {a2} {n1} has {v1} the {end}
I {v1} the {n2} in the {end}
A {n2} {v0} {near} the {end}
And all the {n2}s of the {end}
For every {n1} there is a {end}
No {n2} ever {v1} the {end}
{near} the {a2}, {a2} {end}
Come, bring the {n2} to the {end}
The {n1} is {a1}, and {a1} the {end}
I asked the {n1} about the {end}
The {n1} that {v1} the {a1} {n1}'s {end}
My {n2} {may} forget the {end}
And {a1} and {a1} {v0} the {end}
The {n1} that {v0} {near} the {end}
So leave the {n1} and take the {end}
Who {v1} the {n1}? Who {v1} the {end}
A {n1}, a {n2} and a {end}
Not {n1} nor {n2} {v1} the {end}
We {v1} the {n1}, we {v1} the {end}
The {n2} {may} become a {end}
{near} the {n2} and the {end}
With {n1} and {n1} I {v1} the {end}
""",
    "adjective": """
The {n2} of the {n1} is {end}
And every {n2} {may} be {end}
The {n1} was {a1}, the {n1} was {end}
I {v1} a {n1} both {a1} and {end}
My {n1} {may} be {a1} and {end}
How {a1} the {n1}, the {n2} {end}
The {a2} {n2} {v0} so {end}
I never {v1} a {n1} so {end}
They say the {a2} {n1} is {end}
When {n2} and when {n1} are {end}
""",
    "verb": """
And so the {n2} learns to {end}
I told the {a2} {n1} to {end}
When all the {n2}s start to {end}
Who taught the {n1} and {n1} to {end}
The {n1} {may} hear the {n2} {end}
The {n1} that {v2} {may} never {end}
And if the {n1} {may} never {end}
The {a2} {n1} {may} rise and {end}
Let no one {near} the {n1} {end}
I saw the {n1} and {n2} {end}
""",
}  # fmt: skip

