"""Word vectors as sources: the lab's own, files of the server, uploads; and whole tables of them.

offers = [Counted(), *runs, *folders, *files_at_hand(), upload_field("vectors_file")]
source = pick_vectors(offers, "analogy-vectors")
table = table_of(source)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st

from lab.bias import tables
from lab.bias.tables import Table
from lab.lesson import service
from lab.lesson.kit import ask
from lab.lesson.sources import TEXT
from lab.lesson.sources.source import Asked, Source
from lab.pretrained.folders import models_folder
from lab.runs import worker

COUNTED, UPLOAD, OWN_TEXT = "counted", "upload", "text"
ENDINGS = (".bin", ".txt", ".vec", ".gz", ".npz")
LARGEST_MB = 10  # of an upload
_TABLES = "lab.bias.whole_tables"


@dataclass(frozen=True)
class Counted(Asked):
    """The lab's own vectors, made by counting."""

    key: str = COUNTED
    name: str = TEXT("counted")

    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question that has a function `of_counted`."""
        return ask.computing(question, "of_counted", **given)


@dataclass(frozen=True)
class VectorFile(Asked):
    """A file of word vectors in the folder of this server's models.

    Args:
        path: of the file.
    """

    path: str = field()

    @property
    def key(self) -> str:
        """As it stands in the link."""
        return f"file:{Path(self.path).name}"

    @property
    def name(self) -> str:
        """As it is offered."""
        return f"File {Path(self.path).name}"

    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question."""
        return ask.computing(question, "of_file", path=self.path, **given)


def files_at_hand() -> list[VectorFile]:
    """Return the files of word vectors in the folder of this server's models."""
    found = sorted(models_folder().glob("*"))
    return [VectorFile(str(f)) for f in found if f.is_file() and f.name.lower().endswith(ENDINGS)]


@dataclass(frozen=True)
class Upload(Asked):
    """An uploaded file of word vectors; it is on no disk for longer than it is read.

    Args:
        file: its name.
        data: its content.
        key: as it stands in the link, which does not hold the file.
    """

    file: str
    data: bytes
    key: str = UPLOAD
    function = "of_bytes"

    @property
    def name(self) -> str:
        """The file's name without a way into other folders."""
        return Path(self.file.replace("\\", "/")).name[:60]

    @property
    def identity(self) -> str:
        """The key and the digest of the content."""
        return f"{self.key}:{self.digest}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.data).hexdigest()

    def content(self) -> dict[str, Any]:
        """Return what a worker is sent."""
        return {"data": self.data, "name": self.file}

    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question: the key holds the digest instead of the content."""
        queue, session = service.run_queue(), service.session()

        def send() -> Future[Any]:
            given_here = self.content() | given
            return queue.call(
                worker.compute, question, self.function, session=session, **given_here
            )

        named = self.digest, self.file, json.dumps(given, sort_keys=True)
        return (question, self.function, *named), send


@dataclass(frozen=True)
class UploadedText(Upload):
    """An uploaded text, whose vectors are counted; arguments as for `Upload`."""

    key: str = OWN_TEXT
    function = "of_text"

    def content(self) -> dict[str, Any]:
        """Return what a worker is sent."""
        return {"text": self.data.decode("utf-8", "replace")}


@dataclass(frozen=True)
class UploadField(Source):
    """The offer to upload a file: it becomes a source once there is one.

    Args:
        key: as it stands in the link.
        name: as it is offered.
        widget: key of the field.
        label, hint: of the field, and what stands below it while it is empty.
        kind: what the file becomes.
        endings: of the files; any if None.
    """

    key: str
    name: str
    widget: str
    label: str
    hint: str
    kind: type[Upload] = Upload
    endings: tuple[str, ...] | None = None

    def open(self) -> Upload | None:
        """Draw the field and return the file; None, with what to do, while there is none."""
        file = st.file_uploader(
            self.label,
            type=list(self.endings) if self.endings else None,
            key=self.widget,
            max_upload_size=LARGEST_MB,
            help=TEXT("upload-help", megabytes=LARGEST_MB),
        )
        if file is None:
            st.caption(self.hint)
            return None
        data = file.getvalue()
        if len(data) > LARGEST_MB * 10**6:
            st.error(TEXT("too-large", megabytes=LARGEST_MB), icon=":material/content_cut:")
            return None
        return self.kind(file.name, data)

    def ask(self, question: str, /, **given: Any) -> Any:
        """Refuse: there is no file yet."""
        raise LookupError("an upload answers once it has a file: see `open`")

    begin = under_way = later = ask


def upload_field(widget: str) -> UploadField:
    """Return the offer to upload a file of word vectors."""
    label, hint = TEXT("upload-label"), TEXT("upload-hint")
    return UploadField(UPLOAD, TEXT("upload"), widget, label, hint)


def text_field(widget: str) -> UploadField:
    """Return the offer to upload a text whose vectors are counted."""
    label, hint = TEXT("text-label"), TEXT("text-hint")
    return UploadField(OWN_TEXT, TEXT("text"), widget, label, hint, UploadedText, ("txt",))


def table_of(source: Source) -> Table | None:
    """Return words and vectors of a source; None with the reason on the page."""
    if isinstance(source, Counted):
        return _counted()
    with st.spinner(TEXT("reading")):
        found = source.ask(_TABLES)
    return None if found is None else _unpacked(source.identity, found)


# A table takes up to 60 MB.
@st.cache_resource(max_entries=1, show_spinner=False)
def _counted() -> Table:
    return tables.counted()


@st.cache_resource(max_entries=3, show_spinner=False)
def _unpacked(identity: str, _answer: dict[str, Any]) -> Table:
    return tables.unpacked(_answer)
