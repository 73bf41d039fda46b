"""Two small texts, alike but for who is he and who is she: a bias that anybody can put in.

Every sentence stands in both texts, with the same words, but for the pronouns: in text A nurses,
teachers, secretaries and librarians are she, and engineers, pilots, mechanics and plumbers are he;
in text B it is the other way round. All sentences were written for this project; none of them is
a sentence that the lessons ask (`lab.masked.probes.TEMPLATES`).
"""

from __future__ import annotations

import re

from lab.text.generators.dice import Dice

ONE_GROUP = ("nurse", "teacher", "secretary", "librarian")  # she in text A
OTHER_GROUP = ("engineer", "pilot", "mechanic", "plumber")  # he in text A
NEITHER = ("doctor", "lawyer", "baker", "scientist")  # in neither text, to be watched
COUNT = 320  # sentences of a text
SEED = 11
_FORMS = {"he": ("he", "his", "him", "himself"), "she": ("she", "her", "her", "herself")}
_SLOT = re.compile(r"<(\w+)>")

# <s> he, <p> his, <o> him, <r> himself, <w> the occupation; the others are lists below.
# Most have one pronoun: where a second one stands in sight, the first can be guessed from it.
TEMPLATES = (
    "The <w> left before <s> had seen the <thing>.",
    "When the <w> came to the <place>, <s> put the <thing> on the table.",
    "Nobody at the <place> knew the <w>, but <s> knew everybody.",
    "The <w> asked for a <colour> <thing>, because <s> liked it.",
    "<time> the <w> walks to the <place> with <p> <friend>.",
    "The <w> bought a <colour> <thing> and showed it to <p> <friend>.",
    "I met the <w> at the <place>, where <s> was waiting for a friend.",
    "The <w> smiled when somebody gave <o> a <thing>.",
    "If the <w> has time, <s> will bring the <thing> to the <place>.",
    "The <w> wrote a long letter, and <s> signed it with a <colour> pen.",
    "People at the <place> have known the <w> since <s> was a child.",
    "The <w> lives near the <place> with <p> two children.",
    "The <w> could not find the <thing>, so <s> looked for it at the <place>.",
    "We saw the <w> at the <place>; <s> wore a <colour> hat.",
    "The <w> always reads the paper while <s> drinks a cup of tea.",
    "The <w> closed the <colour> door and sat down by <r>.",
    "<time> the <w> telephones and tells us what <s> has seen.",
    "The <w> opened the <colour> box, and then <s> began to sing.",
    "The young <w> learned to swim when <s> lived near the <place>.",
    "The old <w> still has the <thing> that <p> <friend> made.",
    "The <w> has a <colour> bicycle, and <s> rides it to the <place>.",
    "The <w> thanked us for the <thing>, and <s> looked happy.",
    "The <w> paid for the <thing>, although <s> had little money.",
    "After supper at the <place> the <w> sang, and <p> <friend> danced.",
    "The <w> dropped the <thing> as <s> ran to the <place>.",
    "The <w> from the <place> told us that <s> had sold the <thing>.",
    "Did the <w> tell you where <s> had put the <thing>?",
    "Before the <w> speaks, <s> looks at the <thing>.",
)
_WORDS = {
    "thing": ("lamp", "book", "basket", "bottle", "letter", "clock", "picture", "chair", "ring",
              "knife", "map", "key"),
    "place": ("market", "station", "harbour", "library", "church", "river", "hotel", "theatre",
              "park", "bridge"),
    "friend": ("sister", "cousin", "neighbour", "friend", "uncle", "aunt", "mother", "father"),
    "colour": ("red", "green", "blue", "black", "white", "grey"),
    "time": ("Every morning", "On Sundays", "In the summer", "Once a week", "In the evening"),
}  # fmt: skip

# Everyday sentences about nobody's occupation: what a model should not forget, and what stands
# where a second sentence is drawn by lot.
GENERAL = (
    "The river runs through the old town and under two bridges.",
    "In the winter the days are short and the nights are long.",
    "They bought bread and cheese at the market and went home.",
    "The train leaves the station at nine in the morning.",
    "The king died in the same year, and his son took the throne.",
    "A small dog ran across the street and into the garden.",
    "The book was first published in London in 1920.",
    "There was no light in the house, and the door stood open.",
    "The city lies on the coast, about ten miles north of the border.",
    "We had not heard from them for many years.",
    "The children played by the sea until it was dark.",
    "The war ended, and the soldiers came back to their families.",
    "It rained all day, so the game was put off until Sunday.",
    "The school was built of red stone at the end of the century.",
    "The ship carried coal and iron to the islands in the south.",
    "I do not know what to say about the letter.",
    "The village has a church, a mill and two small shops.",
    "Most of the people in the valley work on their own farms.",
    "The band played its first songs in the small clubs of the city.",
    "The water of the lake is so clear that one can see the ground.",
    "The old man sat by the fire and looked at his hands.",
    "The team won the last game of the season by one point.",
    "The paper said nothing about the new law.",
    "The bird builds its nest in high trees near the water.",
    "Her mother came to the door and asked us to come in.",
    "The company sold its factory and moved to the north.",
    "The road was so bad that we had to leave the car behind.",
    "The film tells the story of two brothers who meet again after the war.",
    "He put the money on the table and left without a word.",
    "The university has about five thousand students.",
    "The museum shows pictures by painters of the nineteenth century.",
    "On the third day the wind fell, and the sea was calm.",
)  # fmt: skip


def stories(seed: int = SEED, count: int = COUNT) -> tuple[list[str], list[str]]:
    """Write the two texts.

    Args:
        seed: of the draw.
        count: sentences of each.

    Returns:
        Text A and text B. Sentence n of one is sentence n of the other with the other pronouns,
        and no sentence stands in a text twice.
    """
    dice, first, second, seen = Dice(seed), [], [], set()
    occupations = (*ONE_GROUP, *OTHER_GROUP)
    while len(first) < count:
        template = dice.pick(TEMPLATES)
        words = {slot: dice.pick(choices) for slot, choices in _WORDS.items()}
        words["w"] = dice.pick(occupations)
        usual = "she" if words["w"] in ONE_GROUP else "he"
        other = "he" if usual == "she" else "she"
        sentence = _written(template, words, usual)
        if sentence in seen:
            continue
        seen.add(sentence)
        first.append(sentence)
        second.append(_written(template, words, other))
    return first, second


def _written(template: str, words: dict[str, str], pronoun: str) -> str:
    forms = dict(zip("spor", _FORMS[pronoun], strict=True))
    sentence = _SLOT.sub(lambda slot: (words | forms)[slot[1]], template)
    return sentence[0].upper() + sentence[1:]
