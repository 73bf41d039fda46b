"""What all networks have in common: their size as announced, and their interface."""

import subprocess
import sys

import pytest
import torch

from lab import models
from lab.training.cost import parameters
from lab.training.settings import MODELS, POSITIONS, Settings

KINDS = [(model, "alibi") for model in MODELS if model != "transformer"]
KINDS += [("transformer", positions) for positions in POSITIONS]


@pytest.mark.parametrize("vocabulary_size", [7, 65])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(("model", "positions"), KINDS)
def test_announced_parameters_are_built(model, positions, layers, vocabulary_size):
    settings = Settings.default(
        model,
        positions=positions,
        layers=layers,
        width=24,
        heads=3,
        block=10,
        window=5,
        embedding=9,
    )
    with torch.device("meta"):
        built = models.build(settings, vocabulary_size)
    assert parameters(settings, vocabulary_size) == sum(p.numel() for p in built.parameters())


@pytest.mark.parametrize("model", MODELS)
def test_the_past_alone_decides(model):
    torch.manual_seed(0)
    built = models.build(Settings.default(model, width=16, block=10), 11).eval()
    ids = torch.randint(11, (1, 10))
    changed = ids.clone()
    changed[0, 6] = (ids[0, 6] + 1) % 11
    one, two = built(ids)[0], built(changed)[0]
    assert one.shape == (1, 10, 11)
    torch.testing.assert_close(one[:, :6], two[:, :6], atol=1e-6, rtol=1e-5)
    assert (one[:, 6] - two[:, 6]).abs().max() > 1e-5


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_builds_the_same_weights(model):
    settings = Settings.default(model, width=16)
    torch.manual_seed(5)
    one = models.build(settings, 11).state_dict()
    torch.manual_seed(5)
    two = models.build(settings, 11).state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_an_unknown_model_is_refused():
    class Odd:
        model = "perceiver"

    with pytest.raises(ValueError, match="perceiver"):
        models.build(Odd(), 11)


def test_torch_is_loaded_only_when_something_is_built():
    code = (
        "import sys, lab.models, lab.training, lab.training.cost, lab.training.settings as s;"
        "s.Settings.default('transformer'); import lab.training.events, lab.training.schedule;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
