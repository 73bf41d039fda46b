"""Model folders in the format of Hugging Face: which there are, and what each says of itself.

Only what lies below one folder of the server can be named, so that no page reads other files.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.places import ASSETS

LARGEST = 2_000_000_000  # bytes of weights that are opened
_CONFIG_BYTES = 1_000_000
REVISION_FILE = "revision.txt"  # written beside a model that was fetched
_MODELS_IMPORT = "from lab.pretrained.folders import models_folder  # GLASSHOUSE_MODELS"
_COMMIT = re.compile("[0-9a-f]{40}")
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


class ModelError(ValueError):
    """A model that cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Folder:
    """A model on this server's disk.

    Args:
        name: as it is offered.
        path: its folder.
        architecture: class name of the network, such as "BertForMaskedLM".
        layers, heads: 0 where the configuration does not say.
        megabytes: of the weights.
        revision: the commit of the hub that it came from, "" for a folder of other origin.
    """

    name: str
    path: str
    architecture: str
    layers: int
    heads: int
    megabytes: float
    revision: str = ""

    @property
    def reference(self) -> str:
        """Its name, and the commit where one is known: what a link calls it."""
        return f"{self.name}@{self.revision}" if self.revision else self.name


def models_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of this server's models: GLASSHOUSE_MODELS, or `models` beside its data."""
    data = Path(environ.get("GLASSHOUSE_DATA") or ".glasshouse")
    return Path(environ.get("GLASSHOUSE_MODELS") or data / "models")


def look_into(path: Path, name: str | None = None) -> Folder:
    """Read what a model folder says of itself; nothing in it is executed.

    Raises:
        ModelError: it is no model folder, its configuration is damaged, or it is too large.
    """
    name = name or path.name
    try:
        text = (path / "config.json").read_bytes()[: _CONFIG_BYTES + 1]
        if len(text) > _CONFIG_BYTES:
            raise ValueError("too long")
        config = json.loads(text)
        if not isinstance(config, dict):
            raise TypeError("no object")
    except OSError:
        raise ModelError(f"{name} has no config.json: copy the whole model folder.") from None
    except (ValueError, TypeError):
        raise ModelError(f"The config.json of {name} is damaged: copy the model anew.") from None
    if config.get("auto_map"):
        raise ModelError(f"{name} brings its own program code, which is never run here.")
    size = sum(file.stat().st_size for pattern in _WEIGHTS for file in path.glob(pattern))
    if not size:
        raise ModelError(f"{name} has no weights (model.safetensors): copy the whole model folder.")
    if size > LARGEST:
        raise ModelError(
            f"{name} has {size / 1e9:.1f} GB of weights; at most {LARGEST / 1e9:.0f} are opened."
        )
    architectures = config.get("architectures") or [str(config.get("model_type", "?"))]
    return Folder(
        name,
        str(path),
        str(architectures[0])[:60],
        _number(config, "num_hidden_layers", "n_layer", "num_layers", "n_layers"),
        _number(config, "num_attention_heads", "n_head", "num_heads", "n_heads"),
        size / 1e6,
        _revision(path),
    )


def in_code(path: str) -> tuple[str, str]:
    """Return how Python names a model folder or file: an import, or "", and an expression.

    A path of this server says nothing on the machine of whoever reads the code; where the project's
    own models lie is known to every installation, and so is where one's own are put.
    """
    if Path(path).parent == ASSETS:
        return "from lab.places import ASSETS\n", f'str(ASSETS / "{Path(path).name}")'
    if Path(path).is_relative_to(models_folder()):
        name = Path(path).relative_to(models_folder()).as_posix()
        return f"{_MODELS_IMPORT}\n", f"str(models_folder() / {name!r})"
    return "", repr(path)


def _revision(path: Path) -> str:
    try:
        text = (path / REVISION_FILE).read_bytes()[:41].decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if _COMMIT.fullmatch(text) else ""


def _number(config: dict[str, Any], *names: str) -> int:
    return next((int(config[n]) for n in names if isinstance(config.get(n), int)), 0)


def models_here(environ: Mapping[str, str] = os.environ) -> tuple[list[Folder], list[str]]:
    """Return the models that this server has, and a sentence for each that cannot be used.

    The project's own comes first, then the folders of `models_folder`, one or two levels deep
    (`name` or `organisation/name`).
    """
    top, found, faults = models_folder(environ), [], []
    own = ASSETS / "masked"
    candidates = [("Glasshouse's own masked model", own)] if own.is_dir() else []
    for path in _folders(top):
        deeper = [path] if (path / "config.json").exists() else _folders(path)
        candidates += [(each.relative_to(top).as_posix(), each) for each in deeper]
    for name, path in candidates[:50]:
        try:
            found.append(look_into(path, name))
        except ModelError as error:
            faults.append(str(error))
    return found, faults


def _folders(path: Path) -> list[Path]:
    # Without those that begin with a dot: downloads that are under way.
    if not path.is_dir():
        return []
    return sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith("."))
