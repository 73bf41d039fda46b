"""Taking it home: the scores as a table, the lists, both pictures, and code that runs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lab.bias.own_lists import to_json
from lab.lesson.association import TEXT, word_test
from lab.lesson.association.lists import OWN
from lab.lesson.association.result import Result
from lab.lesson.kit import keep
from lab.lesson.sources.source import Source
from lab.lesson.sources.vectors import Upload
from lab.pretrained.folders import in_code

_RUN = """
# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
"""


def table(result: Result) -> pd.DataFrame:
    """Return s of every word, with the two mean cosines and WEFAT."""
    rows = pd.DataFrame(result.rows)
    rows.insert(0, "vectors", result.vectors.label)
    ends = {"to_a": result.names["A"], "to_b": result.names["B"]}
    return rows.rename(columns={name: f"mean cosine to {end}" for name, end in ends.items()})


def draw(result: Result) -> None:
    """Draw the downloads and the code."""
    words = word_test.words_chart(result, word_test.WEFAT.value, 640)
    chance = word_test.chance_chart(result, 640)
    lists = to_json(result.cosines.stimuli).encode()
    keep.show(
        keep.Table("Scores (CSV)", lambda: table(result), "association.csv"),
        keep.File("Lists (JSON)", lists, "lists.json"),
        keep.Picture("Words", lambda: words, "association-words", 520),
        keep.Picture("Chance", lambda: chance, "association-chance", 520),
        prefix="association",
    )
    if result.test.key == OWN:
        st.caption(TEXT("lists-in-link"))
    st.code(snippet(result))


def snippet(result: Result) -> str:
    """Return Python that computes the same in a notebook."""
    test = result.test
    if test.key == "own":
        sets = ",\n".join(f"    {role}={', '.join(s.words)!r}" for role, s in test.sets.items())
        names = tuple(s.name for s in test.sets.values())
        start = f"from lab.bias.own_lists import own\n{_opened(result)}"
        lists = f"{start}\ntest = own(\n{sets},\n    names={names!r},\n)"
    else:
        given = f"{test.key!r}, {test.variant!r}" if test.variant else repr(test.key)
        lists = (
            f"from lab.bias.stimuli import weat_test\n{_opened(result)}\ntest = weat_test({given})"
        )
    gone = f"found = cosines.without_words(found, {list(result.gone)!r})\n" if result.gone else ""
    return f"""{_cosines(result)}{lists}

found = {_call(result)}
{gone}result = cosines.weat(found)
print(f"S {{result.statistic:.3f}}, d {{result.effect_size:.3f}}")
print(f"p {{result.p_low:.3g}} to {{result.p_high:.3g}}, {{result.method}}")
for row in cosines.rows(found):
    print(row["word"], round(row["s"], 3))
"""


def _cosines(result: Result) -> str:
    chosen = result.vectors
    start = "from lab.bias import cosines"
    if chosen.recorded:
        return f"{start}, recorded\n"
    if chosen.reading is None:
        return f"{start}\nfrom lab.bias.files import read_vectors\n{_file(chosen.source)[0]}"
    if chosen.source.folder is not None:
        imported, _ = in_code(chosen.source.folder.path)
        return f"{start}\nfrom lab.bias.embeddings import decode, of_folder\n{imported}"
    return (
        f"from pathlib import Path\n\n{start}\nfrom lab.bias.embeddings import decode, of_run\n"
        "from lab.runs import transfer\n"
    )


def _opened(result: Result) -> str:
    return "" if result.vectors.source.view is None else _RUN


def _file(source: Source) -> tuple[str, str]:
    """Return how Python names a file of vectors: an import, or "", and an expression."""
    return ("", repr(source.file)) if isinstance(source, Upload) else in_code(source.path)


def _call(result: Result) -> str:
    source, reading = result.vectors.source, result.vectors.reading
    if result.vectors.recorded:
        return "recorded.cosines(test)"
    if reading is None:
        return (
            f"read_vectors({_file(source)[1]}, test.words, lower=True)\n"
            "found = cosines.of_vectors(test, dict(zip(found.words, found.vectors)))"
        )
    options = f"test.words, {reading.way!r}, {reading.layer}, [{reading.template!r}]"
    then = (
        '\nfound = cosines.of_vectors(test, dict(zip(found["words"], decode(found), strict=True)))'
    )
    if source.folder is not None:
        return f"of_folder({in_code(source.folder.path)[1]}, {options}){then}"
    return f"of_run(checkpoint, data, {options}){then}"
