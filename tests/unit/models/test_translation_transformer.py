"""The encoder-decoder Transformer: against PyTorch's own, and what nobody may look at."""

import pytest
import torch
from torch import nn

from lab.models.attention import sinusoidal
from lab.models.tokens import END, PAD, START
from lab.models.translation_transformer import Attention, TranslationTransformer

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}
V_SOURCE, V_TARGET, C, HEADS = 11, 13, 16, 4
pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")


def transformer(layers=2, **options):
    torch.manual_seed(4)
    model = TranslationTransformer(V_SOURCE, V_TARGET, C, layers, HEADS, **options)
    for parameter in model.parameters():  # larger than the initial ones, so that all parts matter
        nn.init.normal_(parameter, std=0.3)
    return model


def batch():
    """Return sources of 6, 3 and 1 tokens and targets (3, 5) to read."""
    torch.manual_seed(5)
    source = torch.randint(4, V_SOURCE, (3, 6))
    for row, length in enumerate((6, 3, 1)):
        source[row, length - 1] = END
        source[row, length:] = PAD
    target = torch.randint(4, V_TARGET, (3, 5))
    target[:, 0] = START
    return source, target


def pytorchs(model, layers=2):
    """Return PyTorch's Transformer with the weights of `model`."""
    theirs = nn.Transformer(
        C, HEADS, layers, layers, 4 * C, dropout=0.0, batch_first=True, norm_first=True
    )

    def put(there, here):
        there.load_state_dict(here.state_dict())

    def put_attention(there, here):
        with torch.no_grad():
            there.in_proj_weight.copy_(torch.cat((here.q.weight, here.kv.weight)))
            there.in_proj_bias.copy_(torch.cat((here.q.bias, here.kv.bias)))
        put(there.out_proj, here.out)

    for there, here in zip(theirs.encoder.layers, model.encoder, strict=True):
        put_attention(there.self_attn, here.attention)
    for there, here in zip(theirs.decoder.layers, model.decoder, strict=True):
        put_attention(there.self_attn, here.self_attention)
        put_attention(there.multihead_attn, here.cross_attention)
        put(there.norm3, here.norm3)
    pairs = [*zip(theirs.encoder.layers, model.encoder, strict=True)]
    for there, here in [*pairs, *zip(theirs.decoder.layers, model.decoder, strict=True)]:
        put(there.norm1, here.norm1)
        put(there.norm2, here.norm2)
        put(there.linear1, here.feed_forward.up)
        put(there.linear2, here.feed_forward.down)
    put(theirs.encoder.norm, model.encoder_norm)
    put(theirs.decoder.norm, model.decoder_norm)
    return theirs


@pytest.mark.parametrize("attend_end", [True, False])
@pytest.mark.parametrize("layers", [1, 2])
def test_it_equals_pytorchs_transformer(layers, attend_end):
    model, (source, target) = transformer(layers, attend_end=attend_end), batch()
    theirs = pytorchs(model, layers)
    places = sinusoidal(20, C, torch.device("cpu"))
    out = theirs(
        model.source_embedding(source) + places[: source.shape[1]],
        model.target_embedding(target) + places[: target.shape[1]],
        tgt_mask=torch.ones(5, 5, dtype=torch.bool).triu(1),
        src_key_padding_mask=source == PAD,
        memory_key_padding_mask=~model.encode(source).mask,
    )
    logits, _ = model(source, target)
    torch.testing.assert_close(logits, model.readout(out), **TOLERANCE)
    ours = torch.autograd.grad(logits.sin().sum(), model.source_embedding.weight)
    others = torch.autograd.grad(model.readout(out).sin().sum(), model.source_embedding.weight)
    torch.testing.assert_close(ours, others, atol=1e-4, rtol=1e-4)


def test_weights_are_those_of_pytorchs_last_cross_attention():
    model, (source, target) = transformer(), batch()
    theirs, seen = pytorchs(model), []
    last = theirs.decoder.layers[-1].multihead_attn
    memory = model.encode(source)
    last.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
    places = sinusoidal(20, C, torch.device("cpu"))
    theirs.decoder(
        model.target_embedding(target) + places[:5],
        memory.states,
        tgt_mask=torch.ones(5, 5, dtype=torch.bool).triu(1),
        memory_key_padding_mask=~memory.mask,
    )
    _, expected = last(seen[0], memory.states, memory.states, key_padding_mask=~memory.mask)
    _, weights = model(source, target)
    torch.testing.assert_close(weights, expected, **TOLERANCE)
    torch.testing.assert_close(weights.sum(2), torch.ones(3, 5))


