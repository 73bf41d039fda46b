"""Word lists of the play, the more usual words first. Written for this project."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The entries of a list whose entries are separated by commas; they may hold spaces."""
    entries = (" ".join(entry.split()) for entry in text.split(","))
    return tuple(entry for entry in entries if entry)


# name of the slot -> its list; kept as text, five times denser than a list of literals
# fmt: off
LEXICON = {
    "thing": words("""
lantern, key, letter, kettle, ladder, map, lamp, bell, clock, basket, box, notebook, coat, book,
bucket, candle, chair, table, mirror, spade, rope, ring, cup, hat, stove, pipe, jar, boat, wheel,
ledger, window, blanket, picture, ribbon, coin, bottle, barrow, button, drum, violin, photograph,
trowel, watering can, umbrella, parcel, suitcase, telescope, compass, thermometer, barometer,
rake, bench, crate, jug, spoon, plate, bowl, curtain, carpet, cushion, drawer, trunk, chest,
cabinet, flute, trumpet, whistle, fiddle, piano, accordion, bicycle, cart, sledge, kite, anchor,
oar, sail, net, needle, thimble, hammer, saw, chisel, file, hinge, bolt, lock, latch, handle,
pane, gutter, pump, hose, tap, valve, sieve, dibber, pair of scissors, ball of string, packet of
seeds, sack, magnifying glass, pencil, inkwell, envelope, stamp, newspaper, almanac, catalogue,
dictionary, poem, recipe, story, song sheet, diary, portrait, statue, vase, teapot, saucer, tray,
lid, pan, ladle, oil can, broom, mop, brush, comb, glove, boot, scarf, apron, shawl, cap, pocket,
buckle, feather, shell, pebble, marble, chess piece, dice cup, puppet, mask, crown, wooden horse,
model ship, wind vane, sundial, hourglass, weather glass, scale, weight, tape measure, signpost,
number plate
"""),
    "plant": words("""
fern, rose, orchid, fig tree, lemon tree, vine, lily, palm, cactus, tulip, camellia, violet,
poppy, apple tree, pear tree, primrose, snowdrop, crocus, daffodil, hyacinth, foxglove, geranium,
begonia, fuchsia, marigold, sunflower, thistle, nettle, bramble, bluebell, dahlia, aster, peony,
pansy, hollyhock, lupin, sweet pea, runner bean, pumpkin, melon, cucumber, tomato, pepper,
cabbage, strawberry, currant bush, gooseberry bush, plum tree, quince, medlar, mulberry, olive
tree, orange tree, banana plant, pineapple, passion flower, water lily, pitcher plant, sundew,
maidenhair, tree fern, cycad, agave, aloe, gardenia, magnolia, wisteria, honeysuckle, clematis,
cowslip, cyclamen, harebell, larkspur, carnation, anemone, hellebore, juniper, willow, hazel,
hawthorn, rowan, moss rose
"""),
    "creature": words("""
cat, wren, spider, toad, moth, bee, mouse, robin, owl, frog, beetle, snail, swallow, bat,
hedgehog, dog, goose, hen, goldfish, wasp, ladybird, dragonfly, newt, blackbird, thrush, rook,
magpie, heron, squirrel, rabbit, fox, badger, mole, grasshopper, cricket, butterfly, sparrow,
starling, nightingale, tortoise, donkey, goat, sheep, pony, parrot, lizard
"""),
    "place": words("""
fern house, palm house, potting shed, boiler room, orchard, kitchen garden, pond, gate, well,
wall, library, attic, cellar, long border, rose walk, north door, staircase, bell tower, boat
house, lawn, bakery, station, harbour, market, mill, bridge, hill, meadow, wood, hedge, terrace,
fountain, vinery, cold frames, mushroom cellar, observatory, workshop, schoolroom, post office,
seed room, fruit store, tool shed, compost heap, beehives, duck pond, herb garden, maze, summer
house, ice house, water tower, coal store, dovecote, tea room, ticket office, museum, east wing,
west window, music room, map room, old kitchen, laundry, corridor, hall, landing, balcony,
cloister, stables, smithy, ferry, lighthouse, crossroads, quarry, marsh, river bank, sundial lawn,
nut walk, cactus house
"""),
    "role": words("""
gardener, baker, doctor, clockmaker, teacher, captain, porter, painter, carpenter, librarian,
pilot, judge, singer, postmaster, engineer, cook, astronomer, glazier, beekeeper, printer,
surveyor, nurse, plumber, tailor, botanist, driver, locksmith, potter, violinist, lighthouse
keeper, mathematician, stonemason, miller, ferry hand, weaver, chemist, journalist, architect,
electrician, mayor
"""),
    "abstract": words("""
patience, time, luck, courage, silence, hope, sleep, light, work, kindness, trouble, music, truth,
memory, doubt, love, sorrow, laughter, weather, honesty, habit, anger, fear, beauty, hunger,
pride, wonder, justice, wisdom, gossip, chance, mercy, friendship, gratitude, ambition, boredom,
caution, curiosity, freedom, grief, haste, homesickness, jealousy, mischief, peace, politeness,
regret, solitude, thrift, trust, vanity, welcome
"""),
    "weather": words("""
rain, wind, snow, frost, fog, mist, storm, sun, heat, thunder, hail, cold, drizzle, moonlight,
breeze, sleet, twilight, dew, north wind, rainbow, cloud, thaw
"""),
    "by_time": words("""
this morning, last night, yesterday, on Sunday, at dawn, at noon, before supper, after breakfast,
on Monday, at midnight, last week, in the spring, on Friday, before the storm, last winter, at
dusk, on Thursday, an hour ago, a year ago, in the summer, after the concert, on Tuesday, before
the frost, on Wednesday, on Saturday, at teatime, in the autumn, long ago, after the flood, on my
birthday, before the guests came, while you slept, when the lights went out, as the clock struck
nine, three days ago, on the first of May, at the end of April, in the middle of the night, during
the rehearsal, after the quarrel, before the train left
"""),
    "soon": words("""
tomorrow, tonight, at noon, before dawn, on Sunday, after supper, in the morning, at midnight,
next week, before the frost, on Monday, in an hour, when the rain stops, when the bell rings, on
Friday, as soon as the sun is up, before the guests come, after the concert, next spring, on
Thursday, at the next full moon, before the paint is dry, when the boiler is warm, in the autumn,
on Saturday, when the figs are ripe, on Tuesday, before anyone wakes, by candlelight, on Wednesday
"""),
    "thing_adjective": words("""
old, blue, broken, small, empty, green, heavy, silver, wooden, lost, rusty, red, wet, little,
painted, borrowed, yellow, iron, second, dusty, copper, crooked, white, black, cracked, good, new,
plain, grey, round, folded, tall, brass, muddy, polished, ancient, spare, torn, battered, striped,
golden, narrow, unlucky, foreign, patched, ordinary, brown, leaking, secret, handsome, curious,
tin, oak, velvet, square, enormous, tiny, beautiful, ugly, cheap, precious, faded, musical,
useless, famous, stolen, mended, purple, glass, ivory, crimson, twisted, chipped, unopened,
half-finished
"""),
    "plant_adjective": words("""
young, white, old, tall, pale, red, wild, tender, thirsty, little, yellow, climbing, sleepy, dark,
scented, rare, blue, first, last, drooping, stubborn, double, spotted, purple, winter, early,
late, nameless, dwarf, golden, weeping, prize, slender, pink, hardy, potted, orange, velvet,
silver, thorny, overgrown, forgotten, grafted, frosted, crimson, striped, shy, mottled, sturdy,
hungry
"""),
    "place_adjective": words("""
old, dark, quiet, empty, new, locked, cold, warm, sunken, narrow, upper, lower, far, damp, dusty,
ruined, crowded, white, silent, lamplit, flooded, draughty, whitewashed, forbidden, half-built
"""),
    "person_adjective": words("""
tired, happy, late, angry, sorry, ready, proud, hungry, wrong, right, quiet, brave, afraid, cold,
kind, careful, honest, busy, lonely, curious, ill, sad, clever, patient, calm, cheerful, gentle,
lucky, stubborn, foolish, jealous, generous, nervous, polite, forgetful, homesick, hopeful, lazy,
modest, serious, sleepy, stern, thirsty, wise, wide awake, restless, merry, grateful,
absent-minded, bold
"""),
    "plant_state": words("""
in flower, in bud, dying, thirsty, too dry, too wet, ripe, awake, asleep, taller than I am, out of
season, ready to be moved, hungry for light, full of greenfly, almost open, better than last year,
nearly over, happier in the shade, too close to the glass, bent with fruit, white with mildew,
fast asleep, the talk of the town, safe from the frost, older than the house, still in its first
pot, leaning to the south, bare to the stem, worth the trouble, past saving, green again, covered
in buds
"""),
    "thing_state": words("""
gone, broken, missing, lost, mended, still here, wet, empty, full, ready, locked away, under the
stairs, not for sale, worth nothing, worth keeping, as good as new, older than it looks, cracked
in the middle, in the wrong place, out of tune, hanging by a thread, too heavy to lift, the colour
of rain, buried in straw, wrapped in paper, nowhere to be found, under lock and key, covered in
dust, in safe hands, beyond repair, upside down, full of water, warm to the touch, made of tin,
cold as a stone
"""),
    "thing_verb": words("""
find, mend, hide, lose, borrow, carry, sell, bring, break, take, paint, keep, buy, open, polish,
drop, count, forget, leave, steal, lend, move, wash, clean, hold, send, wrap, throw away, lift,
bury, want, fetch, draw, repair, measure, weigh, label, admire, examine, unpack, guard, pawn,
return, burn, recognise, dust, oil, empty, fill, tie up, take apart, put back, look after, hang
up, lock away, copy, collect, inherit, swap, inspect, smash, rescue, abandon, shake, tap, pack,
trip over, dry, invent
"""),
    "plant_verb": words("""
water, plant, prune, cut, move, pot, feed, shade, tie up, turn, graft, divide, spray, tend,
rescue, sow, dig up, name, measure, draw, pick, thin, train, trim, pinch out, dust, bring in, look
after, admire, neglect, transplant, label, cover, stake, wake, talk to, sing to, clip, propagate
"""),
    "person_verb": words("""
see, hear, meet, follow, help, believe, find, forgive, trust, visit, wake, thank, miss, ask,
watch, warn, teach, surprise, remember, understand, blame, forget, catch, choose, admire,
interrupt, envy, invite, join, obey, protect, recognise, scold, tease, greet, comfort, correct,
defend, praise, pay
"""),
    "alone_verb": words("""
sleep, wait, sing, laugh, leave, wander, listen, dream, whisper, work, walk, sit, hide, hurry,
weep, argue, rest, stay, stumble, wonder, knock, shout, hum, sigh, smile, shiver, rehearse, read,
dance, pace up and down, fall asleep, lie awake, stand still, look up, talk to the wall, cough,
yawn, whistle, tremble, nod, linger, practise, row, sew, paint, kneel, count to ten, get lost,
come home, run
"""),
    "plant_does": words("""
flower, wilt, grow, climb, open, lean, fade, shiver, ripen, wait, turn to the light, sleep,
thrive, drink, bend, droop, recover, spread, wake, rot, seed itself, creep, lose a leaf, hold on,
swell, glow, curl, unfold, breathe, suffer, split, sweat, sulk, stretch, blaze, shrink
"""),
    "creature_does": words("""
sleep, sing, wait, hide, vanish, listen, return, live, nest, cry, creep about, hunt, sit, drink,
dance, build, scratch, keep watch, sunbathe, hum, quarrel, tap on the glass, count the leaves,
stare, limp
"""),
    "weather_does": words("""
come, stop, pass, begin, rise, fall, return, rest, grow worse, shake the glass, knock at the door,
cross the hill, wake the house, reach the valley, sing in the pipes, cover the path, turn to the
east, hide the road, drum on the roof, creep under the door, make up its mind, silence the birds
"""),
    "adverb": words("""
quietly, slowly, carefully, gladly, often, gently, suddenly, twice, alone, badly, bravely, early,
late, in secret, by mistake, without a word, with both hands, in the dark, for nothing, at once,
on purpose, by hand, with great care, every day, in a hurry, politely, sadly, cheerfully, with a
smile, under protest, for love, for a penny, out of kindness, by the book, in my dreams, in the
rain, too quickly, just in time, in silence, by moonlight, against my advice, for the last time
"""),
}
# fmt: on
