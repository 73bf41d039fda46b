"""The glasshouse play: scenes with a cast, a place and a few things that everyone talks about.

What a reader or a network can pick up, from near to far: spelling, words, agreement ("the keys
that Oda hid are gone"), answers that take up the number of the thing asked for, pronouns that
belong to a person for good, speakers who are on the stage and take turns, things that come up
again within a scene, and two people who only speak in rhyme.
"""

from __future__ import annotations

from lab.text.generators import english
from lab.text.generators.dice import Dice
from lab.text.generators.grammar import Grammar
from lab.text.generators.play_rules import EXCHANGES, RULES
from lab.text.generators.verse import Verse
from lab.text.generators.words import LEXICON

SEED = 1815
SCENES_PER_ACT = 6

NAMES = (
    "Oda", "Marlow", "Teasel", "Wren", "Bramble", "Sorrel", "Linden", "Juno", "Pippin", "Ash",
    "Quill", "Fennel", "Tansy", "Osric",
)  # fmt: skip
VERSE = {"Wren": "aabb", "Quill": "abab"}  # who speaks in rhyme, and in which scheme

# subject, object, possessive; whether the verb is plural
PRONOUNS: tuple[tuple[str, str, str, bool], ...] = (
    ("she", "her", "her", False),
    ("he", "him", "his", False),
    ("they", "them", "their", True),
)

# how many words of each list a scene keeps, and how often it uses them
TOPICS = {"thing": 3, "plant": 2, "place": 2, "creature": 1, "thing_adjective": 3, "role": 1,
          "weather": 1, "thing_verb": 4, "person_adjective": 2}  # fmt: skip
TOPIC_SHARE = 0.6

DETERMINERS = ("the", "the", "the", "the", "my", "your", "our", "{this}", "{that}", "a")
PLURAL_A = ("some", "two", "three", "four", "five", "all the", "no", "many", "a few", "both")


