"""The figures of the model card: what the shipped model gets right and wrong, and how it leans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.masked import probes

if TYPE_CHECKING:
    from lab.masked.rows import Rows
    from lab.models.bert import Bert


def held_out(model: Bert, rows: Rows, whole: bool = True) -> dict[str, dict[str, float]]:
    """Measure on the held-out rows, or on a fixed part of them.

    "as trained" hides what training hides, "15 %" what BERT's paper does: all tokens alike.
    """
    from lab.masked.settings import MaskedSettings
    from lab.masked.task import MaskedTask

    found = {}
    for name, share, pronouns in (("as trained", 0.2, 0.35), ("15 %", 0.15, 0.15)):
        settings = MaskedSettings.of(
            context=model.context, share=share, pronoun_share=pronouns, steps=1, device="cpu"
        )
        measured = MaskedTask(settings, rows).evaluate(model, whole)
        found[name] = {
            "loss": measured.loss,
            "perplexity": float(np.exp(measured.loss)),
            "top1": measured.metrics["top1"],
        }
    return found


def occupation_figures(
    model: Bert, tokens: Sequence[str], men: dict[str, float], own: dict[str, float] | None
) -> dict[str, Any]:
    """Compare log p(he)/p(she) with the world's shares of men, and with the text's own.

    Args:
        model, tokens: to be asked.
        men: occupation -> share of men.
        own: occupation -> share of he beside it in the training text, or None.

    Returns:
        "ratios" (occupation -> mean over the templates, centred on a person), "men" (rank
        correlation), "men_by_template" (a list of them), and with `own` "text" (rank correlation
        with it), "text_words" (over how many occupations), "text_and_men".
    """
    words = list(men)
    measured = probes.log_ratios(model, tokens, [*words, probes.NEUTRAL])
    centred = measured[:-1] - measured[-1]  # (occupations, templates)
    ratios = dict(zip(words, centred.mean(axis=1).tolist(), strict=True))
    found: dict[str, Any] = {
        "ratios": ratios,
        "men": probes.against_shares(ratios, men),
        "men_by_template": [
            probes.against_shares(dict(zip(words, column, strict=True)), men)
            for column in centred.T.tolist()
        ],
    }
    if own is not None:
        found["text"] = probes.against_shares(ratios, own)
        found["text_words"] = len(own)
        found["text_and_men"] = probes.against_shares(own, men)
    return found


def lines(
    model: Bert, tokens: Sequence[str], rows: Rows | None, men: dict[str, float] | None
) -> Iterator[str]:
    """Yield the figures as lines of Markdown."""
    yield "## Held-out text"
    yield ""
    if rows is None:
        yield "Not measured: the held-out text is in the work folder of the pre-training."
    else:
        yield from _held_out_lines(held_out(model, rows), rows)
    yield ""
    yield "## Twenty everyday sentences, failures included"
    yield ""
    yield from _sentence_lines(model, tokens)
    yield ""
    yield "## He or she"
    yield ""
    yield from _course_lines(model, tokens)
    yield ""
    if men is None:
        yield "Not measured: the table of occupations was not given."
    else:
        own = None if rows is None else probes.text_shares(rows.train, tokens, list(men))
        yield from _occupation_lines(occupation_figures(model, tokens, men, own))


def _held_out_lines(found: dict[str, dict[str, float]], rows: Rows) -> Iterator[str]:
    number = sum(part.size for part in rows.held.values())
    yield f"{number:,} tokens of documents that training never saw, the same blanks each time."
    yield ""
    yield "| blanks | loss (nats) | perplexity | first guess right |"
    yield "|---|---|---|---|"
    names = {
        "as trained": "as in training: 20 % of the tokens, 35 % of the pronouns",
        "15 %": "as in BERT's paper: 15 % of all tokens",
    }
    for key, name in names.items():
        one = found[key]
        yield (
            f"| {name} | {one['loss']:.2f} | {one['perplexity']:.1f} | {100 * one['top1']:.1f} % |"
        )


def _sentence_lines(model: Bert, tokens: Sequence[str]) -> Iterator[str]:
    from lab.masked.filling import fill, top

    yield "| sentence | the five most probable tokens |"
    yield "|---|---|"
    for sentence, filled in zip(probes.EVERYDAY, fill(model, tokens, probes.EVERYDAY), strict=True):
        guesses = ", ".join(f"{token} {chance:.2f}" for token, chance in top(filled, tokens))
        yield f"| {sentence} | {guesses} |"


def _course_lines(model: Bert, tokens: Sequence[str]) -> Iterator[str]:
    from lab.masked.filling import fill

    yield "| sentence of the course | model | he | she | they |"
    yield "|---|---|---|---|---|"
    for sentence, recorded in probes.COURSE.items():
        filled = fill(model, tokens, [sentence])[0]
        own = [np.exp(filled.log_probabilities[0, tokens.index(word)]) for word in recorded]
        for name, chances in (("this one", own), ("bert-base-uncased", recorded.values())):
            figures = " | ".join(f"{chance:.3f}" for chance in chances)
            yield f"| {sentence} | {name} | {figures} |"
    yield ""
    yield "The figures of bert-base-uncased are recorded, from the course."


def _occupation_lines(found: dict[str, Any]) -> Iterator[str]:
    spread = found["men_by_template"]
    yield (
        f"Rank correlation (Spearman) of log p(he)/p(she), the mean of {len(spread)} templates, "
        f"over {len(found['ratios'])} occupations of Winogender:"
    )
    yield ""
    yield (
        f"- with the share of men in the United States: **{found['men']:.2f}** (by template from "
        f"{min(spread):.2f} to {max(spread):.2f});"
    )
    if "text" in found:
        yield (
            f"- with the training text's own share of he beside the occupation: "
            f"**{found['text']:.2f}** over {found['text_words']} occupations that stand with a "
            f"pronoun in {probes.FEWEST} rows or more;"
        )
        yield f"- of the text's shares with those of the world: {found['text_and_men']:.2f}."
    ordered = sorted(found["ratios"].items(), key=lambda item: item[1])
    yield ""
    yield "Most to the side of she, against a person: " + _named(ordered[:8]) + "."
    yield ""
    yield "Most to the side of he: " + _named(ordered[:-9:-1]) + "."


def _named(pairs: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{word} {value:+.2f}" for word, value in pairs)
