"""The code behind an experiment, as a notebook would have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.language_catalogue import LANGUAGE
from lab.lesson.lineup import Entry

OWN_TEXT = 'open("my-text.txt", encoding="utf-8").read()'


def snippet(
    source: str,
    tokenizer: str,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    seed: int,
    characters: int = 0,
) -> str:
    """Return Python that trains the same models on the same text and budget.

    Args:
        source: key of one of the project's texts, or "" for the student's own.
        tokenizer: "character" or "word".
        entries: the models.
        budget: one of seconds or tokens.
        seed: of all of them.
        characters: how much of the text is used, 0 for all.
    """
    cut = f"[:{characters}]" if characters and source else ""
    text = f'load("{source}"){cut}' if source else OWN_TEXT
    ((kind, amount),) = budget.items()
    models = ",\n".join(
        f"    {name!r}: { ({'model': entry.kind} | dict(entry.changes))!r}"
        for name, entry in zip(LANGUAGE.labels(entries), entries, strict=True)
    )
    return f"""from lab.text import Corpus, load
from lab.training import train

corpus = Corpus.from_text({text}, tokenizer={tokenizer!r})
models = {{
{models},
}}
for name, changes in models.items():
    for event in train(text=corpus, {kind}={int(amount)}, seed={seed}, **changes):
        if event.validation_loss is not None:
            print(f"{{name}}, step {{event.step}}: {{event.validation_loss:.3f}} nats per token")
        if event.finished:
            print(event.sample.text)
"""
