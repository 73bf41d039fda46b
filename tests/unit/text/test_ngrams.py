"""n-gram models: by hand, against NLTK, and against their own equations."""

from fractions import Fraction

import numpy as np
import pytest

from lab.text import NGram

A, B, C = 0, 1, 2
ABACAB = [A, B, A, C, A, B]  # ab 2, ba 1, ac 1, ca 1
BOTH = pytest.mark.parametrize("smoothing", ["add-k", "back-off"])


def random_text(length=400, size=5, seed=0):
    rng = np.random.default_rng(seed)
    # Each token leans on the one before, and token size-1 never comes.
    ids = [0]
    for _ in range(length - 1):
        ids.append(int((ids[-1] + rng.integers(0, 3) * rng.integers(0, 2)) % (size - 1)))
    return np.array(ids)


# By hand


def test_add_k_by_hand():
    model = NGram(2, 3, k=0.5).fit(ABACAB)
    # After a (3 times): b 2, c 1, a 0; each + 0.5, over 3 + 3 * 0.5.
    np.testing.assert_allclose(model.probabilities([A]), [0.5 / 4.5, 2.5 / 4.5, 1.5 / 4.5])
    # After b, once: a. The b at the end has no token after it and must not count.
    np.testing.assert_allclose(model.probabilities([B]), [1.5 / 2.5, 0.5 / 2.5, 0.5 / 2.5])
    # With no context at all: a 3, b 2, c 1.
    np.testing.assert_allclose(model.probabilities([]), [3.5 / 7.5, 2.5 / 7.5, 1.5 / 7.5])
    assert model.parameters == 4


def test_add_k_after_an_unseen_context_is_uniform():
    model = NGram(3, 3, k=0.5).fit(ABACAB)
    np.testing.assert_allclose(model.probabilities([C, C]), [1 / 3] * 3)


def test_back_off_by_hand():
    model = NGram(2, 3, "back-off").fit(ABACAB)
    # Three bigrams once, one twice: D = 3 / (3 + 2). Distinct tokens before a: 2, before b: 1,
    # before c: 1; of these counts two are 1 and one is 2: D = 2 / (2 + 2).
    np.testing.assert_allclose(model.discounts, [0.5, 0.6])
    # p(a) = 1.5/4 + 0.5 * 3/4 * 1/3; p(b) = p(c) = 0.5/4 + 0.125.
    np.testing.assert_allclose(model.probabilities([]), [0.5, 0.25, 0.25])
    # p(b | a) = 1.4/3 + 0.6 * 2/3 * 0.25, and so on.
    np.testing.assert_allclose(model.probabilities([A]), [0.2, 1.7 / 3, 0.7 / 3])
    assert model.parameters == 4 + 3


def test_back_off_after_an_unseen_context_is_the_shorter_one():
    model = NGram(3, 3, "back-off").fit(ABACAB)
    np.testing.assert_array_equal(model.probabilities([C, B]), model.probabilities([B]))
    assert model.probabilities([B]).max() > 0.4


def test_cross_entropy_by_hand():
    model = NGram(2, 3, k=0.5).fit(ABACAB)
    expected = -(np.log(2.5 / 7.5) + np.log(1.5 / 2.5) + np.log(1.5 / 4.5)) / 3  # b, a|b, c|a
    assert model.cross_entropy([B, A, C]) == pytest.approx(expected)
    expected = -(np.log(2.5 / 4.5) + np.log(1.5 / 2.5) + np.log(1.5 / 4.5)) / 3  # b|a, a|b, c|a
    assert model.cross_entropy([B, A, C], context=[C, A]) == pytest.approx(expected)


def test_order_zero_is_uniform():
    for model in (NGram(0, 65), NGram(0, 65, "back-off").fit([1, 2])):
        np.testing.assert_allclose(model.probabilities([3]), [1 / 65] * 65)
        assert model.cross_entropy([5, 6]) == pytest.approx(np.log(65))
        assert model.parameters == 0


