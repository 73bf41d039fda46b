import json

import pytest

from lab.pretrained.folders import ModelError, look_into, models_folder, models_here
from tests import toy_models


@pytest.fixture
def here(tmp_path):
    """Return an environment whose models lie in a fresh folder."""
    return {"GLASSHOUSE_MODELS": str(tmp_path)}


def fake(folder, config, weights=b"x"):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config))
    if weights:
        (folder / "model.safetensors").write_bytes(weights)


def test_where_the_models_lie():
    assert models_folder({"GLASSHOUSE_MODELS": "/m"}).as_posix() == "/m"
    assert models_folder({"GLASSHOUSE_DATA": "/d"}).as_posix() == "/d/models"
    assert models_folder({}).as_posix() == ".glasshouse/models"


def test_a_folder_tells_its_architecture_and_size(tmp_path):
    toy_models.bert(tmp_path / "toy")
    found = look_into(tmp_path / "toy")
    assert (found.architecture, found.layers, found.heads) == ("BertForMaskedLM", 3, 2)
    size = (tmp_path / "toy" / "model.safetensors").stat().st_size
    assert found.megabytes == pytest.approx(size / 1e6)


@pytest.mark.parametrize(
    ("written", "reference"),
    [(b"a" * 40, "toy@" + "a" * 40), (b"main", "toy"), (b"\xff" * 40, "toy"), (b"a" * 41, "toy")],
)
def test_the_revision_of_a_model_is_a_commit_or_nothing(tmp_path, written, reference):
    fake(tmp_path / "toy", {"model_type": "bert"})
    (tmp_path / "toy" / "revision.txt").write_bytes(written)
    assert look_into(tmp_path / "toy").reference == reference


def test_models_one_and_two_levels_deep_are_found(tmp_path, here):
    fake(tmp_path / "flat", {"model_type": "bert"})
    fake(tmp_path / "someone" / "deep", {"architectures": ["GPT2LMHeadModel"]})
    (tmp_path / "a-file").write_text("no folder")
    found, faults = models_here(here)
    names = [f.name for f in found if not f.name.startswith("Glasshouse")]
    assert names == ["flat", "someone/deep"]
    assert faults == []


@pytest.mark.parametrize(
    ("config", "weights", "says"),
    [
        ({"auto_map": {"AutoModel": "m.Evil"}}, b"x", "own program code"),
        ({"model_type": "bert"}, b"", "no weights"),
        (["no", "object"], b"x", "damaged"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_rest_works(tmp_path, here, config, weights, says):
    fake(tmp_path / "bad", config, weights)
    fake(tmp_path / "good", {"model_type": "bert"})
    found, (fault,) = models_here(here)
    assert says in fault
    assert [f.name for f in found][-1] == "good"


def test_a_folder_without_a_configuration(tmp_path):
    with pytest.raises(ModelError, match=r"no config\.json"):
        look_into(tmp_path)


def test_weights_beyond_the_limit_are_not_opened(tmp_path, monkeypatch):
    fake(tmp_path / "large", {"model_type": "bert"}, b"x" * 50)
    monkeypatch.setattr("lab.pretrained.folders.LARGEST", 49)
    with pytest.raises(ModelError, match="GB"):
        look_into(tmp_path / "large")
