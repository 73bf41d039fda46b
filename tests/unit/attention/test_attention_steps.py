"""Attention step by step against hand arithmetic and against PyTorch's own modules."""

import dataclasses
import math
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lab.attention.arithmetic import STAGES, arithmetic, number, table
from lab.attention.steps import attend, changes, softmax
from lab.attention.vectors import (
    BY_HAND,
    LEXICON,
    MOST_WORDS,
    SENTENCE,
    VectorsError,
    by_hand,
    embed,
    weights,
    words_of,
)

GENERATOR = np.random.default_rng(3)
X = GENERATOR.standard_normal((5, 8))
W = [GENERATOR.standard_normal((8, 8)) * 0.4 for _ in range(4)]


def example(**options):
    words = words_of(SENTENCE)
    matrices = [np.array(BY_HAND[name], dtype=float) for name in ("q", "k", "v")]
    return attend(by_hand(words), *matrices, **options)


def test_two_words_by_hand():
    # q = k = v = x = (1, 0), (1, 1): scores 1 1 / 1 2, divided by sqrt 2.
    one = np.eye(2)
    steps = attend(np.array([[1, 0], [1, 1]]), one, one, one)
    assert steps.scores.tolist() == [[[1, 1], [1, 2]]]
    assert np.allclose(steps.scaled, np.array([[[1, 1], [1, 2]]]) / 1.41421356)
    more = 1 / (1 + math.exp(-1 / math.sqrt(2)))  # of the second word in its own row
    assert np.allclose(steps.weights, [[[0.5, 0.5], [1 - more, more]]])
    assert np.allclose(steps.output, [[1, 0.5], [1, more]])