def test_sparsity_by_hand():
    model = NGram(2, 3).fit([*ABACAB, C])  # ab 2, ba, ac, ca, bc 1 each
    assert model.sparsity() == {
        "order": 2,
        "possible_ngrams": 9,
        "seen_ngrams": 5,
        "seen_only_once": 4,
        "share_of_possible_seen": pytest.approx(5 / 9),
        "possible_contexts": 3,
        "seen_contexts": 3,
    }
    # ab (seen), bb (not), bc (seen), cc (not).
    report = model.sparsity([B, B, C, C], context=[A])
    assert report["validation_ngrams"] == 4
    assert report["share_of_validation_ngrams_never_seen"] == pytest.approx(2 / 4)
    assert report["share_of_validation_contexts_never_seen"] == 0
    # Trigrams of a b a c a b: aba, bac, aca, cab. Of the contexts ab, bb, bc the last two are new.
    report = NGram(3, 3).fit(ABACAB).sparsity([A, B, B, C, A])
    assert report["seen_contexts"] == 4
    assert report["validation_ngrams"] == 3
    assert report["share_of_validation_ngrams_never_seen"] == 1
    assert report["share_of_validation_contexts_never_seen"] == pytest.approx(2 / 3)


def test_a_context_that_only_ends_the_text_was_never_followed():
    report = NGram(2, 3).fit([A, B, A, C]).sparsity([C, A])
    assert report["seen_contexts"] == 2
    assert report["share_of_validation_contexts_never_seen"] == 1


def test_what_is_possible_is_exact_for_large_vocabularies():
    report = NGram(5, 8000).fit([1, 2, 3, 4, 5, 6]).sparsity()
    assert report["possible_ngrams"] == 8000**5
    assert report["seen_ngrams"] == 2


# Properties


@BOTH
@pytest.mark.parametrize("order", [1, 2, 3, 5, 8])
def test_probabilities_sum_to_one_and_none_is_zero(smoothing, order):
    ids = random_text()
    model = NGram(order, 5, smoothing).fit(ids)
    rng = np.random.default_rng(1)
    contexts = [rng.integers(0, 5, size=length) for length in range(order + 2) for _ in range(20)]
    contexts += [ids[i : i + order - 1] for i in range(0, 300, 7)]
    for context in contexts:
        probabilities = model.probabilities(context)
        assert probabilities.sum() == pytest.approx(1, abs=1e-12)
        assert probabilities.min() > 0


@BOTH
@pytest.mark.parametrize("ids", [[0], [0, 0, 0], [0, 1], [0, 1, 2, 3], [3] * 50 + [1]])
def test_tiny_texts_give_true_probabilities(smoothing, ids):
    model = NGram(4, 4, smoothing).fit(ids)
    for context in ([], [0], [1, 2], [0, 0, 0], [3, 3, 3], [1, 2, 3, 0]):
        assert model.probabilities(context).sum() == pytest.approx(1, abs=1e-12)
        assert model.probabilities(context).min() > 0


@BOTH
@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_the_whole_text_at_once_and_token_by_token_agree(smoothing, order):
    ids, held_out = random_text(), random_text(60, seed=2)
    held_out[[10, 20]] = 4  # a token that training never had
    model = NGram(order, 5, smoothing).fit(ids)
    for before in ([], [1], ids):
        stream = np.concatenate([before, held_out]).astype(int)
        single = [
            model.probabilities(stream[: len(before) + t])[token]
            for t, token in enumerate(held_out)
        ]
        np.testing.assert_allclose(model.token_probabilities(held_out, before), single, rtol=1e-12)


def test_counting_by_table_and_by_sorting_agree():
    ids = random_text()
    table = NGram(4, 5, "back-off").fit(ids)  # few possible 4-grams: a table
    sorting = NGram(4, 3_000_000, "back-off").fit(ids)  # many: sorting
    assert table.parameters == sorting.parameters
    np.testing.assert_allclose(table.discounts, sorting.discounts)
    seen = [(level.counts.tolist(), level.weights.tolist()) for level in table._levels]
    assert seen == [(level.counts.tolist(), level.weights.tolist()) for level in sorting._levels]


