"""The log-probability bias score of masked models, with the places that were read.

score = log P(target | sentence with the attribute) - log P(target | the attribute hidden too).

The first number is what the model expects beside "programmer"; the second, the prior, is what it
expects in that sentence of anybody. Their difference is what the word adds.

In the code of the authors the prior is read one place to the left of the last mask (the position
leaves out [CLS]), at a token that the model sees: `prior="paper"` does the same. As that number
does not depend on the attribute, the error shifts all scores of a template alike: with a single
template it cancels in the effect size, with several it adds to the spread of the rows. It cancels
too, as any prior does, where words are averaged over the same templates first.

Source: Kurita et al. 2019, Measuring Bias in Contextualized Word Representations, section 3; for
the position, issue 1 of github.com/keitakurita/contextual_embedding_bias_measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.bias.stimuli import Template
from lab.bias.units import Odds, Reading, judge, odds_of, per_template
from lab.bias.weat import WeatResult

if TYPE_CHECKING:
    from lab.masked.readers import Reader

PRIORS = ("masked", "paper", "none")
MOST_SENTENCES = 2000
BLANK = "[MASK]"


@dataclass(frozen=True)
class Sentence:
    """A sentence as the model read it.

    Attributes:
        template, attribute, group: see `lab.bias.units.Reading`.
        tokens: of the sentence with the target hidden.
        place: of the token that was read, from 0.
        prior_tokens: of the sentence with the attribute hidden too; empty without a prior.
        prior_place: of the token that was read there; None without a prior.
    """

    template: int
    attribute: str
    group: str
    tokens: list[str]
    place: int
    prior_tokens: list[str]
    prior_place: int | None


@dataclass(frozen=True)
class LogProbabilityBias:
    """What the score finds.

    Attributes:
        sentences: what was read, and where.
        readings: every log-probability and prior.
        rows: the log-odds of the two target groups.
        result: effect size and p-value on the unit.
        unit, prior: as asked for.
        templates: see `lab.bias.units.per_template`.
    """

    sentences: list[Sentence]
    readings: list[Reading]
    rows: list[Odds]
    result: WeatResult
    unit: str
    prior: str
    templates: list[dict[str, float]]


@dataclass
class _Row:
    """Token numbers with the place to read, and where the attribute stands."""

    ids: list[int]
    place: int
    span: tuple[int, int]


def log_probability_bias(
    model: Reader,
    templates: Sequence[Template | str],
    targets: tuple[Sequence[str], Sequence[str]] | None,
    attributes: tuple[Sequence[str], Sequence[str]],
    *,
    unit: str = "words",
    prior: str = "masked",
    **options: Any,
) -> LogProbabilityBias:
    """Score two groups of targets against two lists of attributes in some sentences.

    An attribute of several pieces is hidden behind as many masks, so that the sentence keeps its
    length. A target must be one token.

    Args:
        model: a reader of a masked model (`lab.masked.readers`).
        templates: with {target} and {attribute} once each; a `Template` has targets of its own.
        targets: words of the first and of the second group, for templates that are strings.
        attributes: words of A and of B.
        unit: see `lab.bias.units`.
        prior: "masked" reads the target's own mask; "paper" reads where the authors' code does;
            "none" subtracts nothing.
        **options: see `lab.bias.units.judge`.

    Raises:
        ValueError: a template lacks a slot, a target is several pieces, a word is unknown to the
            model, there is none, or there are too many sentences.
    """
    if prior not in PRIORS:
        raise ValueError(f"There is no prior {prior!r}: choose {', '.join(PRIORS)}.")
    whole = [_template(one, targets) for one in templates]
    words = [
        (w, g) for g, group in zip("AB", attributes, strict=True) for w in dict.fromkeys(group)
    ]
    if not whole or {group for _, group in words} != {"A", "B"}:
        raise ValueError("Write a template, and a word or more in both lists of attributes.")
    if len(whole) * len(words) > MOST_SENTENCES:
        raise ValueError(
            f"These are {len(whole) * len(words):,} sentences, and {MOST_SENTENCES:,} are read."
        )
    sentences, readings = [], []
    for number, template in enumerate(whole):
        seen, read = _score(model, number, template, words, prior)
        sentences += seen
        readings += read
    rows = odds_of(readings)
    result = judge(unit, rows, readings, **options)
    return LogProbabilityBias(
        sentences, readings, rows, result, unit, prior, per_template(rows, result.ddof)
    )


def _template(
    given: Template | str, targets: tuple[Sequence[str], Sequence[str]] | None
) -> Template:
    if isinstance(given, str):
        first, second = targets or ((), ())
        given = Template(given, tuple(first), tuple(second))
    for slot in ("{target}", "{attribute}"):
        if given.text.count(slot) != 1:
            raise ValueError(
                f"“{given.text[:60]}” needs {slot} once: write it where the word goes."
            )
    if not given.first or not given.second:
        raise ValueError(f"“{given.text[:60]}” has no target words: give two groups.")
    if BLANK in given.text:
        raise ValueError(f"“{given.text[:60]}” has a {BLANK} of its own: take it away.")
    return given


def _score(
    model: Reader,
    number: int,
    template: Template,
    words: Sequence[tuple[str, str]],
    prior: str,
) -> tuple[list[Sentence], list[Reading]]:
    rows = _rows(model, template, [word for word, _ in words])
    sides = [(w, "first") for w in template.first] + [(w, "second") for w in template.second]
    ids = _tokens_of(model, template, words[0][0], [word for word, _ in sides])
    behind = [_hidden(model, template, row, prior) for row in rows]
    said = _read(model, rows, ids)
    before = [None] * len(rows) if prior == "none" else _read(model, behind, ids)
    sentences, readings = [], []
    for place, (attribute, group) in enumerate(words):
        row, hidden = rows[place], behind[place]
        none = prior == "none"
        sentences.append(
            Sentence(
                number,
                attribute,
                group,
                model.show(row.ids),
                row.place,
                [] if none else model.show(hidden.ids),
                None if none else hidden.place,
            )
        )
        for column, (target, side) in enumerate(sides):
            known = None if none else before[place][column]
            p = said[place][column]
            readings.append(Reading(number, attribute, group, target, side, p, known))
    return sentences, readings


def _rows(model: Reader, template: Template, attributes: Sequence[str]) -> list[_Row]:
    """Return the sentences as token numbers, with the target hidden."""
    both = template.text.replace("{target}", BLANK).replace("{attribute}", BLANK)
    texts = [
        template.text.replace("{target}", BLANK).replace("{attribute}", word) for word in attributes
    ]
    if any(text.count(BLANK) != 1 for text in texts):
        raise ValueError(f"An attribute cannot hold {BLANK}: take it away.")
    pattern, *rows = model.encode([both, *texts])
    target_first = template.text.index("{target}") < template.text.index("{attribute}")
    blanks = model.blanks(pattern)
    at = blanks[1] if target_first else blanks[0]
    found = []
    for word, row in zip(attributes, rows, strict=True):
        end = at + 1 + len(row) - len(pattern)
        same = row[:at] == pattern[:at] and row[end:] == pattern[at + 1 :]
        if end <= at or not same:
            raise ValueError(
                f"“{word}” grows together with what stands beside it in “{template.text[:60]}”: "
                "put spaces around {attribute}."
            )
        if model.unknown_id in row[at:end]:
            raise ValueError(f"{model.name} does not know “{word}”: leave it out.")
        found.append(_Row(list(row), model.blanks(row)[0], (at, end)))
    return found


def _hidden(model: Reader, template: Template, row: _Row, prior: str) -> _Row:
    """Return the sentence with the attribute hidden too, and the place where the prior is read."""
    if prior != "paper":
        start, end = row.span
        ids = [*row.ids[:start], *[model.mask_id] * (end - start), *row.ids[end:]]
        return _Row(ids, row.place, row.span)
    both = template.text.replace("{target}", BLANK).replace("{attribute}", BLANK)
    (ids,) = model.encode([both])
    return _Row(list(ids), model.blanks(ids)[-1] - 1, row.span)


def _tokens_of(
    model: Reader, template: Template, attribute: str, words: Sequence[str]
) -> list[int]:
    from lab.masked.targets import resolve

    text = template.text.replace("{target}", BLANK).replace("{attribute}", attribute)
    found = resolve(model, text, words)
    refused = next((target.refused for target in found if target.refused), "")
    if refused:
        raise ValueError(f"{refused} Choose targets of one token.")
    return [target.ids[0] for target in found]


def _read(model: Reader, rows: Sequence[_Row], ids: Sequence[int]) -> list[list[float]]:
    """Return the log-probabilities of some tokens at the place of each row; equal rows once."""
    keys = [(tuple(row.ids), row.place) for row in rows]
    distinct = list(dict.fromkeys(keys))
    found: dict[tuple, list[float]] = {}
    blanks = [key for key in distinct if key[0][key[1]] == model.mask_id]
    for number, chances in model.guesses([list(row) for row, _ in blanks]):
        row, place = blanks[number]
        own = chances[model.blanks(row).index(place)]
        found[row, place] = [float(own[one]) for one in ids]
    for row, place in distinct:
        if (row, place) not in found:  # a place that is not hidden: the paper's prior
            found[row, place] = _read_anywhere(model, row, place, ids)
    return [found[key] for key in keys]


def _read_anywhere(
    model: Reader, row: Sequence[int], place: int, ids: Sequence[int]
) -> list[float]:
    import torch

    from lab.masked.batches import Batch

    with torch.inference_mode():
        numbers = torch.tensor([list(row)])
        positions = torch.arange(len(row))[None]
        owner = torch.zeros_like(numbers)
        batch = Batch([0], [1], numbers, owner, positions, torch.tensor([place]))
        chances = torch.log_softmax(model.logits(batch).float(), dim=1)[0]
    return [float(chances[one]) for one in ids]