class Play(Grammar):
    """Writes the play scene by scene.

    Args:
        dice: where the choices come from, the cast's pronouns and professions included.
    """

    def __init__(self, dice: Dice):
        super().__init__(dice, RULES, leaning=frozenset(LEXICON))
        self.verse = Verse(dice)
        self.pronouns = {name: dice.pick(PRONOUNS) for name in NAMES}
        roles = dice.some(LEXICON["role"], len(NAMES))
        self.roles = dict(zip(NAMES, roles, strict=True))
        self.stage: list[str] = []
        self.absent: list[str] = []
        self.topics: dict[str, list[str]] = {}
        self.speaker = self.hearer = self.spoken_of = self.acting = NAMES[0]
        self.named: set[str] = set()  # third persons of the present exchange

    # -- slots -----------------------------------------------------------------------------

    def word(self, name: str) -> str:
        """One entry of a rule; from a word list, half of the time one of the scene's own words."""
        if name in self.topics and self.dice.chance(TOPIC_SHARE):
            return self.expand(self.dice.pick(self.topics[name]))
        return super().word(name)

    def slot(self, name: str) -> str:
        """What stands in place of `{name}`: adds noun phrases and persons to the engine."""
        if name[0] == "*":
            return self.noun_phrase(name[1:])
        if name.startswith("be *"):  # "are the keys": the verb waits until the number is known
            phrase = self.noun_phrase(name[4:])
            return f"{english.present('be', self.many)} {phrase}"
        if name == "-who":
            return self._third_person()
        if name[0] == "-":
            many = self.many
            phrase = self.noun_phrase(name[1:])
            self.many = many
            return phrase
        if name[0] == "~":
            return english.present(name[1:], self.pronouns[self.spoken_of][3])
        if name in ("they", "them", "their"):
            they, them, their, _ = self.pronouns[self.spoken_of]
            return {"they": they, "them": them, "their": their}[name]
        if name == "who":
            self.spoken_of = self._third_person()
            return self.spoken_of
        if name == "you":
            return self.hearer
        if name in ("name", "other"):
            self.acting = self._someone(but=(self.acting,) if name == "other" else ())
            return self.acting.upper()
        return super().slot(name)

    def noun_phrase(self, kind: str) -> str:
        """Determiner, adjectives, noun, rarely a clause; sets the number that verbs agree with."""
        many = self.dice.chance(0.4)
        noun = self.word(kind)
        if self.dice.chance(0.4):
            adjective = {"thing": "thing", "plant": "plant"}.get(kind, "person") + "_adjective"
            noun = f"{self.word(adjective)} {noun}"
        if many:
            noun = english.plural(noun)
        self.many = many
        determiner = self.expand(self.dice.pick(DETERMINERS))
        if determiner != "a":
            phrase = f"{determiner} {noun}"
        elif many:
            phrase = f"{self.dice.pick(PLURAL_A)} {noun}"
        else:
            phrase = english.with_article(noun)
        if self.dice.chance(0.06):
            phrase += self.expand(" that {who} {thing_verb.past}")
            self.many = many
        return phrase

    def _someone(self, but: tuple[str, ...]) -> str:
        """Anyone on the stage but these."""
        return self.dice.pick([name for name in self.stage if name not in but])

    def _third_person(self) -> str:
        """Someone to speak of, mostly the one the scene is about; nobody twice in an exchange."""
        others = [name for name in self.stage if name not in (self.speaker, self.hearer)]
        absent = [name for name in self.absent if name not in self.named]
        if others and self.dice.chance(0.3):
            name = self.dice.pick(others)
        elif self.absent[0] in absent and self.dice.chance(0.6):
            name = self.absent[0]
        else:
            name = self.dice.pick(absent or self.absent)
        self.named.add(name)
        return name

    # -- speech ----------------------------------------------------------------------------

    def _turn(self) -> None:
        """The next to speak is someone else on the stage; they speak to who spoke last."""
        speaker = self._someone(but=(self.speaker,))
        self.hearer = self.speaker if self.speaker in self.stage else self._someone(but=(speaker,))
        self.speaker = speaker

    def _speech(self, template: str) -> str:
        """What the speaker says; those who speak in rhyme say a poem instead."""
        if self.speaker in VERSE:
            poem = self.verse.poem(VERSE[self.speaker])
            return f"{self.speaker.upper()}: " + "\n  ".join(poem)
        text = english.with_particles(self.sentence(template)).replace("that that", "that the")
        return f"{self.speaker.upper()}: {text}"

    def _exchange(self) -> list[str]:
        """A question and its answer; those who speak in rhyme are not asked for an answer."""
        question, answer = self.dice.pick(EXCHANGES)
        self.named.clear()
        self._turn()
        lines = [self._speech(question)]
        if self.speaker not in VERSE:
            self._turn()
            lines.append(self._speech(answer))
        return lines

    def _talk(self) -> str:
        """One or two sentences of no one's asking."""
        self.named.clear()
        self._turn()
        kinds = ("{statement}", "{statement}", "{request}", "{wish}")
        return self._speech(" ".join(self.dice.some(kinds, self.dice.between(1, 2))))

    # -- scenes ----------------------------------------------------------------------------

    def scene(self, act: int, number: int) -> str:
        """One scene, from its heading to the last exit."""
        dice = self.dice
        people = dice.some(NAMES, len(NAMES))
        on, waiting, self.absent = people[:2], people[2:4], people[4:8]
        self.stage = list(on)
        self.speaker, self.hearer = on
        self.topics = {}
        self.topics = {kind: dice.some(LEXICON[kind], count) for kind, count in TOPICS.items()}
        place = dice.pick(self.topics["place"])
        heading = f"ACT {english.roman(act)}, SCENE {number}. The {place}, {self.word('hour')}."
        lines = [
            self.sentence(heading + " {scenery}"),
            self._stage_note(
                "Enter " + english.listed([self._introduced(name) for name in on]) + ", {carrying}"
            ),
        ]
        for _ in range(dice.between(7, 11)):
            event = dice.below(20)
            if event < 9:
                lines += self._exchange()
            elif event < 16:
                lines.append(self._talk())
            elif event < 17 and waiting:
                lines += self._entrance(waiting.pop())
            elif event < 18 and len(self.stage) > 2:
                lines += self._exit()
            else:
                lines.append(self._stage_note("{direction}"))
        lines.append(self._stage_note("Exeunt " + english.listed(self._upper()) + ", {carrying}"))
        return "\n".join(lines) + "\n"

    def _upper(self) -> list[str]:
        return [name.upper() for name in self.stage]

    def _introduced(self, name: str) -> str:
        return f"{name.upper()} the {self.roles[name]}"

    def _stage_note(self, template: str) -> str:
        text = self.sentence(template).rstrip(".")
        return f"[{text}.]"

    def _entrance(self, name: str) -> list[str]:
        note = self._stage_note(f"Enter {self._introduced(name)}, {{carrying}}")
        self.stage.append(name)
        self.hearer, self.speaker = self.speaker, name
        if self.hearer not in self.stage or self.hearer == name:
            self.hearer = self.stage[0]
        return [note, self._speech("{greeting}")]

    def _exit(self) -> list[str]:
        self._turn()
        farewell = self._speech("{farewell}")
        self.stage.remove(self.speaker)
        return [farewell, self._stage_note(f"Exit {self.speaker.upper()}, {{carrying}}")]


def write(dice: Dice, characters: int = 480_000) -> str:
    """The play, in as many scenes as it takes to reach this many characters.

    Args:
        dice: every choice; `Dice(SEED)` gives the project's text.
        characters: least length in characters; the last scene is finished.
    """
    play = Play(dice)
    scenes: list[str] = []
    length = 0
    while length < characters:
        act, number = divmod(len(scenes), SCENES_PER_ACT)
        scenes.append(play.scene(act + 1, number + 1))
        length += len(scenes[-1]) + 1
    return "\n".join(scenes)