def test_the_example_says_what_the_page_says():
    steps = example()
    assert steps.scaled[0, 3].tolist() == [0, 3, 0.5, 1, 1.5]
    powers = [1, math.e**3, math.e**0.5, math.e, math.e**1.5]
    assert np.allclose(steps.weights[0, 3], np.array(powers) / sum(powers))
    assert steps.weights[0, 3].argmax() == 1  # "it" looks at "animal"
    assert 0.67 < steps.weights[0, 3, 1] < 0.675
    assert 0.92 < example(scaled=False).weights[0, 3, 1] < 0.93


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 2, 4, 8])
def test_each_head_is_pytorchs_scaled_dot_product_attention(heads, causal):
    steps = attend(X, *W[:3], heads=heads, causal=causal)
    q, k, v = (torch.tensor(X @ w).view(5, heads, 8 // heads).transpose(0, 1)[None] for w in W[:3])
    right = F.scaled_dot_product_attention(q, k, v, is_causal=causal)[0].numpy()
    assert np.allclose(steps.heads, right, atol=1e-12)
    assert np.allclose(steps.output, right.transpose(1, 0, 2).reshape(5, 8), atol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_with_w_o_it_is_pytorchs_multi_head_attention(causal):
    module = nn.MultiheadAttention(8, 4, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.tensor(np.concatenate([w.T for w in W[:3]])))
        module.out_proj.weight.copy_(torch.tensor(W[3].T))
    x = torch.tensor(X)[None]
    mask = torch.triu(torch.ones(5, 5, dtype=torch.bool), diagonal=1) if causal else None
    right, looked = module(x, x, x, attn_mask=mask, average_attn_weights=False)
    steps = attend(X, *W[:3], heads=4, causal=causal, w_o=W[3])
    assert np.allclose(steps.output, right[0].detach().numpy(), atol=1e-12)
    assert np.allclose(steps.weights, looked[0].detach().numpy(), atol=1e-12)


def test_without_the_division_scores_go_into_the_softmax_as_they_are():
    steps = attend(X, *W[:3], heads=2, scaled=False)
    assert steps.divisor == 1
    assert np.array_equal(steps.scaled, steps.scores)
    right = torch.softmax(torch.tensor(steps.scores), dim=-1).numpy()
    assert np.allclose(steps.weights, right)
    assert attend(X, *W[:3], heads=2).divisor == 2


def test_rows_sum_to_one_and_the_mask_leaves_zeros():
    steps = attend(X, *W[:3], heads=2, causal=True)
    assert np.allclose(steps.weights.sum(axis=2), 1)
    upper = np.triu_indices(5, k=1)
    assert (steps.weights[:, upper[0], upper[1]] == 0).all()
    assert np.isneginf(steps.masked[:, upper[0], upper[1]]).all()
    assert np.isfinite(steps.scaled).all()
    assert (steps.weights[:, 0, 0] == 1).all()


def test_positions_are_added_and_both_are_kept():
    places = GENERATOR.standard_normal((5, 8))
    steps = attend(X, *W[:3], positions=places)
    assert np.allclose(steps.x, X + places)
    assert np.array_equal(steps.embeddings, X)
    assert np.allclose(steps.output, attend(X + places, *W[:3]).output)


def test_a_later_word_leaks_unless_it_is_masked():
    other = X.copy()
    other[4] += 1
    for causal in (False, True):
        moved = changes(attend(X, *W[:3], causal=causal), attend(other, *W[:3], causal=causal))
        assert moved[4] > 0.1
        assert (moved[:4] > 1e-6).all() == (not causal)
        if causal:
            assert (moved[:4] == 0).all()


def test_huge_scores_do_not_overflow():
    one = np.eye(2)
    steps = attend(np.array([[1000.0, 0], [0, 1000]]), one * 1000, one * 1000, one)
    assert np.allclose(steps.weights, np.eye(2))
    assert softmax(np.array([[1e300, 0]])).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("x", "w", "options", "said"),
    [
        ([[1, math.nan]], np.eye(2), {}, "empty cell"),
        ([[1, math.inf]], np.eye(2), {}, "empty cell"),
        ([[1, None]], np.eye(2), {}, "empty cell"),
        ([[1, "a"]], np.eye(2), {}, "a number in every cell"),
        ([[1, 2], [3]], np.eye(2), {}, "a number in every cell"),
        ([1, 2], np.eye(2), {}, "rows and columns"),
        (np.zeros((0, 2)), np.eye(2), {}, "rows and columns"),
        ([[1, 2000]], np.eye(2), {}, "beyond ±1000"),
        ([[1, 2, 3]], np.eye(2), {}, "W_Q has 2 rows, and 3 are needed"),
        (np.ones((13, 2)), np.eye(2), {}, "13 words are too many"),
        ([[1, 2]], np.eye(2), {"heads": 3}, "shared among 3 heads"),
        ([[1, 2]], np.eye(2), {"heads": 0}, "shared among 0 heads"),
        ([[1, 2]], np.eye(2), {"w_o": np.eye(3)}, "W_O has 3 rows"),
        ([[1, 2]], np.eye(2), {"positions": np.eye(2)}, "positions has 2 rows"),
    ],
)
def test_what_cannot_be_computed_is_said_in_a_sentence(x, w, options, said):
    with pytest.raises(VectorsError, match=re.escape(said)) as caught:
        attend(x, w, w, w, **options)
    assert str(caught.value).endswith(".")
    assert isinstance(caught.value, ValueError)


def test_unequal_matrices_are_refused():
    with pytest.raises(VectorsError, match="W_K has 3 columns, and 2"):
        attend(np.ones((2, 2)), np.eye(2), np.ones((2, 3)), np.eye(2))


def test_words_are_read_without_punctuation():
    assert words_of("The ANIMAL, didn't cross: it's well-known!") == (
        *("the", "animal", "didn't", "cross", "it's", "well-known"),
    )
    assert words_of("Été 2024") == ("été", "2024")
    for text, said in (
        ("", "no word"),
        (" ,. _", "no word"),
        ("a " * (MOST_WORDS + 1), "13 words are too many"),
        ("x" * 21, "too long"),
    ):
        with pytest.raises(VectorsError, match=said):
            words_of(text)
    assert len(words_of("a " * MOST_WORDS)) == MOST_WORDS


def test_vectors_depend_on_word_and_seed_alone():
    first = embed(["cat", "dog", "cat"], 4, 7)
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[1], embed(["dog"], 4, 7)[0])
    assert not np.array_equal(embed(["cat"], 16, 7), embed(["cat"], 16, 8))
    assert set(embed([f"w{i}" for i in range(50)], 4).ravel()) == {-1, -0.5, 0, 0.5, 1}


def test_random_numbers_leave_scaled_scores_of_about_one():
    for width in (4, 8, 16):
        spread = [
            attend(
                embed([f"w{i}" for i in range(8)], width, seed), *weights(width, seed).values()
            ).scaled.std()
            for seed in range(40)
        ]
        assert 0.8 < np.mean(spread) < 1.8
    assert set(weights(4, 1)["q"].ravel()) <= {-1, 0, 1}


def test_words_that_the_example_does_not_know_get_random_vectors():
    found = by_hand(["it", "zebra"], seed=5)
    assert tuple(found[0]) == LEXICON["it"]
    assert np.array_equal(found[1], embed(["zebra"], 4, 5)[0])


# --- the arithmetic of a cell ---------------------------------------------------------------


def test_the_arithmetic_of_the_example_by_hand():
    steps = example()
    text = arithmetic(steps, "scores", 0, 3, 1)
    assert r"2 \cdot 1 + 2 \cdot 2 + 0 \cdot 0 + 1 \cdot 0" in text
    assert "= 6" in text
    assert r"\frac{6}{\sqrt{4}} = 3" in arithmetic(steps, "scaled", 0, 3, 1)
    text = arithmetic(steps, "weights", 0, 3, 1)
    assert r"\frac{e^{3}}{e^{0} + e^{3} + e^{0.5} + e^{1} + e^{1.5}}" in text
    assert r"1 + 20.086 + 1.649 + 2.718 + 4.482 \approx 29.934" in text
    assert r"\frac{20.086}{29.934} \approx 0.671" in text
    assert r"x_{4,3} &= 2 \quad\text{(given)}" in arithmetic(steps, "x", 0, 3, 2)
    assert "not divided" in arithmetic(example(scaled=False), "scaled", 0, 3, 1)


def test_a_masked_cell_says_why():
    steps = example(causal=True)
    assert r"3 &\to -\infty \quad\text{(word 3 comes after word 2)}".replace(
        "3 &", "1.5 &"
    ) in arithmetic(steps, "masked", 0, 1, 2)
    assert r"e^{-\infty}" in arithmetic(steps, "weights", 0, 1, 2)
    assert arithmetic(steps, "weights", 0, 1, 2).endswith(r"= 0 \end{aligned}")


def result(text: str) -> float:
    """Return the last number that stands in the LaTeX."""
    found = re.findall(r"-?\d+(?:\.\d+)?|-?\\infty", text.split(r"\quad\text")[0])[-1]
    return -math.inf if "infty" in found else float(found)


@pytest.mark.parametrize("options", [{}, {"heads": 2}, {"heads": 4, "w_o": W[3]}])
@pytest.mark.parametrize("stage", [s for s in STAGES if s not in ("x", "masked")])
def test_every_stage_ends_with_the_number_of_its_cell(stage, options):
    steps = attend(X, *W[:3], **options)
    for head in range(len(steps.q)):
        values = table(steps, stage, head)
        for row in range(values.shape[0]):
            for column in range(values.shape[1]):
                text = arithmetic(steps, stage, head, row, column)
                assert abs(result(text) - values[row, column]) < 6e-4


def test_sums_of_products_come_out_as_written():
    steps = attend(X, *W[:3], heads=2, w_o=W[3])
    for stage in ("q", "k", "v", "scores", "heads", "output"):
        text = arithmetic(steps, stage, 1, 2, 3)
        text = text.split("&=", 2)[2]
        pairs = re.findall(r"\(?(-?[\d.]+)\)? \\cdot \(?(-?[\d.]+)\)?", text)
        total = sum(float(a) * float(b) for a, b in pairs)
        assert total == pytest.approx(table(steps, stage, 1)[2, 3], abs=0.01)


def test_large_scores_are_written_with_the_largest_taken_off():
    one = np.eye(2)
    text = arithmetic(attend([[30, 0], [31, 0]], one, one, one), "weights", 0, 0, 1)
    assert "taken off every score" in text
    assert r"e^{0}" in text
    assert result(text) == 1


def test_position_and_word_are_added_in_writing():
    steps = attend([[1, -2]], np.eye(2), np.eye(2), np.eye(2), positions=[[0.5, -1]])
    assert "&= (-2) + (-1) = -3" in arithmetic(steps, "x", 0, 0, 1)


def test_long_sums_go_on_below():
    text = arithmetic(example(), "heads", 0, 3, 1, a_line=3)
    assert text.count(r"&\quad + ") == 1
    assert text.count(r"\cdot") == 5


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (-0.0001, "0"), (1.5, "1.5"), (-2, "-2"), (1e7, r"1.00\cdot 10^{7}")],
)
def test_numbers_are_written_short(value, said):
    assert number(value) == said


def test_a_cell_that_is_not_there():
    with pytest.raises(ValueError, match="no stage"):
        arithmetic(example(), "softmax", 0, 0, 0)
    with pytest.raises(ValueError, match="no cell"):
        arithmetic(example(), "weights", 0, 5, 0)


def test_every_intermediate_is_kept():
    names = {field.name for field in dataclasses.fields(example())}
    assert set(STAGES) <= names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी भाषा", ("हिन्दी", "भाषा")),
        ("שָׁלוֹם עולם", ("שָׁלוֹם", "עולם")),
        ("กินข้าว", ("กินข้าว",)),
        ("a well-known dog's day -- 42", ("a", "well-known", "dog's", "day", "42")),
    ],
)
def test_marks_stay_with_their_letters(text, words):
    from lab.attention.vectors import words_of

    assert words_of(text) == words
