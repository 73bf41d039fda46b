"""Finnish pronouns: the shares are exact, nothing else tells, and the sentences are right."""

import csv
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from lab.seq2seq import PairCorpus, PairError
from lab.seq2seq.generators import pronouns

OCCUPATIONS = (
    Path(__file__).parents[4] / "shared" / "data" / "text" / "winogender-occupations-stats.tsv"
)


def frame_of(pair) -> str:
    """The source with its profession taken out."""
    finnish = {word for _, word in pronouns.PROFESSIONS}
    return " ".join("P" if word in finnish else word for word in pair.source)


def profession_of(pair) -> str:
    names = {finnish: english for english, finnish in pronouns.PROFESSIONS}
    (found,) = (names[word] for word in pair.source if word in names)
    return found


def pronoun_of(pair) -> str | None:
    found = [word for word in pair.target if word in ("he", "she")]
    assert len(found) == ("hän" in pair.source)
    return found[0] if found else None


@pytest.fixture(scope="module")
def corpus() -> PairCorpus:
    return pronouns.make()


def test_twelve_professions():
    assert dict(pronouns.PROFESSIONS) == {
        "doctor": "lääkäri", "nurse": "sairaanhoitaja", "teacher": "opettaja",
        "engineer": "insinööri", "cleaner": "siivooja", "pilot": "lentäjä", "cook": "kokki",
        "researcher": "tutkija", "secretary": "sihteeri", "manager": "johtaja",
        "musician": "muusikko", "mechanic": "mekaanikko",
    }  # fmt: skip


BY_HAND = {
    "hän on lääkäri": ("she is a doctor", "hän on - lääkäri"),
    "hän ei ole insinööri": ("she is not an engineer", "hän ole ei - insinööri"),
    "hän oli vanha kokki": ("she was an old cook", "hän oli - vanha kokki"),
    "onko hän hyvä opettaja ?": ("is she a good teacher ?", "onko hän - hyvä opettaja ?"),
    "hän on lentäjä tampereella": (
        "she is a pilot in tampere",
        "hän on - lentäjä tampereella tampereella",
    ),
    "hän on myös muusikko": ("she is also a musician", "hän on myös - muusikko"),
    "nyt hän on johtaja": ("now she is a manager", "nyt hän on - johtaja"),
    "sihteeri sanoi , että hän on väsynyt": (
        "the secretary said that she is tired",
        "- sihteeri sanoi että hän on väsynyt",
    ),
    "tuo siivooja on täällä": ("that cleaner is here", "tuo siivooja on täällä"),
    "missä mekaanikko on ?": ("where is the mechanic ?", "missä on - mekaanikko ?"),
    "tutkija on suomessa": ("the researcher is in finland", "- tutkija on suomessa suomessa"),
}


@pytest.mark.parametrize("source", BY_HAND)
def test_sentences_by_hand(source):
    target, origins = BY_HAND[source]
    words = set(source.split())
    (name,) = (english for english, finnish in pronouns.PROFESSIONS if finnish in words)
    made = [frame.pair(name, "she") for frame in pronouns.frames()]
    (pair,) = [pair for pair in made if " ".join(pair.source) == source]
    assert " ".join(pair.target) == target
    linked = [[pair.source[i] for i, at in pair.sure if at == j] for j in range(len(pair.target))]
    assert linked == [[] if word == "-" else [word] for word in origins.split()]


def test_articles_before_vowels():
    made = [
        frame.pair(name, "he").target for frame in pronouns.frames() for name in pronouns.FINNISH
    ]
    after = {(a, b[0] in "aeio") for words in made for a, b in pairwise(words)}
    assert ("an", True) in after
    assert ("a", False) in after
    assert not {("an", False), ("a", True)} & after


@pytest.mark.parametrize("pairs", [240, 1000, 2400])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_share_of_she_is_exact_up_to_rounding(pairs, seed):
    corpus = pronouns.make({"doctor": 1.0, "nurse": 0.0, "pilot": 1 / 3}, pairs, seed)
    assert len(corpus.train) == pairs // 12 * 12
    shares = {**pronouns.DEFAULT_SHARES, "doctor": 1.0, "nurse": 0.0, "pilot": 1 / 3}
    spoken = defaultdict(list)
    for pair in corpus.train:
        if pronoun_of(pair):
            spoken[profession_of(pair)].append(pronoun_of(pair) == "she")
    assert len({len(found) for found in spoken.values()}) == 1
    for name, found in spoken.items():
        assert abs(sum(found) - shares[name] * len(found)) <= 0.5