def test_padding_changes_nothing():
    model, (source, target) = transformer(), batch()
    logits, weights = model(source, target)
    assert torch.equal(weights[1, :, 3:], torch.zeros(5, 3))  # exactly none on padding
    for row, length in ((1, 3), (2, 1)):
        alone, looked = model(source[row : row + 1, :length], target[row : row + 1])
        torch.testing.assert_close(alone[0], logits[row], atol=2e-6, rtol=1e-5)
        torch.testing.assert_close(looked[0], weights[row, :, :length], atol=2e-6, rtol=1e-5)
    with torch.no_grad():
        model.source_embedding.weight[PAD] = 100 * torch.randn(C)
    assert torch.equal(model(source, target)[0], logits)


def test_later_target_tokens_change_nothing_before_them():
    model, (source, target) = transformer(), batch()
    changed = target.clone()
    changed[:, 3] = 4 + (target[:, 3] - 3) % (V_TARGET - 4)
    assert (changed[:, 3] != target[:, 3]).all()
    before, after = model(source, target)[0], model(source, changed)[0]
    assert torch.equal(before[:, :3], after[:, :3])
    assert not torch.allclose(before[:, 3:], after[:, 3:])


def test_every_source_token_changes_every_prediction():
    model, (source, target) = transformer(), batch()
    before = model(source, target)[0]
    for place in range(5):
        changed = source.clone()
        changed[0, place] = 4 + (source[0, place] - 3) % (V_SOURCE - 4)
        difference = (model(changed, target)[0] - before).abs().amax(2)
        assert (difference[0] > 1e-4).all()
        assert torch.equal(difference[1:], torch.zeros(2, 5))


def test_end_is_not_looked_at_if_it_must_not_be():
    model, (source, target) = transformer(attend_end=False), batch()
    memory, (_, weights) = model.encode(source), model(source, target)
    assert memory.mask.tolist() == [
        [True] * 5 + [False],
        [True] * 2 + [False] * 4,
        [True] + [False] * 5,  # END alone: there must be something to look at
    ]
    assert torch.equal(weights[0, :, 5], torch.zeros(5))
    assert (weights[0, :, :5] > 0).all()
    _, weights = transformer(attend_end=True)(source, target)
    assert (weights[0, :, 5] > 0).all()


@pytest.mark.parametrize("attend_end", [True, False])
def test_step_by_step_is_forward(attend_end):
    model, (source, target) = transformer(attend_end=attend_end), batch()
    logits, weights = model(source, target)
    memory = model.encode(source)
    assert all(len(part) == 3 for part in memory.start)
    state = memory.start
    for t in range(target.shape[1]):
        step = model.step(target[:, t], state, memory)
        torch.testing.assert_close(step.logits, logits[:, t], **TOLERANCE)
        torch.testing.assert_close(step.weights, weights[:, t], **TOLERANCE)
        state = step.state


def test_rows_can_be_chosen_and_repeated_as_a_beam_does():
    model, (source, target) = transformer(), batch()
    memory = model.encode(source).rows(torch.tensor([1, 1, 0]))
    state = model.step(target[:, 0], memory.start, memory).state
    state = model.step(target[:, 1], state, memory).state
    order = torch.tensor([2, 0, 0])
    memory, state = memory.rows(order), tuple(part[order] for part in state)
    step = model.step(target[:, 2], state, memory)
    rows = torch.tensor([0, 1, 1])  # of the source; what row 2, 0 and 0 had written before
    read = torch.stack((target[order, 0], target[order, 1], target[:, 2]), 1)
    logits, weights = model(source[rows], read)
    torch.testing.assert_close(step.logits, logits[:, 2], **TOLERANCE)
    torch.testing.assert_close(step.weights, weights[:, 2], **TOLERANCE)


def test_open_blocks_are_the_steps_of_forward():
    model, (source, target) = transformer(), batch()
    logits, weights = model(source[:1], target[:1])
    blocks = model.open_blocks(source[:1], target[:1])
    torch.testing.assert_close(blocks["logits"], logits[0], **TOLERANCE)
    last = blocks["decoder"][-1]
    torch.testing.assert_close(last["cross_attention"].mean(0), weights[0], **TOLERANCE)
    read = model.readout(model.decoder_norm(last["after_feed_forward"]))
    torch.testing.assert_close(read, logits[0], **TOLERANCE)
    states = model.encoder_norm(blocks["encoder"][-1]["after_feed_forward"])
    torch.testing.assert_close(states, model.encode(source[:1]).states[0], **TOLERANCE)
    assert not blocks["logits"].requires_grad


