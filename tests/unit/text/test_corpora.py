"""The project's texts: the same everywhere, worth learning from, and true to their own rules."""

import hashlib
import math
import re
import subprocess
import sys
from collections import Counter

import pytest

from lab.text import corpora
from lab.text.corpora import CORPORA, load
from lab.text.generators import almanac, verse
from lab.text.generators.dice import Dice

SHA256 = {
    "play": "83462c2b9709cc127b1f517fab22ade7a26a0364c6a3f539e2733cc96b981f42",
    "almanac": "9999684ac30ca79b8a5f2895921b82e3b83b866b8ea9352f2ab940898894e91c",
    "trellis": "d5e28e263483176ac48915e3bbf751efb079b161b0b6caca702e4bf28984f5d4",
}

each_text = pytest.mark.parametrize("key", CORPORA)


def split(text):
    """Training and validation part, as `Corpus` cuts them."""
    cut = int(0.9 * len(text))
    return text[:cut], text[cut:]


# -- the texts as a whole ------------------------------------------------------------------


@each_text
def test_text_is_the_same_on_every_machine(key):
    assert hashlib.sha256(load(key).encode("utf-8")).hexdigest() == SHA256[key]


@each_text
def test_card_tells_the_truth_about_its_text(key):
    card, text = CORPORA[key], load(key)
    write, seed = corpora._WRITERS[key]
    dice = Dice(seed)
    assert write(dice) == text
    assert card.key == key
    assert card.characters == len(text)
    assert card.floor == pytest.approx(dice.nats / len(text), abs=5e-4)
    assert set(card.prompt) <= set(split(text)[0])
    assert card.look_for
    assert "generator" in card.made


@each_text
def test_text_is_plain(key):
    text = load(key)
    assert 250_000 <= len(text) <= 500_000
    assert text.isascii()
    assert text.endswith("\n")
    assert not re.search(r"[\t\r]| \n|\n{4}", text)
    assert "  " not in re.sub(r"\n +", "\n", text)  # two spaces only where a line is indented
    assert "{" not in text or key == "trellis"
    assert "_" not in text or key == "trellis"


def test_text_is_kept_once_it_is_written():
    assert load("almanac") is load("almanac")


def test_unknown_text_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(KeyError, match=r"no text 'novel'.*play, almanac, trellis"):
        load("novel")


@each_text
def test_held_out_lines_are_not_repeated_from_the_training_part(key):
    train, validation = split(load(key))
    seen = set(train.split("\n"))
    lines = [line for line in validation.split("\n") if len(line.strip()) >= 20]
    assert sum(line in seen for line in lines) < 0.05 * len(lines)


@each_text
def test_five_gram_stays_well_above_the_floor(key):
    """There is something left for models that look further back than four characters."""
    train, validation = split(load(key))
    order, symbols = 5, len(set(train))
    counts = [Counter(train[i : i + n] for i in range(len(train) - n + 1)) for n in range(1, 6)]
    follow = [Counter(gram[:-1] for gram in counts[n]) for n in range(order)]  # kinds after
    before = [Counter() for _ in range(order)]  # tokens after a context
    for n in range(order):
        for gram, count in counts[n].items():
            before[n][gram[:-1]] += count
    nats, points = 0.0, range(order, 20_000)
    for i in points:  # interpolated Witten-Bell, the best of the simple smoothings here
        p = 1 / symbols
        for n in range(order):
            gram = validation[i - n : i + 1]
            kinds, tokens = follow[n][gram[:-1]], before[n][gram[:-1]]
            if tokens:
                p = (counts[n][gram] + kinds * p) / (tokens + kinds)
        nats -= math.log(p)
    loss = nats / len(points)
    assert 0.5 < loss < 1.3
    assert loss > CORPORA[key].floor + 0.3


def test_texts_need_neither_torch_nor_streamlit():
    code = "import sys, lab.text.corpora; print({'torch', 'streamlit', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# -- the play ------------------------------------------------------------------------------


def scenes():
    return re.split(r"(?m)^(?=ACT )", load("play"))[1:]


def test_only_those_on_the_stage_speak_and_none_twice_in_a_row():
    for scene in scenes():
        stage, last = set(), None
        for line in scene.splitlines():
            capitals = set(re.findall(r"\b[A-Z]{3,}\b", line))
            if line.startswith("[Enter"):
                stage |= capitals
            elif line.startswith("[Exit"):
                stage -= capitals
            elif match := re.match(r"([A-Z]+): ", line):
                assert match[1] in stage, scene
                assert match[1] != last, scene
                last = match[1]


