"""Questions about the student's place, asked of the workers once; files keep their own names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.asking import answer
from lab.runs import worker

MODULE = "lab.crops.own"
_PATIENCE = 120  # seconds for a file that is made to be saved


@st.cache_resource(max_entries=60, show_spinner=False)
def _asked(module: str, function: str, arguments: str) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, module, function, session=session, **json.loads(arguments))


class _Named:
    """Asks, and puts the names that files came with into what went wrong."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names, self.clear = names, _asked.clear

    def __call__(self, *key: str) -> _Named:
        self._future = _asked(*key)
        return self

    def result(self, timeout: float) -> Any:
        try:
            return self._future.result(timeout)
        except Late:
            raise
        except ValueError as error:
            raise ValueError(named(str(error), self._names)) from None


def named(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with files called as they came: digest.tif -> what was uploaded.

    Args:
        sentence: of an error.
        names: path -> name.
    """
    for path, name in names.items():
        sentence = sentence.replace(Path(path).name, name)
    return sentence


def ask(function: str, names: Mapping[str, str], **arguments: Any) -> Any:
    """Return what a function of `lab.crops.own` says, or None with the reason on the page."""
    return answer(_Named(names), (MODULE, function, json.dumps(arguments, sort_keys=True)))


def made(function: str, **arguments: Any) -> bytes:
    """Return a file that a worker makes, for a download button: outside the page."""
    asked = service.run_queue().call(worker.compute, MODULE, function, **arguments)
    return asked.result(_PATIENCE)
