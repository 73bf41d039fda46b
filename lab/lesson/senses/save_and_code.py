"""Taking it home: the projection as a table and as a picture, and the code behind."""

from __future__ import annotations

import pandas as pd

from lab.attention.senses import neighbours, project
from lab.lesson.kit import keep
from lab.lesson.senses.layers import scatter
from lab.lesson.senses.sentences import Sentences
from lab.lesson.senses.vectors import Vectors
from lab.lesson.sources.source import Source
from lab.pretrained.folders import in_code


def table(found: Vectors, layer: int) -> pd.DataFrame:
    """Return one layer as a table: place on the axes, sense, sentence, nearest neighbour."""
    points, _ = project(found.layers[layer])
    nearest, cosines = neighbours(found.layers[layer], 1)
    return pd.DataFrame(
        {
            "layer": layer,
            "x": points[:, 0],
            "y": points[:, 1],
            "sense": found.senses,
            "sentence": found.texts,
            "nearest": [found.texts[place] for place in nearest[:, 0]],
            "cosine": cosines[:, 0],
        }
    )


def save(found: Vectors, layer: int) -> None:
    """Draw the download buttons of the layer that is shown."""
    chart = scatter(found, layer, None)
    keep.show(
        keep.Table("Projection (CSV)", lambda: table(found, layer), "words.csv"),
        keep.Picture("Picture", lambda: chart, "words", 900),
        prefix="words",
    )


_RUN = """
# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
"""


def snippet(model: Source, chosen: Sentences) -> str:
    """Return Python that compares the layers in a notebook."""
    ours, own = not chosen.only_own, bool(chosen.own.strip())
    parts = [f"load({chosen.word.lower()!r})"] if ours else []
    parts += [f"read({chosen.own!r})"] if own else []
    names = [*["load"] * ours, "per_layer", *["read"] * own]
    asked = f"[s.text for s in sentences], {chosen.word!r}"
    if model.folder is not None:
        imported, given = in_code(model.folder.path)
        head, of, opened = "", "of_folder", ""
    else:
        head, of, given, opened = "from pathlib import Path\n\n", "of_run", "checkpoint, data", _RUN
        imported = "from lab.runs import transfer\n"
    return f"""{head}from lab.attention.contextual import {of}
from lab.attention.senses import {", ".join(names)}
{imported}{opened}
sentences = {" + ".join(parts)}
found = {of}({given}, {asked})
senses = [s.sense for n, s in enumerate(sentences) if n not in found["left_out"]]
for row in per_layer(found["layers"], senses):
    print(row)  # layer, how often the nearest neighbour has the sense, silhouette
"""
