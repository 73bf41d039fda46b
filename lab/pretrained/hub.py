"""Models of the Hugging Face hub: what a model is before it is fetched, and fetching it.

Only configuration, tokenizer and weights are fetched, into the folder of this server's models, at
a pinned revision. What is broken off goes on where it stopped; what has another checksum than the
hub names is thrown away. Works with any hub that HF_ENDPOINT names.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.pretrained.folders import LARGEST, REVISION_FILE, ModelError, look_into

PATIENCE = 8.0  # seconds for a hub to answer
_NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)  # no "..", nothing hidden
_WANTED = re.compile(
    r"(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)"
    r"\.json|vocab\.txt|merges\.txt|[\w.-]*\.model|model([\w-]*)\.safetensors"
    r"|model\.safetensors\.index\.json|pytorch_model\.bin"
)
_BLOCK = 1 << 20  # bytes between two looks at progress and cancel


@dataclass(frozen=True)
class File:
    """A file of a model: its name, bytes, and sha256 where the hub names one."""

    name: str
    size: int
    sha256: str | None


@dataclass(frozen=True)
class Offer:
    """A model on the hub, before anything of it is fetched.

    Args:
        name: "organisation/name".
        revision: the commit that the look-up found.
        files: what would be fetched.
        task, licence: as its card says, "" for unsaid.
        downloads: in the last month.
    """

    name: str
    revision: str
    files: tuple[File, ...]
    task: str
    licence: str
    downloads: int

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def endpoint() -> str:
    """Return the address of the hub."""
    return os.environ.get("HF_ENDPOINT") or "https://huggingface.co"


def look_up(name: str, revision: str | None = None) -> Offer:
    """Ask the hub about a model.

    Args:
        name: such as "google-bert/bert-base-uncased".
        revision: a commit or branch; None for the newest.

    Raises:
        ModelError: there is none, it needs an account, has no weights that may be read, is too
            large, or the hub does not answer.
    """
    if not _NAME.fullmatch(name.strip()):
        raise ModelError("Write the name as the hub has it: organisation/name.")
    from huggingface_hub import HfApi

    try:
        info = HfApi(endpoint(), token=False).model_info(
            name.strip(), revision=revision, files_metadata=True, timeout=PATIENCE
        )
    except Exception as error:  # httpx's and the hub's own kinds
        raise ModelError(_why(name, error)) from error
    if not _NAME.fullmatch(info.id):
        raise ModelError(f"The hub calls {name} by a name that cannot be a folder's.")
    if info.gated:
        raise ModelError(f"{name} is given out to accounts only: choose another model.")
    files = _wanted(info.siblings or [])
    if not any(file.name.endswith((".safetensors", ".bin")) for file in files):
        raise ModelError(f"{name} has no weights in the format of transformers: choose another.")
    card = info.card_data.to_dict() if info.card_data else {}
    offer = Offer(
        info.id,
        str(info.sha),
        files,
        str(info.pipeline_tag or ""),
        str(card.get("license") or ""),
        int(info.downloads or 0),
    )
    if offer.size > LARGEST:
        raise ModelError(
            f"{name} has {offer.size / 1e9:.1f} GB; at most {LARGEST / 1e9:.0f} are fetched."
        )
    return offer


def _wanted(siblings: list[Any]) -> tuple[File, ...]:
    files = []
    for sibling in siblings:
        if _WANTED.fullmatch(sibling.rfilename):
            sha256 = sibling.lfs.sha256 if sibling.lfs else None
            files.append(File(sibling.rfilename, int(sibling.size or 0), sha256))
    if any(file.name.endswith(".safetensors") for file in files):
        # A pickle is taken only where there is nothing else.
        files = [file for file in files if not file.name.endswith(".bin")]
    return tuple(files)


def _why(name: str, error: Exception) -> str:
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return f"{name} is given out to accounts only: choose another model."
    if isinstance(error, errors.RevisionNotFoundError):
        return f"{name} has no such revision: leave the revision out."
    if isinstance(error, (errors.RepositoryNotFoundError, errors.HFValidationError)):
        return f"The hub has no model {name!r}: check its name."
    return "The hub cannot be reached from here: use a model folder, or one that you train."


@dataclass
class Download:
    """One model on its way; made by `fetch`. Other threads may read it and call `cancel`.

    Attributes:
        offer: what is fetched.
        done: bytes that have come.
        state: "running", "finished", "cancelled" or "failed".
        message: why it failed, in a sentence.
    """

    offer: Offer
    folder: Path
    done: int = 0
    state: str = "running"
    message: str = ""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def cancel(self) -> None:
        """End the download soon; what has come is kept for the next try."""
        self._stop.set()


def fetch(offer: Offer, top: Path) -> Download:
    """Fetch a model in a thread of its own.

    Args:
        offer: from `look_up`.
        top: the folder of this server's models; the model comes to lie under it by its name.

    Raises:
        ModelError: the disk has no room for it.
    """
    folder = top / offer.name
    top.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(top).free < 1.2 * offer.size:
        raise ModelError(f"The disk has no room for {offer.size / 1e6:.0f} MB: free some space.")
    download = Download(offer, folder)
    threading.Thread(target=_work, args=(download,), name="download", daemon=True).start()
    return download


class _Cancelled(Exception):
    pass


def _work(download: Download) -> None:
    offer = download.offer
    part = download.folder.parent / f".{download.folder.name}.{offer.revision[:12]}.part"
    try:
        for file in offer.files:
            _fetch_file(download, file, part)
        look_into(part, offer.name)
        (part / REVISION_FILE).write_text(offer.revision)
        shutil.rmtree(part / ".cache", ignore_errors=True)
        shutil.rmtree(download.folder, ignore_errors=True)
        download.folder.parent.mkdir(parents=True, exist_ok=True)
        part.rename(download.folder)
        download.state = "finished"
    except _Cancelled:
        download.state = "cancelled"
    except ModelError as error:
        download.message, download.state = str(error), "failed"
    except OSError as error:
        download.message = f"The files cannot be written ({error.strerror or 'no connection'})."
        download.state = "failed"
    except Exception:  # whatever the connection broke with
        download.message = "The connection broke off: press Download again, it goes on from there."
        download.state = "failed"


def _fetch_file(download: Download, file: File, part: Path) -> None:
    from huggingface_hub import constants, hf_hub_download

    constants.HF_HUB_DISABLE_XET = True  # plain HTTP: it can be resumed and watched
    constants.DOWNLOAD_CHUNK_SIZE = _BLOCK
    base = download.done

    def told(count: int) -> None:
        if download._stop.is_set():
            raise _Cancelled
        download.done = base + count

    told(0)
    path = Path(
        hf_hub_download(
            download.offer.name,
            file.name,
            revision=download.offer.revision,
            local_dir=part,
            token=False,
            endpoint=endpoint(),
            etag_timeout=PATIENCE,
            tqdm_class=_bar(told),
        )
    )
    told(path.stat().st_size)
    if file.sha256 and _sha256(path) != file.sha256:
        path.unlink()
        raise ModelError(f"{file.name} came damaged (its checksum is wrong): press Download again.")


def _bar(told: Callable[[int], None]) -> type:
    # The hub's client reports through a bar of tqdm's kind.
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):
        def __init__(self, *arguments: Any, **options: Any):
            super().__init__(*arguments, **options | {"disable": False, "file": _Nowhere()})
            told(int(self.n))

        def update(self, n: float = 1) -> Any:
            done = super().update(n)
            told(int(self.n))
            return done

    return Bar


class _Nowhere:
    def write(self, text: str) -> None:
        """Take the drawing of the bar: the page draws its own."""

    def flush(self) -> None:
        """Nothing waits to be written."""


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
