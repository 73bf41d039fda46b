"""Finnish to English, where a translator has to guess: "hän on lääkäri" is he or she.

Finnish has one pronoun, "hän", for "he" and "she". What a model writes for it, it can only have
from how often each stood beside a profession in training, and here that share is set exactly.
Nothing else in a sentence tells: within every frame each profession has the same share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.seq2seq.pairs import Pair, PairCorpus, PairError
from lab.text.generators.dice import Dice

# (English, Finnish in the nominative)
PROFESSIONS = (
    ("doctor", "lääkäri"),
    ("nurse", "sairaanhoitaja"),
    ("teacher", "opettaja"),
    ("engineer", "insinööri"),
    ("cleaner", "siivooja"),
    ("pilot", "lentäjä"),
    ("cook", "kokki"),
    ("researcher", "tutkija"),
    ("secretary", "sihteeri"),
    ("manager", "johtaja"),
    ("musician", "muusikko"),
    ("mechanic", "mekaanikko"),
)
FINNISH = dict(PROFESSIONS)
HE, SHE = "he", "she"

# Per cent of women in an occupation in the United States, from the Bureau of Labor Statistics, as
# collected by Rudinger, Naradowsky, Leonard and Van Durme (2018), "Gender bias in coreference
# resolution" (their column bls_pct_female). None: not among their sixty occupations; "janitor",
# "chef" and "scientist" are, but those are other words.
WINOGENDER: dict[str, float | None] = {
    "doctor": 37.9, "nurse": 89.58, "teacher": 71.0, "engineer": 10.72, "cleaner": None,
    "pilot": None, "cook": None, "researcher": None, "secretary": 94.6, "manager": 38.51,
    "musician": None, "mechanic": 1.8,
}  # fmt: skip
WINOGENDER_YEARS = {
    "doctor": 2015, "nurse": 2015, "teacher": 2015, "engineer": 2015, "secretary": 2016,
    "manager": 2015, "mechanic": 2015,
}  # fmt: skip

# The share of "she": those figures where there is one, else one half. A choice, no finding.
DEFAULT_SHARES = {
    name: 0.5 if (known := WINOGENDER[name]) is None else round(known / 100, 4) for name in FINNISH
}

# Frames: the Finnish, and the English with the place of the Finnish word that each word comes
# from (articles come from none). P is a profession, A an adjective, X a state, L a place, HE a
# pronoun, AN "a" or "an".
_SPOKEN = (
    ("hän on P", "HE/0 is/1 AN P/2"),
    ("hän on A P", "HE/0 is/1 AN A/2 P/3"),
    ("hän ei ole P", "HE/0 is/2 not/1 AN P/3"),
    ("hän ei ole A P", "HE/0 is/2 not/1 AN A/3 P/4"),
    ("hän oli P", "HE/0 was/1 AN P/2"),
    ("hän oli A P", "HE/0 was/1 AN A/2 P/3"),
    ("onko hän P ?", "is/0 HE/1 AN P/2 ?/3"),
    ("onko hän A P ?", "is/0 HE/1 AN A/2 P/3 ?/4"),
    ("hän on P L", "HE/0 is/1 AN P/2 in/3 L/3"),
    ("hän on myös P", "HE/0 is/1 also/2 AN P/3"),
    ("nyt hän on P", "now/0 HE/1 is/2 AN P/3"),
    ("P sanoi , että hän on X", "the P/0 said/1 that/3 HE/4 is/5 X/6"),
    ("P tietää , että hän on X", "the P/0 knows/1 that/3 HE/4 is/5 X/6"),
)
_SILENT = (
    ("P on X", "the P/0 is/1 X/2"),
    ("tuo P on X", "that/0 P/1 is/2 X/3"),
    ("tämä P on X", "this/0 P/1 is/2 X/3"),
    ("P on L", "the P/0 is/1 in/2 L/2"),
    ("tuo P on L", "that/0 P/1 is/2 in/3 L/3"),
    ("tuo A P on täällä", "that/0 A/1 P/2 is/3 here/4"),
    ("missä P on ?", "where/0 is/2 the P/1 ?/3"),
)
_FILLED = {
    "A": (
        ("good", "hyvä"), ("new", "uusi"), ("old", "vanha"), ("young", "nuori"),
        ("famous", "kuuluisa"), ("friendly", "ystävällinen"), ("experienced", "kokenut"),
    ),
    "X": (
        ("here", "täällä"), ("tired", "väsynyt"), ("busy", "kiireinen"), ("ready", "valmis"),
        ("happy", "iloinen"),
    ),
    "L": (
        ("helsinki", "helsingissä"), ("turku", "turussa"), ("tampere", "tampereella"),
        ("finland", "suomessa"),
    ),
}  # fmt: skip
FEWEST, MOST = 240, 20_000  # pairs
PRONOUN_AT = 0  # place of the pronoun in the translation of `prompt_for`
_HELD_OUT = 0.1  # share of the frames


@dataclass(frozen=True)
class Frame:
    """A sentence with a gap for the profession; see the notation above."""

    shape: str  # the Finnish before A, X or L was filled
    finnish: str
    english: str

    @property
    def spoken(self) -> bool:
        """Whether there is a pronoun in it."""
        return "HE/" in self.english

    def words(self) -> set[str]:
        """The words of both languages around the gaps."""
        return {*self.finnish.split(), *(word.split("/")[0] for word in self.english.split())}

    def pair(self, profession: str, pronoun: str = "") -> Pair:
        """Fill the gaps."""
        source = [FINNISH[profession] if word == "P" else word for word in self.finnish.split()]
        target, links = [], set()
        for place, word in enumerate(self.english.split()):
            word, _, origin = word.partition("/")
            target.append({"P": profession, "HE": pronoun}.get(word, word))
            if origin:
                links.add((int(origin), place))
        if "AN" in target:
            place = target.index("AN")
            target[place] = "an" if target[place + 1][0] in "aeio" else "a"
        return Pair(tuple(source), tuple(target), frozenset(links))


def frames() -> tuple[Frame, ...]:
    """All frames, the one of `prompt_for` first."""
    made = []
    for finnish, english in _SPOKEN + _SILENT:
        slot = next((slot for slot in _FILLED if slot in finnish.split()), None)
        for name, word in _FILLED.get(slot, ((None, None),)):
            fill = {slot: word}
            filled = " ".join(fill.get(part, part) for part in finnish.split())
            parts = (part.partition("/") for part in english.split())
            named = " ".join((name if a == slot else a) + b + c for a, b, c in parts)
            made.append(Frame(finnish, filled, named))
    return tuple(made)


def prompt_for(profession: str) -> str:
    """The sentence that asks for a profession's pronoun: "hän on lääkäri" for "doctor".

    The pronoun is word `PRONOUN_AT` of its translation.
    """
    return f"hän on {FINNISH[profession]}"


def make(shares: Mapping[str, float] | None = None, pairs: int = 2400, seed: int = 0) -> PairCorpus:
    """Write pairs in which each profession has its share of "she".

    In the training part the number of sentences with "she" is, for each profession, its share of
    those with a pronoun, rounded; and within each frame it is within one of that. A fifth of the
    sentences have no pronoun, so that the professions' names are learned apart from it. Whole
    frames are held out, with all professions.

    Args:
        shares: share of "she" from 0 to 1 by the English name of the profession;
            `DEFAULT_SHARES` for those left out.
        pairs: number of training pairs, at least 240; the nearest multiple of twelve below.
        seed: decides which frames are held out, and which get the pronoun that rounding leaves.

    Raises:
        PairError: a share or the number of pairs is out of range, or there is no such profession.
    """
    shares = _checked(shares or {}, pairs)
    dice = Dice(seed)
    train_frames, held_out_frames = _split(dice)
    each = pairs // len(PROFESSIONS)
    silent = each // 5
    ratio = len(held_out_frames) / len(train_frames)
    train, held_out = [], []
    for part, chosen, scale in ((train, train_frames, 1.0), (held_out, held_out_frames, ratio)):
        with_pronoun = [frame for frame in chosen if frame.spoken]
        without = [frame for frame in chosen if not frame.spoken]
        for name, share in shares.items():
            spoken = max(round(scale * (each - silent)), 1)
            part += _spread(dice, with_pronoun, spoken, name, share)
            part += _spread(dice, without, max(round(scale * silent), 1), name, 0.0)
    return PairCorpus.from_parts("Finnish pronouns", train, held_out)


def _checked(shares: Mapping[str, float], pairs: int) -> dict[str, float]:
    for name, share in shares.items():
        if name not in FINNISH:
            raise PairError(f"There is no profession {name!r}: use {', '.join(FINNISH)}.")
        if not 0 <= share <= 1:
            raise PairError(f"The share of she for {name} is {share}: use a number from 0 to 1.")
    if not FEWEST <= pairs <= MOST:
        raise PairError(f"Use {FEWEST:,} to {MOST:,} pairs; {pairs:,} were asked for.")
    return {name: shares.get(name, DEFAULT_SHARES[name]) for name in FINNISH}


def _split(dice: Dice) -> tuple[list[Frame], list[Frame]]:
    # Frames of both kinds to hold out: no word and no shape that would then be new.
    train, held_out = list(frames()), []
    for spoken in (True, False):
        kind = [frame for frame in train[1:] if frame.spoken == spoken]
        wanted = round(_HELD_OUT * len(kind))
        for frame in dice.some(kind, len(kind)):
            others = [other for other in train if other is not frame]
            known = set().union(*(other.words() for other in others))
            shapes = {other.shape for other in others}
            if wanted and frame.words() <= known and frame.shape in shapes:
                train.remove(frame)
                held_out.append(frame)
                wanted -= 1
    return train, held_out


def _spread(dice: Dice, chosen: list[Frame], count: int, name: str, share: float) -> list[Pair]:
    # `count` sentences as evenly as possible over the frames, and "she" as evenly as possible over
    # the sentences: up to the k-th one there are round(k share) of them. Each profession has the
    # frames in its own order, so that what rounding leaves does not add up in one frame.
    order = dice.some(chosen, len(chosen))
    shown = [order[place * len(order) // count] for place in range(count)]
    she = [int(place * share + 0.5) for place in range(count + 1)]
    return [
        frame.pair(name, SHE if after > before else HE)
        for frame, before, after in zip(shown, she, she[1:], strict=False)
    ]