def test_verse_rhymes_in_its_scheme():
    family = {}
    for i, groups in enumerate(verse.RHYMES):
        for word in (word for group in groups for word in group):
            family.setdefault(word, set()).add(i)
    poems = re.findall(r"(?m)^(WREN|QUILL): (.*\n  .*\n  .*\n  .*)\n", load("play"))
    assert len(poems) > 200
    for name, poem in poems:
        ends = [re.sub(r"\W+$", "", line).split()[-1] for line in poem.split("\n")]
        for a, b in ((0, 1), (2, 3)) if name == "WREN" else ((0, 2), (1, 3)):
            assert ends[a] != ends[b]
            assert family[ends[a]] & family[ends[b]], poem


def test_each_person_keeps_the_pronoun():
    answers = re.findall(r"Where is ([A-Z][a-z]+)\?\n[A-Z]+: (She|He|They) ", load("play"))
    assert len(answers) > 50
    used = {}
    for name, pronoun in answers:
        used.setdefault(name, set()).add(pronoun)
    assert all(len(pronouns) == 1 for pronouns in used.values())
    assert {"She", "He", "They"} == set.union(*used.values())


def test_answers_agree_with_the_number_in_the_question():
    pairs = re.findall(
        r": Where (is|are) (?:my|your|our|the|these|that|a) [^?\n]*, \w+\?"
        r"\n[A-Z]+: [^.\n]* (it|them) ",
        load("play"),
    )
    assert len(pairs) > 30
    assert all((verb == "is") == (pronoun == "it") for verb, pronoun in pairs)


# -- the almanac ---------------------------------------------------------------------------


def test_tank_goes_on_from_the_entry_before():
    text, level = load("almanac"), None
    tanks = re.findall(r"Tank: (\d+) litres, less (\d+)(?: and (\d+) of rain)?: (\d+)\.", text)
    assert len(tanks) == text.count("Tank: ") > 500
    for before, used, rain, after in tanks:
        assert level in (None, int(before))
        level = int(after)
        assert level == int(before) - int(used) + int(rain or 0)
        assert 0 <= level <= almanac.TANK


def test_till_goes_on_from_the_sale_before_and_products_are_right():
    text, till = load("almanac"), None
    moves = re.findall(
        r"Sold (\d+) at (\d+) pence: (\d+)\. Till: (\d+) and (\d+) make (\d+)\."
        r"|for (\d+) pence\. Till: (\d+)\.",
        text,
    )
    assert len(moves) > 200
    for sold, price, product, before, again, after, spent, left in moves:
        if spent:
            assert till - int(spent) == int(left)
            till = int(left)
        else:
            assert int(sold) * int(price) == int(product) == int(again)
            assert till in (None, int(before))
            till = int(before) + int(product)
            assert till == int(after)
    for rows, each, seeds in re.findall(r"(\d+) rows of (\d+): (\d+)\.", text):
        assert int(rows) * int(each) == int(seeds)


def test_harvest_is_shared_without_a_remainder():
    pattern = r"Picked (\d+) pounds of [^:]*: (\d+) for [^,]*, (\d+) for [^,]* and (\d+) for "
    picked = re.findall(pattern, load("almanac"))
    assert len(picked) == len(re.findall(r"Picked \d+ pounds", load("almanac")))
    assert len(picked) > 200
    for total, *shares in picked:
        assert int(total) == sum(map(int, shares))


def test_calendar_and_moon_move_together():
    dates = re.findall(r"(?m)^(\w+day) (\d+) (\w+), (?:moon (\d+) days? old|new moon)\.",
                       load("almanac"))  # fmt: skip
    assert len(dates) > 500
    before = None
    for weekday, day, month, moon in dates:
        of_year = sum(almanac.DAYS[: almanac.MONTHS.index(month)]) + int(day)
        now = (of_year, almanac.WEEKDAYS.index(weekday), int(moon or 0))
        if before:
            passed = (now[0] - before[0]) % 365
            assert 1 <= passed <= 3
            assert (before[1] + passed) % 7 == now[1]
            assert (before[2] + passed) % almanac.MOON == now[2]
        before = now


