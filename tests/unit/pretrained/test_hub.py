"""The hub's real client against a stand-in over loopback: good, broken off, wrong, refused."""

import pickle

import pytest

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


def test_what_a_model_is_before_it_is_fetched(toy, here):
    offer = models.look_up("someone/toy")
    assert (offer.name, offer.revision) == ("someone/toy", REVISION)
    assert (offer.task, offer.licence, offer.downloads) == ("fill-mask", "apache-2.0", 1234)
    assert {file.name for file in offer.files} >= {"config.json", "model.safetensors"}
    assert offer.size == sum((toy / file.name).stat().st_size for file in offer.files)
    assert here.served == []


def test_nothing_but_what_is_needed_is_fetched_and_then_it_is_at_hand(toy, here, tmp_path):
    download = ended(models.fetch(models.look_up("someone/toy"), tmp_path / "models"))
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
    download = ended(models.fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert download.state == "finished"
    assert any(start >= 1_000 for start in here.ranges)


def test_a_download_can_be_cancelled_and_leaves_no_half_model(toy, here, tmp_path):
    here.hold.clear()
    download = models.fetch(models.look_up("someone/toy"), tmp_path / "models")
    download.cancel()
    here.hold.set()
    assert ended(download).state == "cancelled"
    found, faults = models_here({"GLASSHOUSE_MODELS": str(tmp_path / "models")})
    assert "someone/toy" not in [folder.name for folder in found]
    assert faults == []
    again = ended(models.fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert again.state == "finished"


def test_a_wrong_checksum_is_thrown_away(toy, here, tmp_path):
    here.wrong.add("model.safetensors")
    download = ended(models.fetch(models.look_up("someone/toy"), tmp_path / "models"))
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
    download = ended(models.fetch(models.look_up("someone/toy"), tmp_path / "models"))
    assert download.state == "finished"
    with pytest.raises(ModelError, match="cannot be opened"):
        open_model(str(tmp_path / "models/someone/toy"))
    assert not (tmp_path / "ran").exists()


def test_too_large_for_the_lab_and_for_the_disk(toy, here, tmp_path, monkeypatch):
    offer = models.look_up("someone/toy")
    monkeypatch.setattr(models.shutil, "disk_usage", lambda path: type("U", (), {"free": 10}))
    with pytest.raises(ModelError, match="no room"):
        models.fetch(offer, tmp_path)
    monkeypatch.setattr(models, "LARGEST", 10)
    with pytest.raises(ModelError, match="at most"):
        models.look_up("someone/toy")