def test_large_vocabularies_and_orders_do_not_mix_up_ngrams():
    # 2**20 tokens and order 10: packed into one number, these would need 200 bits.
    size = 2**20
    ids = [size - 1, *range(12), size - 1, *range(12)]
    model = NGram(10, size, k=1e-9).fit(ids)
    assert model.probabilities(range(2, 11)).argmax() == 11
    assert model.probabilities([size - 1, *range(8)]).argmax() == 8


def test_fitting_again_forgets_the_first_text():
    again = NGram(3, 5, "back-off").fit(random_text(seed=3)).fit(ABACAB)
    fresh = NGram(3, 5, "back-off").fit(ABACAB)
    np.testing.assert_array_equal(again.probabilities([A, B]), fresh.probabilities([A, B]))


# Against NLTK


def nltk_model(kind, order, ids, **arguments):
    language_models = pytest.importorskip("nltk.lm")
    everygrams = pytest.importorskip("nltk.util").everygrams
    text = [str(token) for token in ids]
    vocabulary = language_models.Vocabulary(text)
    model = getattr(language_models, kind)(order=order, vocabulary=vocabulary, **arguments)
    model.fit([list(everygrams(text, max_len=order))])
    return model


@pytest.mark.parametrize("order", [1, 2, 3])
def test_add_k_agrees_with_nltk(order):
    ids = random_text(200)
    # NLTK's vocabulary has the tokens seen and one for all others: five, as ours.
    oracle = nltk_model("Lidstone", order, ids, gamma=0.3)
    model = NGram(order, 5, k=0.3).fit(ids)
    for context in [ids[i : i + order - 1] for i in range(30)]:
        theirs = [oracle.score(str(token), [str(c) for c in context]) for token in range(4)]
        np.testing.assert_allclose(model.probabilities(context)[:4], theirs, rtol=1e-12)


@pytest.mark.parametrize("order", [2, 3, 4])
def test_back_off_agrees_with_nltk(order):
    ids = random_text(300)
    oracle = nltk_model("KneserNeyInterpolated", order, ids, discount=0.6)
    model = NGram(order, 5, "back-off").fit(ids)
    # NLTK has one discount for all orders and takes none off single tokens.
    model.discounts = [0.0] + [0.6] * (order - 1)
    rng = np.random.default_rng(0)
    unseen = [rng.integers(0, 4, size=order - 1) for _ in range(30)]
    for context in [ids[i : i + order - 1] for i in range(50)] + unseen:
        theirs = [oracle.score(str(token), [str(c) for c in context]) for token in range(4)]
        np.testing.assert_allclose(model.probabilities(context)[:4], theirs, rtol=1e-12)


def kneser_ney(ids, order, size, discounts, token, context):
    """The recursion of the class docstring, word for word, in exact fractions."""
    grams = [tuple(ids[i : i + order]) for i in range(len(ids) - order + 1)]
    highest = order == len(discounts)
    if not highest:  # distinct tokens before
        longer = {tuple(ids[i : i + order + 1]) for i in range(len(ids) - order)}
        grams = [gram[1:] for gram in longer]
    lower = Fraction(1, size)
    if order > 1:
        lower = kneser_ney(ids, order - 1, size, discounts, token, context[1:])
    after = [gram[-1] for gram in grams if gram[:-1] == tuple(context)]
    if not after:
        return lower
    discount = discounts[order - 1]
    own = max(after.count(token) - discount, 0)
    return (own + discount * len(set(after)) * lower) / len(after)


