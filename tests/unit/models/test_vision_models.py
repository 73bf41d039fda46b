"""The vision models: patches by hand, attention against PyTorch's own, the layer's equations."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lab.models.choices import PATCHES
from lab.models.vision import (
    AttentionCNN,
    Block,
    MapAttention,
    SelfAttention,
    VisionTransformer,
    as_numbers,
    patches_of,
)

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}


def loud(model, std=0.2, seed=0):
    """Return the model with weights so large that every part matters."""
    torch.manual_seed(seed)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=std)
    return model.eval()


def pictures(n=3, seed=1):
    return torch.randint(
        256, (n, 48, 48, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed)
    )


def models(patch=8):
    return {
        "vit": VisionTransformer(5, patch, 16, 2, 4),
        "cnn": AttentionCNN(5, patch, 16),
        "mean": AttentionCNN(5, patch, 16, "mean"),
    }


def test_patches_are_squares_of_the_picture_row_by_row():
    images = pictures(2)
    cut = patches_of(images, 8)
    assert cut.shape == (2, 36, 8 * 8 * 3)
    row, column = 4, 1
    square = images[1, 32:40, 8:16]
    assert (cut[1, row * 6 + column].view(8, 8, 3) == square).all()


@pytest.mark.parametrize("patch", PATCHES)
def test_projecting_patches_is_a_convolution_with_their_size_as_stride(patch):
    images, project = as_numbers(pictures()), nn.Linear(patch * patch * 3, 7)
    kernel = project.weight.view(7, patch, patch, 3).permute(0, 3, 1, 2)
    found = F.conv2d(images.permute(0, 3, 1, 2), kernel, project.bias, stride=patch)
    expected = found.flatten(2).transpose(1, 2)
    torch.testing.assert_close(project(patches_of(images, patch)), expected, atol=1e-4, rtol=1e-4)


def test_self_attention_is_pytorchs_multihead_attention():
    ours, theirs = loud(SelfAttention(12, 3)), nn.MultiheadAttention(12, 3, batch_first=True).eval()
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.qkv.weight)
        theirs.in_proj_bias.copy_(ours.qkv.bias)
        theirs.out_proj.weight.copy_(ours.out.weight)
        theirs.out_proj.bias.copy_(ours.out.bias)
    x = torch.randn(2, 5, 12)
    expected, weights = theirs(x, x, x, average_attn_weights=False)
    seen, ours_weights = ours.look(x)
    torch.testing.assert_close(ours(x), expected, **TOLERANCE)
    torch.testing.assert_close(seen, expected, **TOLERANCE)
    torch.testing.assert_close(ours_weights, weights, **TOLERANCE)


def test_a_block_is_pytorchs_encoder_layer_with_the_norm_first():
    ours = loud(Block(12, 3))
    theirs = nn.TransformerEncoderLayer(
        12, 3, 24, dropout=0, activation="gelu", batch_first=True, norm_first=True
    ).eval()
    pairs = {
        "self_attn.in_proj_weight": ours.attention.qkv.weight,
        "self_attn.in_proj_bias": ours.attention.qkv.bias,
        "self_attn.out_proj.weight": ours.attention.out.weight,
        "self_attn.out_proj.bias": ours.attention.out.bias,
        **{
            f"{name}.{part}": getattr(getattr(ours, own), part)
            for name, own in (
                ("linear1", "up"), ("linear2", "down"), ("norm1", "norm1"), ("norm2", "norm2")
            )
            for part in ("weight", "bias")
        },
    }  # fmt: skip
    theirs.load_state_dict({name: tensor.detach() for name, tensor in pairs.items()})
    x = torch.randn(2, 5, 12)
    torch.testing.assert_close(ours(x), theirs(x), **TOLERANCE)
    torch.testing.assert_close(ours.look(x)[0], theirs(x), **TOLERANCE)


@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize("name", ["vit", "cnn", "mean"])
def test_the_open_network_is_the_fused_one_and_its_weights_are_shares(name, patch):
    model, images = loud(models(patch)[name]), pictures()
    logits, layers = model.look(images)
    torch.testing.assert_close(logits, model(images), **TOLERANCE)
    n = (48 // patch) ** 2
    shapes = {
        "vit": [(3, 4, n + 1, n + 1)] * 2,
        "cnn": [(3, 1, n, n), (3, 1, 1, n)],
        "mean": [(3, 1, n, n)],
    }
    assert [tuple(layer.shape) for layer in layers] == shapes[name]
    assert model.grid == 48 // patch
    for layer in layers:
        assert (layer >= 0).all()
        torch.testing.assert_close(layer.sum(3), torch.ones(layer.shape[:3]))


def test_map_attention_by_hand():
    layer = MapAttention(8)
    x = torch.randn(1, 8, 2, 2)
    assert (layer(x) == x).all()  # gamma begins at zero: the CNN alone
    loud(layer)
    q, k, v = (
        f.weight[:, :, 0, 0] @ x[0].flatten(1) + f.bias[:, None]
        for f in (layer.query, layer.key, layer.value)
    )  # (C, T)
    out = torch.zeros(8, 4)
    for j in range(4):
        scores = [math.exp((q[:, j] @ k[:, i]).item()) for i in range(4)]
        seen = sum(score / sum(scores) * v[:, i] for i, score in enumerate(scores))
        out[:, j] = layer.out.weight[:, :, 0, 0] @ seen + layer.out.bias
    expected = layer.gamma * out.view(1, 8, 2, 2) + x
    torch.testing.assert_close(layer(x), expected, **TOLERANCE)
    torch.testing.assert_close(layer.look(x)[0], expected, **TOLERANCE)


@pytest.mark.parametrize("name", ["vit", "cnn", "mean"])
def test_every_parameter_gets_a_gradient(name):
    model = loud(models()[name])
    model(pictures()).square().sum().backward()
    silent = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    # A bias of all keys adds the same to all scores of a query: softmax does not see it.
    assert set(silent) <= {"attention.key.bias"}


def test_without_positions_the_transformer_cannot_tell_where_a_patch_lies():
    model = loud(VisionTransformer(5, 8, 16, 2, 4), std=0.7)
    images = pictures(1)
    moved = images.roll(8, dims=2)  # by one patch to the right
    assert not torch.allclose(model(images), model(moved), atol=1e-3)
    nn.init.zeros_(model.position)
    torch.testing.assert_close(model(images), model(moved), atol=1e-4, rtol=1e-4)


def test_there_is_no_other_pooling():
    with pytest.raises(ValueError, match="no pooling 'max'"):
        AttentionCNN(5, pool="max")
