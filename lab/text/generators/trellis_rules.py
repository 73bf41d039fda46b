"""Names, remarks and messages of the Trellis programs."""

from __future__ import annotations

from lab.text.generators.words import words

NAMES = words("""
moss, reed, dew, fern, bark, leaf, root, seed, stem, vine, rain, mist, frost, pond, lake, stone,
clay, sand, soil, hill, moon, star, sun, wind, snow, bud, rose, lily, iris, palm, pine, oak, elm,
ash, birch, willow, hazel, plum, pear, fig, apple, grape, lemon, olive, melon, bean, pea, corn,
rice, wheat, oat, rye, hay, straw, wool, silk, rope, thread, wax, honey, bread, salt, pepper,
sage, mint, thyme, basil, clover, thorn, thistle, nettle, ivy, heath, marsh, brook, river, spring,
well, cloud, storm, hail, ice, ember, spark, flame, smoke, coal, iron, copper, tin, glass, lamp,
bell, drum, flute, clock, wheel, gate, wall, roof, door, path, bridge, boat, sail, oar, net,
shell, pearl, coral, wave, tide, shore, owl, wren, robin, finch, lark, crow, swan, heron, bee,
moth, ant, snail, toad, newt, otter, mole, hare
""")

ACTIONS = words("""
water, count, feed, plant, prune, weigh, sort, stack, wash, dry, paint, carry, share, sell, pack,
sow, measure, gather, store, label, mend, polish, rinse, press, bundle, thin, graft, shade, warm,
cool, move, turn, split, trim, tie, fill, empty, lift, hang, roll, fold, number, compare, collect,
divide, mix, lend, test, rescue, admire
""")

SUBJECTS = words("""
fern, tulip, orchid, cactus, bulb, seed, pot, basket, lantern, apple, plum, pear, lemon, onion,
carrot, leek, bean, pumpkin, turnip, mushroom, herb, rose, lily, violet, poppy, daisy, jar, crate,
bottle, brick, tile, pane, ladder, candle, button, ribbon, letter, parcel, ticket, stamp, coin,
bell, kettle, spoon, cup, plate, blanket, sack, barrel, bucket, rope, kite, wheel, hinge, nail,
key, map, book, loaf, cake, egg, beehive, snail, duck, goose, sheep, pony, branch, leaf, pebble,
shell, feather
""")

RULES = {
    "purpose": ("how to", "the way to", "a rule to", "what it takes to", "used to", "helps to"),
    "takes": ("Needs", "Takes", "Asks for", "Begins with", "Depends on", "Given", "We know"),
    "adjective": words("""
small, old, ripe, heavy, green, dry, wet, red, early, late, empty, broken, tall, spare, blue,
last, tender, dusty, cheap, rare, wild, sweet, round, yellow
"""),
    "spot": words("""
on the shelf, in the shed, by the wall, under glass, near the gate, in the cellar, at the market,
behind the stove, in the shade, along the path, for the winter, before the frost, in every row, by
the pond, on the cart, in the fern house, for the neighbours, at the north end
"""),
    "number": words("two, three, four, five, six, seven, eight, nine, ten, a dozen, twenty"),
    "when": words("""
in March, at noon, in the evening, after the rain, before the frost, every day, on Sundays, once a
week, when it is dry, at the full moon, all summer, from time to time
"""),
    "message": (
        "{number} {subject} {spot}",
        "the {subject} are {adjective}",
        "{adjective} {subject} {spot}, {number} in all",
        "no {subject} left {spot}",
        "more {adjective} {subject} {when}",
        "leave the {adjective} {subject} {spot}",
        "{when}, the {subject} {spot}",
    ),
    "remark": (
        "the {adjective} {subject} come first",
        "the {subject} {spot} are counted {when}",
        "not more than {number} {subject} {when}",
        "the {adjective} ones go {spot}",
        "{when} the {subject} are {adjective}",
        "this is slow, but the {subject} are {adjective}",
        "try it with {number} {subject} first",
        "ask who put the {adjective} {subject} {spot}",
    ),
}