def test_recipes_use_all_their_ingredients_and_weigh_right():
    found = re.findall(r"(?m)^Take (.*); on the scale (\d+) g\.\n(.*)$", load("almanac"))
    assert len(found) > 150
    for taken, total, method in found:
        parts = re.findall(r"(\d+) (g|ml|spoons?|handfuls?) of (.+?)(?=, \d| and \d|$)", taken)
        assert sum(int(amount) for amount, unit, _ in parts if unit == "g") == int(total)
        for _, _, name in parts:
            assert f"the {name}" in method.lower(), (taken, method)


# -- Trellis -------------------------------------------------------------------------------


def test_brackets_close_by_their_own_kind_and_blocks_by_their_own_name():
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    blocks = []
    for line in load("trellis").splitlines():
        words = line.split()
        if not words or words[0] in ("#", "say", "show"):
            continue
        is_comparison = words[0] == "if"
        awaited = []
        for sign in line:
            if sign in closing and not (is_comparison and sign == "<"):
                awaited.append(closing[sign])
            elif sign in ")]}" or (sign == ">" and not is_comparison):
                assert awaited.pop() == sign, line
        assert not awaited, line
        indent = len(line) - len(line.lstrip())
        if words[0] == "end":
            assert blocks.pop() == (indent, words[1:]), line
        elif words[0] != "else":
            assert indent == 2 * len(blocks), line
        if words[0] in ("if", "repeat"):
            blocks.append((indent, [words[0]]))
        elif words[0] == "for":
            blocks.append((indent, ["for", words[1]]))
        elif words[0] == "to":
            blocks.append((indent, [words[1]]))
    assert not blocks


def test_names_are_declared_before_they_are_used_in_this_block_or_around_it():
    for program in load("trellis").split("\n\n"):
        scopes = [set()]
        for line in program.splitlines():
            word, _, rest = line.strip().partition(" ")
            if word == "to":
                scopes = [set(re.findall(r"\w+", rest.partition("(")[2]))]
            elif word == "end":
                scopes.pop()
            elif word == "else":
                scopes[-1] = set()
            elif word in ("let", "set", "give", "if"):
                expression = rest.partition(" = ")[2] if word in ("let", "set") else rest
                used = set(re.findall(r"\b[a-z]+\b(?! \(|_)", expression)) - {"max", "min"}
                assert used <= set.union(*scopes), line
                if word == "set":
                    assert rest.split()[0] in set.union(*scopes), line
            if word == "let":
                scopes[-1].add(rest.split()[0])
            elif word in ("if", "repeat", "for"):
                scopes.append({rest.split()[0]} if word == "for" else set())


class Number(int):
    """An int whose @ and % stand for Trellis' max and min."""

    def __add__(self, other):
        return Number(int(self) + int(other))

    def __sub__(self, other):
        return Number(int(self) - int(other))

    def __mul__(self, other):
        return Number(int(self) * int(other))

    def __matmul__(self, other):
        return Number(max(int(self), int(other)))

    def __mod__(self, other):
        return Number(min(int(self), int(other)))


def as_python(line):
    """One line of Trellis as a line of Python: an interpreter independent of the generator's."""
    body = line.lstrip()
    indent = line[: len(line) - len(body)]
    word = body.partition(" ")[0]
    if word in ("#", "say", "end", "show", ""):
        return f"{indent}pass" if word == "say" else ""
    body = body.replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")")
    body = body.replace(" max ", " @ ").replace(" min ", " % ")
    body = re.sub(r"\b(\d+)\b", r"Number(\1)", body)
    if word == "to":
        return "def " + body[3:] + ":"
    if word in ("let", "set"):
        return indent + body[4:]
    if word == "if":
        return indent + body.replace(" = ", " == ") + ":"
    if word == "repeat":
        return indent + re.sub(r"repeat (.*) times", r"for _ in range(\1):", body)
    if word == "for":
        return indent + body.replace("<", "(").replace(">", ")") + ":"
    return indent + {"give": "return" + body[4:], "else": "else:"}[word]


def test_shown_values_are_what_the_programs_give():
    text = load("trellis")
    shown = 0
    for program in re.split(r"(?<=\d)\n\n(?=#)", text):
        space = {"Number": Number}
        exec("\n".join(as_python(line) for line in program.splitlines()), space)
        for name, arguments, value in re.findall(r"show (\w+) \((.*)\) gives (-?\d+)", program):
            assert space[name](*(Number(x) for x in arguments.split(", "))) == int(value), program
            shown += 1
    assert shown == text.count("\nshow ") > 500
