"""Taking it home: the scores as a table, the lists, both pictures, and code that runs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lab.bias.own_lists import to_json
from lab.lesson.association import desk as drawing
from lab.lesson.association.found import Found
from lab.lesson.association.vectors import RECORDED, UPLOAD
from lab.lesson.downloads import button, pictures
from lab.pretrained.folders import in_code

_RUN = """
# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
"""


def table(found: Found) -> bytes:
    """Return s of every word as CSV, with the two mean cosines and WEFAT."""
    rows = pd.DataFrame(found.rows)
    rows.insert(0, "vectors", found.origin.label)
    names = {"to_a": f"mean cosine to {found.names['A']}", "to_b": "mean cosine to "}
    names["to_b"] += found.names["B"]
    return rows.rename(columns=names).to_csv(index=False).encode()


def desk(found: Found) -> None:
    """Draw the downloads and the code."""
    words = drawing.words_chart(found, bool(st.session_state.get("wefat")), 640)
    chance = drawing.chance_chart(found, 640)
    with st.container(horizontal=True, gap="small"):
        button("Scores (CSV)", lambda: table(found), "association.csv", "association-csv")
        lists = to_json(found.cosines.stimuli)
        button("Lists (JSON)", lambda: lists, "lists.json", "association-json")
        pictures("Words", lambda: words, "association-words", "association-words", 520)
        pictures("Chance", lambda: chance, "association-chance", "association-chance", 520)
    if found.test.key == "own":
        st.caption("Lists that were typed are in the link too; those of a file are not.")
    st.code(snippet(found))


def snippet(found: Found) -> str:
    """Return Python that computes the same in a notebook."""
    test = found.test
    if test.key == "own":
        sets = ",\n".join(f"    {role}={', '.join(s.words)!r}" for role, s in test.sets.items())
        names = tuple(s.name for s in test.sets.values())
        start = f"from lab.bias.own_lists import own\n{_opened(found)}"
        lists = f"{start}\ntest = own(\n{sets},\n    names={names!r},\n)"
    else:
        given = f"{test.key!r}, {test.variant!r}" if test.variant else repr(test.key)
        lists = (
            f"from lab.bias.stimuli import weat_test\n{_opened(found)}\ntest = weat_test({given})"
        )
    gone = f"found = cosines.without_words(found, {list(found.gone)!r})\n" if found.gone else ""
    return f"""{_cosines(found)}{lists}

found = {_call(found)}
{gone}result = cosines.weat(found)
print(f"S {{result.statistic:.3f}}, d {{result.effect_size:.3f}}")
print(f"p {{result.p_low:.3g}} to {{result.p_high:.3g}}, {{result.method}}")
for row in cosines.rows(found):
    print(row["word"], round(row["s"], 3))
"""


def _cosines(found: Found) -> str:
    origin = found.origin
    start = "from lab.bias import cosines"
    if origin.key == RECORDED:
        return f"{start}, recorded\n"
    if origin.model is None:
        return f"{start}\nfrom lab.bias.files import read_vectors\n"
    if origin.model.folder is not None:
        imported, _ = in_code(origin.model.folder.path)
        return f"{start}\nfrom lab.bias.embeddings import decode, of_folder\n{imported}"
    return (
        f"from pathlib import Path\n\n{start}\nfrom lab.bias.embeddings import decode, of_run\n"
        "from lab.runs import transfer\n"
    )


def _opened(found: Found) -> str:
    if found.origin.model is None or found.origin.model.folder is not None:
        return ""
    return _RUN


def _call(found: Found) -> str:
    origin = found.origin
    if origin.key == RECORDED:
        return "recorded.cosines(test)"
    if origin.model is None:
        path = repr(origin.file[0] if origin.key == UPLOAD and origin.file else origin.path)
        return (
            f"read_vectors({path}, test.words, lower=True)\n"
            "found = cosines.of_vectors(test, dict(zip(found.words, found.vectors)))"
        )
    reading = origin.reading
    options = f"test.words, {reading.way!r}, {reading.layer}, [{reading.template!r}]"
    then = (
        '\nfound = cosines.of_vectors(test, dict(zip(found["words"], decode(found), strict=True)))'
    )
    if origin.model.folder is not None:
        return f"of_folder({in_code(origin.model.folder.path)[1]}, {options}){then}"
    return f"of_run(checkpoint, data, {options}){then}"
