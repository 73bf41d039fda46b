"""The vectors of the lesson: a whole vocabulary of a model, a run, a file, a text, or our own."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from lab.bias.tables import Table, counted, unpacked
from lab.lesson import service
from lab.lesson.asking import answer
from lab.lesson.association.vectors import RECORDED, UPLOAD, Origin, origins
from lab.pretrained.folders import models_folder
from lab.runs import worker

COUNTED, TEXT = "counted", "text"
LARGEST = 10_000_000  # bytes of an upload
_MODULE = "lab.bias.whole_tables"


@dataclass(frozen=True)
class Chosen:
    """Vectors that were chosen.

    Args:
        key: of the source, as in the link; with what tells one upload or checkpoint from another.
        name: as it is offered.
        table: words and vectors.
        path: of a model folder or a file on this server, for the code behind; "" for others.
    """

    key: str
    name: str
    table: Table
    path: str = ""


# A table takes up to 60 MB.
@st.cache_resource(max_entries=1, show_spinner=False)
def _counted() -> Table:
    return counted()


@st.cache_resource(max_entries=3, show_spinner=False)
def _unpacked(key: str, _answer: dict) -> Table:
    return unpacked(_answer)


@st.cache_resource(max_entries=3, show_spinner=False)
def _of_path(function: str, path: str) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, _MODULE, function, session=session, path=path)


@st.cache_resource(max_entries=3, show_spinner=False)
def _of_run(run_id: str, checkpoint: int) -> Future:
    return service.run_queue().ask(run_id, f"{_MODULE}:of_run", session=service.session())


@st.cache_resource(max_entries=3, show_spinner=False)
def _of_upload(digest: str, function: str, _given: dict) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, _MODULE, function, session=session, **_given)


def choose() -> Chosen | None:
    """Draw the choice of vectors and return them; None with the reason on the page."""
    found = origins()
    found.pop(RECORDED, None)  # cosines of a few words, not vectors of a vocabulary
    upload = found.pop(UPLOAD)
    names = {COUNTED: "The lab's own: word2vec's objective, 24 M words"}
    names |= {key: origin.name for key, origin in found.items()}
    names |= {UPLOAD: upload.name, TEXT: "Count vectors of a text of mine"}
    wanted = st.query_params.get("vectors", "")
    if wanted and wanted not in names:
        st.warning("The vectors of this link are not at hand: choose others.")
    key = st.selectbox(
        "Vectors",
        list(names),
        # Not by way of the session's state, which a rerun in that very moment would lose.
        index=list(names).index(wanted) if wanted in names else 0,
        format_func=lambda k: names[k],
        key="analogy-vectors",
        help="Of a model, the rows of its input table that are whole words. Files of word vectors "
        f"and model folders lie under {models_folder()}; at most 50,000 words of a file, its "
        "first ones, are read.",
    )
    st.query_params["vectors"] = key
    if key == COUNTED:
        return Chosen(key, names[key], _counted())
    if key in (UPLOAD, TEXT):
        return _uploaded(key, names[key])
    return _asked(found[key])


def _asked(origin: Origin) -> Chosen | None:
    if origin.model is not None and origin.model.view is not None:
        view = origin.model.view
        key = f"{origin.key}:{view.run.checkpoint}"
        asked, given, path = _of_run, (view.run.id, view.run.checkpoint), ""
    else:
        folder = origin.model.folder if origin.model else None
        path = folder.path if folder else origin.path
        key, asked, given = origin.key, _of_path, ("of_folder" if folder else "of_file", path)
    with st.spinner("Reading the vectors …"):
        found = answer(asked, given, origin.name)
    return found and Chosen(key, origin.name, _unpacked(key, found), path)


def _uploaded(key: str, name: str) -> Chosen | None:
    text = key == TEXT
    file = st.file_uploader(
        "A text, UTF-8" if text else "word2vec (text or binary), GloVe text or npz",
        type=["txt"] if text else None,
        key=f"analogy-{key}",
        max_upload_size=LARGEST // 10**6,
        help="Up to 10 MB. It goes into the memory of this server, and to no disk for longer than "
        "it is read.",
    )
    if file is None:
        st.caption("A text of 100,000 words or more." if text else "The head of a file will do.")
        return None
    data = file.getvalue()
    if len(data) > LARGEST:
        st.error("The file is larger than 10 MB: cut it.", icon=":material/content_cut:")
        return None
    given = {"text": data.decode("utf-8", "replace")} if text else {"data": data, "name": file.name}
    digest = hashlib.sha256(data).hexdigest()
    with st.spinner("Reading the file …"):
        asked = digest, "of_text" if text else "of_bytes", given
        found = answer(_of_upload, asked, Path(file.name).name[:60])
    return found and Chosen(f"{key}:{digest}", name, _unpacked(f"{key}:{digest}", found))


def facts(chosen: Chosen) -> None:
    """Say how large the vocabulary is, and what was left out."""
    table = chosen.table
    said = f"{len(table.words):,} words, {table.vectors.shape[1]} numbers each"
    left = f"; {table.left:,} more are left out" if table.left > 1 else ""
    more = "; the rest of the file is left out" if table.left == 1 else ""
    st.caption(f"{said}{left}{more}. Only these words can be given, and be answers.")
