import numpy as np
import pytest

from lab.attention.rollout import mean_of_heads, rollout
from lab.attention.trace import (
    MOST_CELLS,
    PATTERNS,
    TraceError,
    block,
    decode,
    divided,
    encode,
    patterns,
)


def random_weights(*shape, seed=0):
    scores = np.exp(np.random.default_rng(seed).normal(0, 2, shape))
    return scores / scores.sum(-1, keepdims=True)


def test_a_byte_holds_a_weight_to_the_error_that_is_promised():
    weights = np.linspace(0, 1, 100_001)
    error = np.abs(decode(encode(weights)) - weights)
    assert error.max() <= 0.004
    assert error[np.argmin(np.abs(weights - 0.002))] <= 0.0002
    assert decode(encode(np.array([0.0, 1.0]))).tolist() == [0.0, 1.0]


def test_even_attention_over_512_tokens_does_not_vanish():
    assert decode(encode(np.array(1 / 512))) == pytest.approx(1 / 512, rel=0.06)


def test_patterns_by_hand():
    # Three tokens. Head 1: the first two look at themselves, the last at the one before.
    weights = np.zeros((1, 2, 3, 3))
    weights[0, 0] = [[1, 0, 0], [0, 1, 0], [0, 1, 0]]
    # Head 2: everybody looks at the last token.
    weights[0, 1, :, 2] = 1
    found = dict(zip(PATTERNS, patterns(weights)[0].T.tolist(), strict=True))
    assert found["the token before"] == [0.5, 0.0]  # of tokens 2 and 3
    assert found["the token itself"] == pytest.approx([2 / 3, 1 / 3])
    assert found["the token after"] == [0.0, 0.5]
    assert found["the first token"] == [0.0, 0.0]
    assert found["the end"] == [0.0, 1.0]


def test_patterns_of_a_single_token():
    assert patterns(np.ones((2, 1, 1, 1)))[0, 0].tolist() == [0, 1, 0, 0, 0]


def test_rollout_by_hand():
    # Layer 1: token 1 stays, token 2 looks at token 1. Layer 2: both look at token 2.
    layers = np.array([[[[1, 0], [1, 0]]], [[[0, 1], [0, 1]]]], dtype=float)
    # 0.5 A + 0.5 I: [[1, 0], [.5, .5]] and [[.5, .5], [0, 1]]; their product, second times first.
    assert rollout(layers)[0].tolist() == [[1, 0], [0.5, 0.5]]
    assert rollout(layers)[1].tolist() == [[0.75, 0.25], [0.5, 0.5]]


def test_rollout_rows_sum_to_one_and_heads_are_averaged():
    weights = random_weights(4, 3, 6, 6)
    assert rollout(weights).sum(-1) == pytest.approx(1)
    one_head = mean_of_heads(weights)[:, None]
    assert rollout(one_head) == pytest.approx(rollout(weights))


def test_rollout_of_cross_attention_is_refused():
    with pytest.raises(ValueError, match="self-attention"):
        rollout(random_weights(1, 1, 2, 3))


def test_a_block_gives_heads_and_means_back():
    weights = random_weights(2, 3, 4, 4)
    found = block("self-attention", "abcd", "abcd", weights)
    assert found.whole
    assert found.weights(1, 2) == pytest.approx(weights[1, 2], abs=0.004)
    assert found.weights(1) == pytest.approx(weights[1].mean(0), abs=0.004)
    with pytest.raises(IndexError):
        found.weights(2)


def test_a_long_text_travels_layer_by_layer_and_its_patterns_tell_of_all():
    tokens = [str(i) for i in range(512)]
    weights = np.full((12, 12, 512, 512), 1 / 512, dtype=np.float32)
    weights[7] = np.eye(512)
    found = block("self-attention", tokens, tokens, weights, layer=7)
    assert found.codes.shape == (1, 12, 512, 512)
    assert (found.layers, found.first, found.whole) == (12, 7, False)
    assert weights.size > MOST_CELLS
    assert found.weights(7, 0)[3, 3] == 1
    with pytest.raises(IndexError):
        found.weights(6)
    assert found.shares[7, 0].tolist() == pytest.approx([0, 1, 0, 0, 0], abs=1e-6)
    assert block("self-attention", tokens, tokens, weights, layer=99).first == 11


def test_128_tokens_of_bert_base_travel_whole():
    assert MOST_CELLS >= 12 * 12 * 128 * 128


def test_cross_attention_has_no_rollout_and_no_patterns():
    found = block("cross-attention", "ab", "abc", random_weights(1, 1, 2, 3))
    assert found.rolled is None
    assert not found.shares.any()


@pytest.mark.parametrize(
    "weights", [np.ones((1, 1, 2, 3)), np.full((1, 1, 2, 2), np.nan), np.ones((2, 2))]
)
def test_what_is_no_attention_is_refused(weights):
    with pytest.raises(TraceError):
        block("self-attention", "ab", "ab", weights)


def test_all_of_the_attention_is_divided_once():
    # Three tokens, even weights: 3 of 9 cells on the diagonal, 2 before, 2 after; of the corners
    # that are left, (2, 0) is the first token's and (0, 2) the end's.
    even = np.full((1, 2, 3, 3), 1 / 3)
    assert divided(even) == pytest.approx((2 / 9, 3 / 9, 2 / 9, 1 / 9, 1 / 9, 0))
    assert divided(np.ones((1, 1, 1, 1))) == (0, 1, 0, 0, 0, 0)
    found = divided(random_weights(3, 2, 7, 7))
    assert sum(found) == pytest.approx(1)
    assert found[-1] > 0.1