@pytest.mark.parametrize("seed", range(3))
def test_back_off_agrees_with_its_equation_written_out(seed):
    ids = random_text(60, seed=seed).tolist()
    model = NGram(3, 5, "back-off").fit(ids)
    discounts = [Fraction(discount) for discount in model.discounts]
    for first in range(5):
        for second in range(5):
            expected = [
                float(kneser_ney(ids, 3, 5, discounts, token, (first, second)))
                for token in range(5)
            ]
            np.testing.assert_allclose(model.probabilities([first, second]), expected, rtol=1e-12)


# Samples


def test_samples_follow_the_probabilities():
    model = NGram(1, 3, k=0.5).fit(ABACAB)
    drawn = np.bincount(model.sample(20_000, rng=0), minlength=3) / 20_000
    np.testing.assert_allclose(drawn, model.probabilities(), atol=0.02)  # 5 standard errors
    cold = np.bincount(model.sample(20_000, rng=0, temperature=0.5), minlength=3) / 20_000
    np.testing.assert_allclose(cold, np.array([49, 25, 9]) / 83, atol=0.02)


def test_samples_can_be_repeated_and_go_on_from_the_prompt():
    model = NGram(3, 5, "back-off").fit(random_text())
    first = model.sample(50, prompt=[1, 2], rng=7)
    np.testing.assert_array_equal(first, model.sample(50, prompt=[1, 2], rng=7))
    assert first.shape == (50,)
    assert first.dtype == np.int64
    assert not np.array_equal(first, model.sample(50, prompt=[1, 2], rng=8))
    cycle = NGram(3, 4, k=1e-9).fit([0, 1, 2, 3] * 20)
    assert cycle.sample(6, prompt=[1, 2], rng=0).tolist() == [3, 0, 1, 2, 3, 0]
    assert cycle.sample(0, prompt=[1, 2]).shape == (0,)


def test_temperature_zero_and_top_one_take_the_likeliest():
    model = NGram(2, 3, k=0.5).fit(ABACAB)
    assert model.sample(4, [A], rng=0, temperature=0).tolist() == [B, A, B, A]
    assert model.sample(4, [A], rng=0, top_k=1).tolist() == [B, A, B, A]


def test_top_k_keeps_so_many():
    model = NGram(1, 10, k=0.5).fit(np.repeat(np.arange(10), np.arange(1, 11)))
    assert set(model.sample(500, rng=0, top_k=3).tolist()) == {7, 8, 9}
    assert len(set(model.sample(2000, rng=0, top_k=99).tolist())) == 10


def test_extreme_temperatures_do_not_break():
    model = NGram(2, 3, k=1e-6).fit(ABACAB)
    assert model.sample(20, [A], rng=0, temperature=1e-6).tolist() == [B, A] * 10
    assert set(model.sample(200, [A], rng=0, temperature=1e9).tolist()) == {A, B, C}


# Mistakes


@pytest.mark.parametrize(
    "arguments",
    [
        *({"order": -1}, {"order": 11}, {"vocabulary_size": 0}, {"smoothing": "katz"}),
        *({"k": 0}, {"k": -1}, {"k": float("nan")}, {"k": float("inf")}),
    ],
)
def test_bad_settings_are_refused(arguments):
    with pytest.raises(ValueError, match=str(next(iter(arguments.values())))):
        NGram(**{"order": 2, "vocabulary_size": 3, **arguments})


@pytest.mark.parametrize("ids", [[], [3], [-1], [[0, 1]]])
def test_bad_ids_are_refused(ids):
    model = NGram(2, 3).fit(ABACAB)
    with pytest.raises(ValueError, match="oken"):
        model.fit(ids)
    with pytest.raises(ValueError, match="oken"):
        model.cross_entropy(ids)


@pytest.mark.parametrize(
    "arguments", [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": 0}]
)
def test_bad_sampling_settings_are_refused(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        NGram(2, 3).fit(ABACAB).sample(1, **arguments)


def test_a_model_without_counts_says_so():
    for question in (
        lambda model: model.probabilities([]),
        lambda model: model.cross_entropy([0]),
        lambda model: model.sparsity(),
    ):
        with pytest.raises(RuntimeError, match="call fit"):
            question(NGram(2, 3))
