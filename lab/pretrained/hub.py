"""Models of the Hugging Face hub: what a model is before it is fetched, and fetching it.

Only configuration, tokenizer and weights are fetched, into the folder of this server's models, at
a pinned revision. What is broken off goes on where it stopped; what has another checksum than the
hub names is thrown away. Works with any hub that HF_ENDPOINT names.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import threading
from collections.abc import Mapping
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
_BROKEN = "The connection broke off: press Download again, it goes on from there."


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
    """One model on its way; made by `Downloads.begin`. Other threads may read it.

    Attributes:
        offer: what is fetched.
        owner: the session that began it, and alone may cancel it.
        folder: where the model comes to lie.
        done: bytes that have come.
        state: "running", "finished", "cancelled" or "failed".
        message: why it failed, in a sentence.
    """

    offer: Offer
    owner: str
    folder: Path
    done: int = 0
    state: str = "running"
    message: str = ""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def part(self) -> Path:
        """The hidden folder of what has come so far: `lab.pretrained.folders` offers no such."""
        return self.folder.parent / f".{self.folder.name}.{self.offer.revision[:12]}.part"

    def cancel(self, session: str) -> bool:
        """End the download soon, if this session began it; what has come serves the next try."""
        if session == self.owner:
            self._stop.set()
        return session == self.owner


class Downloads:
    """The downloads of a server: its sessions share them, so that a model is fetched once.

    Args:
        top: folder of this server's models; each comes to lie under it by its name.
        most_bytes: that all models in it may take; None for GLASSHOUSE_MODELS_MB.
    """

    def __init__(self, top: Path, most_bytes: int | None = None):
        self.top = top
        self.most_bytes = models_bytes() if most_bytes is None else most_bytes
        self._lock = threading.Lock()
        self._found: dict[str, Download] = {}

    def of(self, offer: Offer) -> Download | None:
        """Return the download of a model: one that runs, or the last of this revision."""
        with self._lock:
            return self._of(offer)

    def _of(self, offer: Offer) -> Download | None:
        found = self._found.get(offer.name)
        if found is None or found.state == "running" or found.offer.revision == offer.revision:
            return found
        return None

    def begin(self, offer: Offer, session: str) -> Download:
        """Fetch a model in a thread of its own, or return the download that already does.

        Raises:
            ModelError: neither the bound on all models nor the disk has room for it.
        """
        with self._lock:
            found = self._of(offer)
            if found is not None and found.state == "running":
                return found
            self._make_room(offer)
            download = Download(offer, session, self.top / offer.name)
            self._found[offer.name] = download
            threading.Thread(target=_work, args=(download,), name="download", daemon=True).start()
            return download

    def _make_room(self, offer: Offer) -> None:
        self.top.mkdir(parents=True, exist_ok=True)
        running = [one for one in self._found.values() if one.state == "running"]
        coming = sum(one.offer.size - _bytes_in(one.part) for one in running)
        again = Download(offer, "", self.top / offer.name)
        kept = {one.part for one in (*running, again)}
        needed = offer.size - _bytes_in(again.part)
        if _bytes_in(self.top) + coming + needed > self.most_bytes:
            for part in [*self.top.glob(".*.part"), *self.top.glob("*/.*.part")]:
                if part not in kept:  # begun and left
                    shutil.rmtree(part, ignore_errors=True)
        if _bytes_in(self.top) + coming + needed > self.most_bytes:
            raise ModelError(
                f"All models together may take {self.most_bytes / 1e6:,.0f} MB of this server: "
                "ask whoever runs it to remove one, or to raise GLASSHOUSE_MODELS_MB."
            )
        if shutil.disk_usage(self.top).free < coming + 1.2 * needed:
            raise ModelError(f"The disk has no room for {needed / 1e6:.0f} MB: free some space.")


def models_bytes(environ: Mapping[str, str] = os.environ) -> int:
    """Return how many bytes all models may take: GLASSHOUSE_MODELS_MB, or 10 GB.

    Raises:
        ValueError: the variable is no whole number.
    """
    text = environ.get("GLASSHOUSE_MODELS_MB", "").strip() or "10000"
    if not text.isdecimal():
        raise ValueError(f"GLASSHOUSE_MODELS_MB must be a whole number, not {text!r}.")
    return int(text) * 1_000_000


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # renamed or removed meanwhile
            total += path.lstat().st_size if not path.is_dir() else 0
    return total


class _Cancelled(Exception):
    pass


def _work(download: Download) -> None:
    from huggingface_hub import errors

    offer, part = download.offer, download.part
    try:
        _fetch(download)
        for file in offer.files:
            _check(part / file.name, file)
        look_into(part, offer.name)
        (part / REVISION_FILE).write_text(offer.revision)
        shutil.rmtree(part / ".cache", ignore_errors=True)
        _put(part, download.folder)
        download.done, download.state = offer.size, "finished"
    except _Cancelled:
        download.state = "cancelled"
    except ModelError as error:
        download.message, download.state = str(error), "failed"
    except errors.LocalEntryNotFoundError:  # an OSError of another kind
        download.message, download.state = _BROKEN, "failed"
    except OSError as error:
        download.message = f"The files cannot be written ({error.strerror or 'no connection'})."
        download.state = "failed"
    except Exception:  # whatever the connection broke with
        download.message, download.state = _BROKEN, "failed"


def _fetch(download: Download) -> None:
    from huggingface_hub import constants, snapshot_download

    constants.HF_HUB_DISABLE_XET = True  # plain HTTP: it can be resumed and watched
    constants.DOWNLOAD_CHUNK_SIZE = _BLOCK
    snapshot_download(
        download.offer.name,
        revision=download.offer.revision,
        allow_patterns=[file.name for file in download.offer.files],
        local_dir=download.part,
        token=False,
        endpoint=endpoint(),
        etag_timeout=PATIENCE,
        max_workers=4,
        tqdm_class=_bar(download),
    )


def _check(path: Path, file: File) -> None:
    if file.sha256 is None:
        return
    with path.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() == file.sha256:
            return
    path.unlink()
    raise ModelError(f"{file.name} came damaged (its checksum is wrong): press Download again.")


def _put(part: Path, folder: Path) -> None:
    # By renaming: at no time does half a model lie under its name.
    old = folder.parent / f".{folder.name}.old.part"
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _bar(download: Download) -> type:
    # The hub's client reports through bars of tqdm's kind, of which one counts written bytes.
    from huggingface_hub.utils import tqdm

    class Bar(tqdm):
        def __init__(self, *arguments: Any, **options: Any):
            self._counts = options.get("name") == "huggingface_hub.snapshot_download"
            options |= {"disable": False, "file": _Nowhere()}
            super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> Any:
            if download._stop.is_set():
                raise _Cancelled
            drawn = super().update(n)
            if self._counts:
                download.done = int(self.n)
            return drawn

    return Bar


class _Nowhere:
    def write(self, text: str) -> None:
        """Take the drawing of the bar: the page draws its own."""

    def flush(self) -> None:
        """Nothing waits to be written."""