def test_open_blocks_add_up():
    model, (source, target) = transformer(), batch()
    blocks = model.open_blocks(source[:1], target[:1])
    assert len(blocks["encoder"]) == len(blocks["decoder"]) == 2
    for layer, open_ in zip(model.encoder, blocks["encoder"], strict=True):
        assert set(open_) == {"input", "attention", "after_attention", "after_feed_forward"}
        assert open_["attention"].shape == (HEADS, 6, 6)
        added = layer.feed_forward(layer.norm2(open_["after_attention"]))
        torch.testing.assert_close(
            open_["after_feed_forward"], open_["after_attention"] + added, **TOLERANCE
        )
    for layer, open_ in zip(model.decoder, blocks["decoder"], strict=True):
        assert set(open_) == {
            *("input", "self_attention", "after_self_attention", "cross_attention"),
            *("after_cross_attention", "after_feed_forward"),
        }
        assert open_["self_attention"].shape == (HEADS, 5, 5)
        assert open_["self_attention"].triu(1).abs().max() == 0
        assert open_["cross_attention"].shape == (HEADS, 5, 6)
        # The weights shown are those that were used: they make the attention's output again.
        heads = layer.cross_attention
        _, v = heads.keys_and_values(model.encode(source[:1]).states)
        found = heads.out((open_["cross_attention"] @ v[0]).transpose(0, 1).reshape(5, C))
        torch.testing.assert_close(
            open_["after_cross_attention"], open_["after_self_attention"] + found, **TOLERANCE
        )
    for before, after in zip(blocks["decoder"], blocks["decoder"][1:], strict=False):
        assert torch.equal(before["after_feed_forward"], after["input"])


def test_gradients_reach_every_parameter():
    model, (source, target) = TranslationTransformer(V_SOURCE, V_TARGET, C, 2, HEADS), batch()
    model(source, target)[0].square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        if name.endswith("kv.bias"):  # a bias of all keys changes no softmax
            assert parameter.grad[C:].abs().max() > 0, name
        else:
            assert parameter.grad.abs().max() > 0, name


def test_it_reads_on_where_training_texts_end():
    model = transformer(1).eval()
    source = torch.randint(4, V_SOURCE, (1, 300))
    target = torch.randint(4, V_TARGET, (1, 260))
    logits, _ = model(source, target)
    assert logits.isfinite().all()
    # Positions go on over the seam between two tables.
    torch.testing.assert_close(model(source, target[:, :256])[0], logits[:, :256], **TOLERANCE)
    memory = model.encode(source)
    state = memory.start
    for t in range(258):
        step = model.step(target[:, t], state, memory)
        state = step.state
    torch.testing.assert_close(step.logits, logits[:, 257], **TOLERANCE)


def test_every_dropout_acts_while_training_only():
    model, (source, target) = transformer(), batch()
    places = [part for part in model.modules() if isinstance(part, Attention | nn.Dropout)]
    assert len(places) == 2 * 2 + 2 * 3 + 1  # encoder, decoder, embeddings

    def probability(part, p):
        setattr(part, "dropout" if isinstance(part, Attention) else "p", p)

    for part in places:
        probability(part, 0.5)
        model.train()
        assert not torch.equal(model(source, target)[0], model(source, target)[0])
        model.eval()
        assert torch.equal(model(source, target)[0], model(source, target)[0])
        probability(part, 0.0)


def test_weights_are_shown_before_dropout():
    _, weights = transformer(dropout=0.5)(*batch())
    torch.testing.assert_close(weights.sum(2), torch.ones(3, 5))


def test_bfloat16_stays_close():
    model, (source, target) = transformer(), batch()
    exact = model(source, target)[0].log_softmax(-1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = model(source, target)[0].float().log_softmax(-1)
        memory = model.encode(source)
        step = model.step(target[:, 0], memory.start, memory)
        step = model.step(target[:, 1], step.state, memory)
    assert (exact - rough).abs().mean() < 0.05
    assert (step.logits.float().log_softmax(-1) - rough[:, 1]).abs().mean() < 0.05


def test_what_a_decoding_made_first_can_be_trained_with():
    model, (source, target) = transformer(), batch()
    with torch.inference_mode():
        model(source, target)
    model(source, target)[0].sum().backward()
    assert model.target_embedding.weight.grad.abs().max() > 0
