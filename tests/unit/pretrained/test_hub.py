"""The hub's real client against a stand-in over loopback: good, broken off, wrong, refused."""

import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from huggingface_hub import errors

from lab.pretrained import hub as models
from lab.pretrained.folders import ModelError, models_here
from tests import toy_models
from tests.hub_stand_in import REVISION, hub


@pytest.fixture
def here(monkeypatch):
    """Return a hub with one good model."""
    with hub() as state:
        monkeypatch.setenv("HF_ENDPOINT", state.url)
        yield state


@pytest.fixture
def toy(here, tmp_path):
    folder = tmp_path / "on-the-hub"
    toy_models.bert(folder)
    (folder / "README.md").write_text("a card")
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    here.models["someone/toy"] = folder
    return folder


def ended(download):
    """Wait for a download's thread and return it."""
    import threading

    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join(30)
    return download


def fetch(offer, top, session="me", most_bytes=None):
    return models.Downloads(top, most_bytes).begin(offer, session)


def test_what_a_model_is_before_it_is_fetched(toy, here):
    offer = models.look_up("someone/toy")
    assert (offer.name, offer.revision) == ("someone/toy", REVISION)
    assert (offer.task, offer.licence, offer.downloads) == ("fill-mask", "apache-2.0", 1234)
    assert {file.name for file in offer.files} >= {"config.json", "model.safetensors"}
    assert offer.size == sum((toy / file.name).stat().st_size for file in offer.files)
    assert here.served == []


