"""Taking it home: every row as CSV, the charts, everything as JSON, the code behind."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from lab.bias import own_lists
from lab.bias.stimuli import Stimuli, WordSet
from lab.charts.templates_words import score_heatmap
from lab.lesson.downloads import button, pictures
from lab.lesson.lineup import plain
from lab.lesson.templates.effect import draw
from lab.lesson.templates.lists import Asked
from lab.lesson.templates.models import Found, Voice
from lab.lesson.templates.reading import odds, readings
from lab.lesson.templates.words import directions, rows_of
from lab.masked.settings import PROJECT
from lab.pretrained.folders import in_code

FORMAT = "glasshouse-log-probability-1"
_WIDE = 860


def desk(found: Found, asked: Asked) -> None:
    """Draw the downloads and the code."""
    if found:
        with st.container(horizontal=True, gap="small"):
            button(
                "All rows (CSV)",
                lambda: rows_csv(found, asked),
                "templates.csv",
                "templates-save-rows",
            )
            button(
                "Everything (JSON)",
                lambda: everything(found, asked),
                "templates.json",
                "templates-save-all",
            )
            button(
                "The word lists (JSON)",
                lambda: own_lists.to_json(lists(asked)).encode(),
                "word-lists.json",
                "templates-save-lists",
            )
            pictures(
                "Effect sizes",
                lambda: draw(found, asked, _WIDE),
                "effect-sizes",
                "templates-save-effects",
            )
        for voice, answer in found:
            rows, count, ends = rows_of(answer, asked), len(asked.templates), directions(asked)
            pictures(
                f"Heatmap of {plain(voice.name[:40])}",
                lambda r=rows, n=count, ends=ends: score_heatmap(r, n, ends, 640),
                "scores",
                f"templates-save-scores-{voice.key}",
                forms=("png",),
            )
        st.caption(
            "*The word lists* can be loaded under “Lists from a file” here and in *Measuring "
            "association*. The address of this page holds its whole state."
        )
    st.markdown("**The code behind**")
    voice = next((voice for voice, _ in found if voice.source), None)
    if voice is None and any(voice.source is None for voice, _ in found):
        st.code(_RECORDED.format(key=asked.published))
    else:
        st.code(snippet(voice, asked))


def rows_csv(found: Found, asked: Asked) -> bytes:
    """Return every row of every model as CSV, with its sentence; figures in nats."""
    frames = []
    for voice, answer in found:
        frame = readings(answer, asked) if answer["readings"] else odds(answer, asked)
        frame.insert(0, "model", voice.name)
        frame.insert(2, "text", [asked.shown[n - 1] for n in frame["sentence"]])
        frames.append(frame)
    return pd.concat(frames).to_csv(index=False).encode()


def everything(found: Found, asked: Asked) -> bytes:
    """Return test and answers as JSON, with what they were computed by."""
    given = {
        "format": FORMAT,
        "conventions": "d with ddof 1; p two-sided over all partitions, ties counted; nats",
        "sides": asked.sides,
        "lists": asked.names,
        **asked.given,
        "models": [{"name": voice.name, **answer} for voice, answer in found],
    }
    return json.dumps(given, ensure_ascii=False, indent=1).encode()


def lists(asked: Asked) -> Stimuli:
    """Return the four lists of a test; the targets are those of all its sentences."""
    first = dict.fromkeys(word for one in asked.templates for word in one.first)
    second = dict.fromkeys(word for one in asked.templates for word in one.second)
    return Stimuli(
        "own",
        f"{asked.sides[0]} and {asked.sides[1]}",
        WordSet(asked.sides[0], tuple(first)),
        WordSet(asked.sides[1], tuple(second)),
        WordSet(asked.names[0], asked.a),
        WordSet(asked.names[1], asked.b),
        source="Glasshouse, Templates decide",
    )


def snippet(voice: Voice | None, asked: Asked) -> str:
    """Return Python that computes the same scores in a notebook."""
    templates = ",\n    ".join(
        f"Template({one.text!r}, {one.first!r}, {one.second!r})" for one in asked.templates
    )
    run = voice is not None and voice.source.folder is None
    path = str(PROJECT) if voice is None or run else voice.source.folder.path
    imported, folder = in_code(path)
    return _CODE.format(
        imports=_RUN_IMPORTS if run else f"from lab.masked.readers import from_folder\n{imported}",
        reader=_RUN if run else f"reader = from_folder({folder})",
        templates=templates,
        a=list(asked.a),
        b=list(asked.b),
        prior=asked.prior,
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
