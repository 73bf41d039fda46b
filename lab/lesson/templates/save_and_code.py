"""Taking it home: every row as CSV, the charts, everything as JSON, the code behind."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from lab.bias import own_lists
from lab.bias.stimuli import Stimuli, WordSet
from lab.charts.templates_words import score_heatmap
from lab.lesson.kit.keep import File, Picture, Table, show
from lab.lesson.kit.text import plain
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.source import Source
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest
from lab.lesson.templates.effect_sizes import WIDE, sizes_chart
from lab.lesson.templates.models import Answers
from lab.lesson.templates.tokens_read import odds, readings
from lab.lesson.templates.word_scores import directions, rows_of
from lab.masked.settings import PROJECT
from lab.pretrained.folders import in_code

FORMAT = "glasshouse-log-probability-1"


def draw(answers: Answers, test: BiasTest) -> None:
    """Draw the downloads and the code."""
    if answers:
        show(
            Table("All rows (CSV)", lambda: rows(answers, test), "templates.csv"),
            File("Everything (JSON)", lambda: everything(answers, test), "templates.json"),
            File("The word lists (JSON)", lambda: _lists_json(test), "word-lists.json"),
            Picture("Effect sizes", lambda: sizes_chart(answers, test, WIDE), "effect-sizes"),
            prefix="templates-save",
        )
        count, ends = len(test.templates), directions(test)
        for source, answer in answers:
            heatmap = Picture(
                f"Heatmap of {plain(source.name[:40])}",
                lambda one=answer: score_heatmap(rows_of(one, test), count, ends, 640),
                "scores",
                forms=("png",),
            )
            show(heatmap, prefix=f"templates-save-{source.key}")
        st.caption(TEXT("save"))
    st.markdown("**The code behind**")
    asked = next((one for one, _ in answers if not isinstance(one, Recorded)), None)
    if asked is None and answers:
        st.code(_RECORDED.format(key=test.published))
    else:
        st.code(snippet(asked, test))


def _lists_json(test: BiasTest) -> bytes:
    return own_lists.to_json(lists(test)).encode()


def rows(answers: Answers, test: BiasTest) -> pd.DataFrame:
    """Return every row of every model, with its sentence; figures in nats."""
    frames = []
    for source, answer in answers:
        frame = readings(answer, test) if answer["readings"] else odds(answer, test)
        frame.insert(0, "model", source.name)
        frame.insert(2, "text", [test.shown[n - 1] for n in frame["sentence"]])
        frames.append(frame)
    return pd.concat(frames)


def everything(answers: Answers, test: BiasTest) -> bytes:
    """Return test and answers as JSON, with what they were computed by."""
    given = {
        "format": FORMAT,
        "conventions": "d with ddof 1; p two-sided over all partitions, ties counted; nats",
        "sides": test.sides,
        "lists": test.names,
        **test.given,
        "models": [{"name": source.name, **answer} for source, answer in answers],
    }
    return json.dumps(given, ensure_ascii=False, indent=1).encode()


def lists(test: BiasTest) -> Stimuli:
    """Return the four lists of a test; the targets are those of all its sentences."""
    first = dict.fromkeys(word for one in test.templates for word in one.first)
    second = dict.fromkeys(word for one in test.templates for word in one.second)
    return Stimuli(
        "own",
        f"{test.sides[0]} and {test.sides[1]}",
        WordSet(test.sides[0], tuple(first)),
        WordSet(test.sides[1], tuple(second)),
        WordSet(test.names[0], test.a),
        WordSet(test.names[1], test.b),
        source="Glasshouse, Templates decide",
    )


def snippet(source: Source | None, test: BiasTest) -> str:
    """Return Python that computes the same scores in a notebook.

    Args:
        source: whom it asks; the project's own model if None.
        test: what.
    """
    templates = ",\n    ".join(
        f"Template({one.text!r}, {one.first!r}, {one.second!r})" for one in test.templates
    )
    run = source is not None and source.view is not None
    imported, folder = in_code((source.path if source else "") or str(PROJECT))
    return _CODE.format(
        imports=_RUN_IMPORTS if run else f"from lab.masked.readers import from_folder\n{imported}",
        reader=_RUN if run else f"reader = from_folder({folder})",
        templates=templates,
        a=list(test.a),
        b=list(test.b),
        prior=test.prior,
    )


_RUN_IMPORTS = """from pathlib import Path

from lab.masked.readers import from_run
from lab.runs import transfer
"""
_RUN = """# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
reader = from_run(checkpoint, data)"""
_CODE = """{imports}from lab.bias.log_probability import log_probability_bias
from lab.bias.stimuli import Template
from lab.bias.units import judge

{reader}
templates = [
    {templates},
]
attributes = (
    {a!r},
    {b!r},
)
found = log_probability_bias(reader, templates, None, attributes, prior={prior!r})
for one in found.templates:
    print(one["template"] + 1, round(one["effect_size"], 3))
for unit in ("words", "rows", "targets"):
    result = judge(unit, found.rows, found.readings)
    print(unit, result.sizes, round(result.effect_size, 3), result.p_low, result.p_high)
"""
_RECORDED = """from lab.bias.units import judge, per_template, recorded

rows = recorded({key!r})  # what Kurita et al. 2019 recorded of bert-base-uncased
for one in per_template(rows):
    print(one["template"] + 1, round(one["effect_size"], 3))
for unit in ("words", "rows"):
    result = judge(unit, rows)
    print(unit, result.sizes, round(result.effect_size, 3), result.p_low, result.p_high)
"""
