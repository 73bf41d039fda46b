"""Whatever a link says, its page opens: no exception, no hang, for every key of every lesson.

The keys are those that the lessons declare; values that are right are those of
`tests/cases/links.json`.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path

import pytest

from lab.lesson.kit.collect import lessons

LINKS = json.loads((Path(__file__).parent.parent / "cases" / "links.json").read_text("utf-8"))
BROKEN = {
    "empty": "",
    "a word": "nonsense",
    "negative": "-1",
    "not a number": "nan",
    "infinite": "inf",
    "too large for a float": "1e400",
    "too large for 64 bits": "1" + "0" * 30,
    "long": "x" * 5_000,
    "HTML": "<b>x</b>",
    "twice": ["1", "nonsense"],
    "other scripts": "Ünïcödé 𝟛 你好 ‮\u200b",
    "separators": "1,2,3;;:=",
}
RANDOM = 300  # links, over all lessons


LESSONS = [lesson for lesson in lessons() if hasattr(lesson, "keys")]
NAMES = sorted(lesson.name for lesson in LESSONS)


def _right() -> dict[str, dict[str, list]]:
    values: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for link in LINKS:
        for key, value in link["query"].items():
            values[link["page"]][key].append(value)
    for lesson in LESSONS:
        for key in lesson.keys.keys:
            values[lesson.name].setdefault(key.name, [])
    return values


RIGHT = _right()  # lesson -> key -> values that are right, perhaps none


def all_broken(lesson: str, turn: int) -> dict[str, str]:
    """Return the name of a broken value for each key; in `len(BROKEN)` turns each key has all."""
    names = list(BROKEN)
    return {key: names[(n + turn) % len(names)] for n, key in enumerate(sorted(RIGHT[lesson]))}


def random_links() -> dict[str, list[dict]]:
    """Return links by lesson: some of its keys, each with a value that is right or broken."""
    draw, lessons = random.Random(14), sorted(RIGHT)
    links: dict[str, list[dict]] = {lesson: [] for lesson in lessons}
    for number in range(RANDOM):
        lesson = lessons[number % len(lessons)]
        keys, query = sorted(RIGHT[lesson]), {}
        for key in draw.sample(keys, min(len(keys), draw.randint(1, 6))):
            name, right = draw.choice(list(BROKEN)), RIGHT[lesson][key]
            if right and draw.random() < 0.5:
                query[key] = draw.choice(right)
            else:
                query[key] = BROKEN[name]
        links[lesson].append(query)
    return links


def fault(open_page, lesson: str, query: dict) -> str:
    """Open a page and return what went wrong, "" if nothing."""
    try:
        app = open_page(lesson, **query)
    except RuntimeError as hang:  # AppTest's word for a script that does not end
        return f"{query}: {hang}"
    if not app.title:
        return f"{query}: the page is empty"
    return "".join(f"{query}: {one.value} {one.stack_trace[-3:]}" for one in app.exception)


@pytest.mark.parametrize("lesson", NAMES)
def test_broken_values_in_every_key(lesson, open_page):
    links = [all_broken(lesson, turn) for turn in range(len(BROKEN))]
    queries = [{key: BROKEN[name] for key, name in link.items()} for link in links]
    assert [found for query in queries if (found := fault(open_page, lesson, query))] == []


@pytest.mark.parametrize("lesson", NAMES)
def test_random_links(lesson, open_page):
    queries = random_links()[lesson]
    assert [found for query in queries if (found := fault(open_page, lesson, query))] == []
