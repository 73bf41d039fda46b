"""Taking it home: every figure as CSV, the pictures, the code behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.contrast import contrast_points, contrast_scatter
from lab.lesson.fill import one_sentence, two_sentences, word_list
from lab.lesson.fill.models import QUESTION, Answer, name_of
from lab.lesson.fill.one_sentence import Sentence
from lab.lesson.fill.targets import Targets
from lab.lesson.fill.word_list import Result, WordList
from lab.lesson.kit.keep import Picture, Table, show
from lab.lesson.kit.link import KIT
from lab.lesson.kit.text import plain
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.source import Source, ask_each
from lab.masked.shares import long_rows
from lab.masked.slots import BLANK
from lab.pretrained.folders import in_code

_COLUMNS = ["model", "sentence", "target", "pieces", "p_raw", "p_conditional", "log_p"]


def sentence(sources: Sequence[Source], asked: Sentence, targets: Targets, answered: bool) -> None:
    """Draw the downloads of one sentence; nothing where it has no blank.

    Args:
        sources: one or more.
        asked, targets: what they are asked.
        answered: whether the student has guessed, or need not.
    """
    if BLANK not in asked.text:
        return
    st.markdown("**One sentence**")
    if not answered:
        st.caption(KIT("guess-first"))
        return
    found = [
        (name_of(source, answer[0]), answer[0])
        for source, answer in _ask(sources, "fill", **asked.given(targets))
        if answer[0]["blanks"][0]["top"]
    ]
    pictures = [
        Picture(plain(name), lambda a=answer: one_sentence.top_chart(a, asked, 0.0, 640), stem)
        for stem, (name, answer) in _numbered("sentence", found)
    ]
    tables = [Table("Tokens (CSV)", lambda: tokens(found), "sentence.csv")] if found else []
    show(*tables, *pictures, prefix="fill")


def pair(sources: Sequence[Source], sentences: list[str]) -> None:
    """Draw the downloads of two sentences; if one has no blank, what to do."""
    if not two_sentences.checked(sentences):
        return
    st.markdown("**Two sentences**")
    names, kept = two_sentences.differ(*sentences), []
    found = _ask(sources, "contrast", sentences=sentences)
    for stem, (source, answer) in _numbered("pair", found):
        label, points = plain(name_of(source, answer)), contrast_points(answer["rows"])
        kept += [
            Table(
                f"{label} (CSV)",
                lambda points=points: two_sentences.table(points, names),
                f"{stem}.csv",
            ),
            Picture(
                label,
                lambda points=points: contrast_scatter(points, names, two_sentences.WIDE),
                stem,
            ),
        ]
    show(*kept, prefix="fill")


def grid(sources: Sequence[Source], asked: WordList, targets: Targets) -> None:
    """Draw the downloads of the list; nothing without words to compare."""
    if not targets.words:
        return
    st.markdown("**The list**")
    found = [
        (name_of(source, answer), word_list.result(answer, asked))
        for source, answer in _ask(sources, "grid", sentences=asked.sentences, **targets.given)
    ]
    sentences = [row.sentence for row in asked.rows]
    pictures = [
        Picture(plain(name), lambda result=result: word_list.chart(asked, result, 640), stem)
        for stem, (name, result) in _numbered("list", found)
    ]
    rows = [(name, sentences, result) for name, result in found]
    tables = [Table("All figures (CSV)", lambda: figures(rows), "list.csv")] if found else []
    show(*tables, *pictures, prefix="fill")


def _ask(sources: Sequence[Source], what: str, **given: Any) -> list[tuple[Source, Any]]:
    answers = ask_each(sources, QUESTION, what=what, **given)
    return [(one, answer) for one, answer in zip(sources, answers, strict=True) if answer]


def _numbered(stem: str, found: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(f"{stem}-{number}", one) for number, one in enumerate(found)]


def tokens(found: Sequence[tuple[str, Answer]]) -> pd.DataFrame:
    """Return one sentence's most probable tokens of each blank, for each model by its name."""
    rows = [
        {"model": name, "sentence": answer["sentence"], "blank": number, **row}
        for name, answer in found
        for number, blank in enumerate(answer["blanks"], 1)
        for row in blank["top"]
    ]
    return pd.DataFrame(rows, columns=["model", "sentence", "blank", "token", "id", "p"])


def figures(found: Sequence[tuple[str, Sequence[str], Result]]) -> pd.DataFrame:
    """Return a row for each model, sentence and word.

    Args:
        found: name of the model, sentences, what it said.
    """
    rows = [
        row
        for name, sentences, result in found
        for text, log_p in zip(sentences, result.log_p, strict=True)
        for row in long_rows(name, text, result.words, log_p)
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def snippet(source: Source, template: str, targets: Targets, pair: Sequence[str]) -> str:
    """Return Python that fills the same blanks in a notebook.

    Args:
        source: whom it asks.
        template: of the list.
        targets: to compare.
        pair: two sentences.
    """
    if isinstance(source, Recorded):
        return _RECORDED.format(pair=list(pair))
    given = {
        "template": template,
        "words": list(targets.words),
        "extra": ", in_pieces=True" if targets.in_pieces else "",
        "pair": list(pair),
    }
    if source.folder is None:
        return _CODE.format(head=_RUN_HEAD, reader=_RUN, **given)
    imported, folder = in_code(source.folder.path)
    head = f"{_FOLDER_HEAD}\n{imported}".rstrip()
    return _CODE.format(head=head, reader=f"reader = from_folder({folder})", **given)


_FOLDER_HEAD = """from lab.masked.blanks import contrast, fill, grid
from lab.masked.readers import from_folder
from lab.masked.shares import conditional
from lab.masked.slots import expand"""
_RUN_HEAD = """from pathlib import Path

from lab.masked.blanks import contrast, fill, grid
from lab.masked.readers import from_run
from lab.masked.shares import conditional
from lab.masked.slots import expand
from lab.runs import transfer"""
_RUN = """# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
reader = from_run(checkpoint, data)"""
_RECORDED = """from lab.masked.recorded import models

for model in models():  # what was recorded, and by whom
    found = model.contrast({pair!r})
    if found:
        print(model.name, model.source)
        print(found["rows"][:5])
"""
_CODE = """{head}

{reader}
template = {template!r}
sentences = [row.sentence for row in expand(template)]
words = {words!r}
found = grid(reader, sentences, words{extra})
for sentence, log_p in zip(sentences, found["log_p"]):
    print(sentence, log_p, conditional(log_p))  # nats; shares of the words
print(fill(reader, sentences[:1], k=5)[0]["blanks"][0]["top"])
print(contrast(reader, {pair!r})["rows"][:5])
"""
