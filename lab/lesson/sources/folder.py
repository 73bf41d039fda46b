"""Model folders of this server as sources, the project's own masked model among them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.lesson.kit import ask
from lab.lesson.sources.source import Asked
from lab.places import ASSETS
from lab.pretrained.folders import Folder, models_here


@dataclass(frozen=True)
class FolderSource(Asked):
    """A model folder.

    Args:
        folder: what it says of itself.
    """

    folder: Folder = field()

    @property
    def key(self) -> str:
        """As it stands in the link, with the commit of a model from the hub."""
        return f"model:{self.folder.reference}"

    @property
    def name(self) -> str:
        """As it is offered."""
        return self.folder.name

    @property
    def path(self) -> str:
        """Where it lies."""
        return self.folder.path

    @property
    def own(self) -> bool:
        """Whether it is the project's own masked model."""
        return Path(self.path).parent == ASSETS

    def asking(self, question: str, /, **given: Any) -> tuple[Hashable, Callable[[], Future[Any]]]:
        """Return key and sender of a question."""
        return ask.computing(question, "of_folder", path=self.path, **given)


def folders_at_hand() -> tuple[list[FolderSource], list[str]]:
    """Return the model folders, and a sentence for each that cannot be used."""
    found, faults = models_here()
    return [FolderSource(folder) for folder in found], faults