def test_the_frame_tells_nothing(corpus):
    counts = defaultdict(Counter)  # (frame, profession): he, she
    for pair in corpus.train:
        if pronoun_of(pair):
            counts[frame_of(pair), profession_of(pair)][pronoun_of(pair)] += 1
    frames = {frame for frame, _ in counts}
    for (_, name), found in counts.items():
        assert abs(found["she"] - pronouns.DEFAULT_SHARES[name] * found.total()) < 1
    for frame in frames:
        with_frame = {name: found for (at, name), found in counts.items() if at == frame}
        assert set(with_frame) == set(pronouns.FINNISH)
        she = sum(found["she"] for found in with_frame.values())
        expected = sum(
            pronouns.DEFAULT_SHARES[name] * found.total() for name, found in with_frame.items()
        )
        assert abs(she - expected) < 4  # of about 40, and each of twelve is off by less than one


def test_what_rounding_leaves_does_not_add_up_in_a_frame():
    # One sentence for each frame and profession, half of them with "she".
    corpus = pronouns.make(dict.fromkeys(pronouns.FINNISH, 0.5), pairs=720)
    she = defaultdict(int)
    for pair in corpus.train:
        if pronoun_of(pair):
            she[frame_of(pair)] += pronoun_of(pair) == "she"
    assert len(she) > 40
    assert set(she.values()) <= set(range(1, 12))


def test_names_are_also_learned_without_a_pronoun(corpus):
    silent = Counter(profession_of(pair) for pair in corpus.train if not pronoun_of(pair))
    assert set(silent.values()) == {40}
    assert len(silent) == 12


def test_whole_frames_are_held_out_and_their_words_known(corpus):
    train = {frame_of(pair) for pair in corpus.train}
    held_out = {frame_of(pair) for pair in corpus.held_out}
    assert len(held_out) == 8
    assert not train & held_out
    alone = ("hän on P", "hän ei ole P", "hän oli P", "onko hän P ?", "missä P on ?")
    assert set(alone) <= train  # no other sentence has their shape
    for pair in corpus.held_out:
        assert set(pair.source) <= set(corpus.source_vocabulary)
        assert set(pair.target) <= set(corpus.target_vocabulary)


def test_the_prompt_asks_for_the_pronoun(corpus):
    assert pronouns.prompt_for("doctor") == "hän on lääkäri"
    for name in pronouns.FINNISH:
        tokens, unknown = corpus.split_source(pronouns.prompt_for(name))
        assert not unknown
        for pair in corpus.train:
            if pair.source == tokens:
                assert pair.target[pronouns.PRONOUN_AT] in ("he", "she")


def test_the_seed_decides_and_saving_keeps(corpus):
    assert pronouns.make().digest == corpus.digest
    assert pronouns.make(seed=1).digest != corpus.digest
    assert pronouns.make({"doctor": 0.9}).digest != corpus.digest
    assert PairCorpus.from_bytes(corpus.to_bytes()).digest == corpus.digest


@pytest.mark.parametrize(
    ("shares", "pairs", "message"),
    [
        ({"astronaut": 0.5}, 2400, "no profession 'astronaut'"),
        ({"doctor": 1.1}, 2400, "from 0 to 1"),
        ({"doctor": float("nan")}, 2400, "from 0 to 1"),
        ({}, 100, "240 to 20,000"),
    ],
)
def test_what_cannot_be_made_is_said(shares, pairs, message):
    with pytest.raises(PairError, match=message):
        pronouns.make(shares, pairs)


def test_default_shares_are_the_figures_where_there_are_any():
    assert pronouns.DEFAULT_SHARES["nurse"] == 0.8958
    assert pronouns.DEFAULT_SHARES["cook"] == 0.5
    assert set(pronouns.WINOGENDER) == set(pronouns.DEFAULT_SHARES) == set(pronouns.FINNISH)


@pytest.mark.skipif(not OCCUPATIONS.exists(), reason="shared/data is not here")
def test_figures_are_those_of_the_table():
    with OCCUPATIONS.open(encoding="utf-8") as file:
        rows = {row["occupation"]: row for row in csv.DictReader(file, delimiter="\t")}
    for name, figure in pronouns.WINOGENDER.items():
        if figure is None:
            assert name not in rows
        else:
            assert figure == float(rows[name]["bls_pct_female"])
            assert pronouns.WINOGENDER_YEARS[name] == int(rows[name]["bls_year"])