def test_nothing_but_what_is_needed_is_fetched_and_then_it_is_at_hand(toy, here, tmp_path):
    download = ended(fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert (download.state, download.message) == ("finished", "")
    assert download.done == download.offer.size
    assert not {"README.md", "modeling_evil.py"} & set(here.served)
    found, faults = models_here({"GLASSHOUSE_MODELS": str(tmp_path / "models")})
    assert faults == []
    assert "someone/toy" in [folder.name for folder in found]
    reference = next(f.reference for f in found if f.name == "someone/toy")
    assert reference == f"someone/toy@{REVISION}"
    got, given = (p / "model.safetensors" for p in (tmp_path / "models/someone/toy", toy))
    assert got.read_bytes() == given.read_bytes()


def test_a_connection_that_breaks_goes_on_where_it_stopped(toy, here, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "_BLOCK", 1_000)
    here.break_after = 5_000
    download = ended(fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert download.state == "finished"
    assert any(start >= 1_000 for start in here.ranges)


def test_a_download_can_be_cancelled_and_leaves_no_half_model(toy, here, tmp_path):
    here.hold.clear()
    download = fetch(models.look_up("someone/toy"), tmp_path / "models")
    assert download.cancel("me")
    here.hold.set()
    assert ended(download).state == "cancelled"
    found, faults = models_here({"GLASSHOUSE_MODELS": str(tmp_path / "models")})
    assert "someone/toy" not in [folder.name for folder in found]
    assert faults == []
    again = ended(fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert again.state == "finished"


def test_a_wrong_checksum_is_thrown_away(toy, here, tmp_path):
    here.wrong.add("model.safetensors")
    download = ended(fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert download.state == "failed"
    assert "checksum" in download.message
    assert not list((tmp_path / "models").rglob("model.safetensors"))


def test_a_pickle_is_left_where_there_are_safetensors(toy, here):
    (toy / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    names = {file.name for file in models.look_up("someone/toy").files}
    assert "pytorch_model.bin" not in names
    (toy / "model.safetensors").unlink()
    names = {file.name for file in models.look_up("someone/toy").files}
    assert "pytorch_model.bin" in names


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such/model", "has no model"),
        ("../../etc", "organisation/name"),
        ("a/..", "organisation/name"),
        ("", "organisation/name"),
        ("https://x/y", "organisation/name"),
        ("someone/gated", "accounts only"),
        ("someone/empty", "no weights"),
    ],
)
def test_what_cannot_be_had_is_told_in_a_sentence(toy, here, tmp_path, name, says):
    here.models["someone/gated"] = toy
    here.gated.add("someone/gated")
    here.models["someone/empty"] = tmp_path / "empty"
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=says):
        models.look_up(name)


def test_an_unknown_revision_and_a_pinned_one(toy, here):
    assert models.look_up("someone/toy", REVISION).revision == REVISION
    with pytest.raises(ModelError, match="no such revision"):
        models.look_up("someone/toy", "deadbeef")


def test_a_hub_that_cannot_be_reached(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="cannot be reached"):
        models.look_up("someone/toy")


def test_a_hub_that_never_answers_is_given_up(toy, here, monkeypatch):
    monkeypatch.setattr(models, "PATIENCE", 0.2)
    here.mute = True
    with pytest.raises(ModelError, match="cannot be reached"):
        models.look_up("someone/toy")


def test_a_pickle_with_code_is_fetched_and_never_run(toy, here, tmp_path):
    from lab.pretrained.loading import open_model

    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    (toy / "model.safetensors").unlink()
    (toy / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    download = ended(fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert download.state == "finished"
    with pytest.raises(ModelError, match="cannot be opened"):
        open_model(str(tmp_path / "models/someone/toy"))
    assert not (tmp_path / "ran").exists()


def test_too_large_for_the_lab_and_for_the_disk(toy, here, tmp_path, monkeypatch):
    offer = models.look_up("someone/toy")
    monkeypatch.setattr(models.shutil, "disk_usage", lambda path: type("U", (), {"free": 10}))
    with pytest.raises(ModelError, match="no room"):
        fetch(offer, tmp_path)
    monkeypatch.setattr(models, "LARGEST", 10)
    with pytest.raises(ModelError, match="at most"):
        models.look_up("someone/toy")


@pytest.fixture
def top(tmp_path):
    """Return the folder of a server's models."""
    return tmp_path / "models"


def offered(top):
    """Return the names that a page offers, and the faults it tells."""
    found, faults = models_here({"GLASSHOUSE_MODELS": str(top)})
    return [folder.name for folder in found if folder.name.startswith("someone")], faults


def test_sessions_that_want_the_same_model_share_one_download(toy, here, top):
    here.hold.clear()
    downloads, offer = models.Downloads(top), models.look_up("someone/toy")
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda n: downloads.begin(offer, f"session {n}"), range(8)))
    assert len({id(download) for download in begun}) == 1
    here.hold.set()
    assert ended(begun[0]).state == "finished"
    assert sorted(here.served) == sorted(file.name for file in offer.files)
    assert downloads.of(offer) is begun[0]


def test_only_the_session_that_began_a_download_can_cancel_it(toy, here, top):
    here.hold.clear()
    downloads, offer = models.Downloads(top), models.look_up("someone/toy")
    downloads.begin(offer, "ann")
    assert not downloads.begin(offer, "bob").cancel("bob")
    here.hold.set()
    assert ended(downloads.of(offer)).state == "finished"


def test_nothing_of_a_download_under_way_is_offered(toy, here, top):
    here.hold.clear()
    download = fetch(models.look_up("someone/toy"), top)
    assert here.asked.wait(30)
    assert offered(top) == ([], [])
    here.hold.set()
    ended(download)
    assert offered(top) == (["someone/toy"], [])


def test_an_older_revision_stays_whole_until_the_newer_one_is(toy, here, top, monkeypatch):
    old = top / "someone" / "toy"
    shutil.copytree(toy, old)
    (old / "of-the-old-one.txt").touch()
    seen = []

    def renamed(path, to, rename=Path.rename):
        seen.append(offered(top))
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", renamed)
    ended(fetch(models.look_up("someone/toy"), top))
    assert seen == [(["someone/toy"], []), ([], [])]  # whole, then gone for a moment, never half
    assert not (old / "of-the-old-one.txt").exists()
    assert offered(top) == (["someone/toy"], [])
    assert {path.name for path in (top / "someone").iterdir()} == {"toy"}


def test_all_models_together_have_a_bound(toy, here, top):
    offer = models.look_up("someone/toy")
    ended(fetch(offer, top, most_bytes=offer.size))
    here.models["someone/other"] = toy
    other = models.look_up("someone/other")
    with pytest.raises(ModelError, match="GLASSHOUSE_MODELS_MB"):
        fetch(other, top, most_bytes=2 * offer.size - 1)
    left = top / "someone" / ".left.0123.part"  # begun once, and never ended
    left.mkdir()
    (left / "model.safetensors").write_bytes(bytes(offer.size))
    room = 2 * offer.size + 1_000  # the first model has its revision beside it
    assert ended(fetch(other, top, most_bytes=room)).state == "finished"
    assert not left.exists()


def test_downloads_under_way_count_towards_the_bound(toy, here, top):
    here.models["someone/other"] = toy
    here.hold.clear()
    offer = models.look_up("someone/toy")
    downloads = models.Downloads(top, most_bytes=2 * offer.size - 1)
    downloads.begin(offer, "ann")
    with pytest.raises(ModelError, match="All models together"):
        downloads.begin(models.look_up("someone/other"), "bob")
    here.hold.set()
    ended(downloads.of(offer))


def test_the_bound_is_a_setting():
    assert models.models_bytes({}) == 10_000_000_000
    assert models.models_bytes({"GLASSHOUSE_MODELS_MB": "20"}) == 20_000_000
    with pytest.raises(ValueError, match="whole number"):
        models.models_bytes({"GLASSHOUSE_MODELS_MB": "2 GB"})


def test_a_hub_that_is_lost_after_the_look_up_is_no_fault_of_the_disk(toy, here, top, monkeypatch):
    offer = models.look_up("someone/toy")

    def lost(*_, **__):
        raise errors.LocalEntryNotFoundError("no listing, and nothing on this disk")

    monkeypatch.setattr("huggingface_hub.snapshot_download", lost)
    download = ended(fetch(offer, top))
    assert (download.state, download.message[:24]) == ("failed", "The connection broke off")
