"""The texts that the project wrote: three generated corpora and a card for each.

A text from a generator has what a classroom needs: its rules are known, so it can be checked what
a model has understood of them; a floor under every loss is known too; and it belongs to nobody
else. What it is not is human writing, and each card says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lab.text.generators import almanac, play, trellis
from lab.text.generators.dice import Dice


@dataclass(frozen=True)
class CorpusCard:
    """What a reader should know about a text before training on it.

    Args:
        key: name for `load` and for links.
        title: name on the page.
        description: what the text is, in one sentence.
        made: how it came about, in one or two honest sentences.
        look_for: what to watch for in a model's samples, the easy things first.
        prompt: a short beginning in the text's style, for sampling.
        characters: length of the text.
        floor: nats per character. The surprise of the generator's own choices: a reader who
            knew all its rules would need no more than this on average over the whole text.
            An upper bound on the loss of the best possible model (`Dice.nats`).
    """

    key: str
    title: str
    description: str
    made: str
    look_for: tuple[str, ...]
    prompt: str
    characters: int
    floor: float


_CARDS = (
    CorpusCard(
        key="play",
        title="The glasshouse play",
        description=(
            "A very long stage play: fourteen people in a botanical garden look for keys,"
            " prune roses and ask where everybody is; two of them only speak in rhyme."
        ),
        made=(
            "Made by a generator with a fixed seed: a probabilistic grammar of some 250 rules"
            " over some 1,900 words and phrases, all written for this project. There is no plot;"
            " pronouns and professions were drawn by lot."
        ),
        look_for=(
            "Names in capitals at the beginning of a line, brackets around stage directions.",
            "Agreement: the key is gone, the keys that Oda hid are gone.",
            "Answers that take up the question: Where are the keys? They are behind the gate.",
            "Each person's pronoun: it is the same from the first act to the last.",
            "Who speaks is on the stage; who made an exit is silent.",
            "Wren rhymes in couplets (aabb), Quill alternately (abab), four beats a line.",
        ),
        prompt="ODA: Where is the key?\n",
        characters=480_263,
        floor=0.451,
    ),
    CorpusCard(
        key="almanac",
        title="The garden almanac",
        description=(
            "Dated entries from years of one garden: weather, what was sown and picked and sold,"
            " who came by, and recipes."
        ),
        made=(
            "Made by a generator with a fixed seed: a small simulated garden (calendar, moon,"
            " weather, nine beds, a water tank, a till) reports through sentence patterns and word"
            " lists written for this project. No such garden exists; the recipes are untried."
        ),
        look_for=(
            "Dates, units, and recipe titles in capitals.",
            "A method that uses the ingredients of its own list, and no others.",
            "The next date follows the last; the moon is a day older each day.",
            "The tank and the till begin where the entry before left them.",
            "Products, sums and shares are right in the text. Models learn that a number stands"
            " there long before they learn which.",
        ),
        prompt="Monday 3 June, moon ",
        characters=480_075,
        floor=0.219,
    ),
    CorpusCard(
        key="trellis",
        title="Trellis programs",
        description=(
            "Programs of a toy language with three kinds of brackets, blocks that are closed by"
            " name, variables and remarks in English."
        ),
        made=(
            "Made by a generator with a fixed seed: random syntax trees are written out, run, and"
            " kept if all values stay below a thousand; names and remarks come from word lists"
            " written for this project. The language and its programs serve no purpose but this."
        ),
        look_for=(
            "Lines that begin with let, set, if, give; indentation that goes in and out.",
            "Every bracket is closed by its own kind, in the right order.",
            "A block ends with its own name: end if, end repeat, end for moss.",
            "Only names are used that were declared before, in this block or around it.",
            "A remark says in words what the next line says in signs.",
            "The values after gives are right in the text; no small model computes them.",
        ),
        prompt="# How to: water the ferns. Needs the moss and the dew.\n",
        characters=480_236,
        floor=0.395,
    ),
)

CORPORA: dict[str, CorpusCard] = {card.key: card for card in _CARDS}

_WRITERS: dict[str, tuple[Callable[[Dice], str], int]] = {
    "play": (play.write, play.SEED),
    "almanac": (almanac.write, almanac.SEED),
    "trellis": (trellis.write, trellis.SEED),
}


@lru_cache(maxsize=len(_WRITERS))
def load(key: str) -> str:
    """One of the project's texts; the same characters on every machine, kept once written.

    Args:
        key: one of `CORPORA`.

    Raises:
        KeyError: there is no such text; the message names those that there are.
    """
    if key not in _WRITERS:
        raise KeyError(f"There is no text {key!r}. The project's texts are {', '.join(CORPORA)}.")
    write, seed = _WRITERS[key]
    return write(Dice(seed))
