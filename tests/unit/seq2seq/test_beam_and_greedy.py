"""Greedy, sampled and beam decoding, on a model whose every probability is written down."""

import math

import numpy as np
import pytest
import torch

from lab.models.seq2seq import Memory, Seq2Seq, Step
from lab.models.tokens import END, START
from lab.seq2seq.decoding import beam, greedy, log_probabilities, sampled
from lab.seq2seq.questions import load
from tests.unit.seq2seq.test_translator_questions import SENTENCES

A, B, C = 4, 5, 6
# What follows what, and how probably. Greedy takes A (0.6), then B, and has 0.6 * 0.33 * 0.9 = 0.18
# in the end; B first, with 0.4 * 0.9 = 0.36, is twice as good.
TABLE = {
    START: {A: 0.6, B: 0.4},
    A: {A: 0.08, B: 0.33, C: 0.3, END: 0.29},
    B: {END: 0.9, C: 0.1},
    C: {END: 1.0},
}


class Written(Seq2Seq):
    """A model that follows `TABLE` and looks at the place of the step."""

    def encode(self, source):
        rows, length = source.shape
        mask = torch.ones(rows, length, dtype=torch.bool)
        return Memory(torch.zeros(rows, length, 1), mask, (torch.zeros(rows, 1),))

    def step(self, tokens, state, memory):
        logits = torch.full((len(tokens), 7), -math.inf)
        for row, token in enumerate(tokens.tolist()):
            for after, p in TABLE.get(token, {END: 1.0}).items():
                logits[row, after] = math.log(p)
        place = state[0][:, 0].long().clamp(max=memory.states.shape[1] - 1)
        weights = torch.nn.functional.one_hot(place, memory.states.shape[1]).float()
        return Step(logits, (state[0] + 1,), weights)


SOURCE = torch.zeros(1, 3, dtype=torch.int64)


def test_greedy_takes_the_most_probable_token_at_each_step():
    found = greedy(Written(), SOURCE, 10)[0]
    assert found.ids == [A, B, END]
    assert found.probabilities == pytest.approx([0.6, 0.33, 0.9])
    assert found.score == pytest.approx(math.log(0.6 * 0.33 * 0.9))
    assert np.argmax(found.weights, 1).tolist() == [0, 1, 2]


def test_a_beam_finds_the_more_probable_sentence():
    found = beam(Written(), SOURCE, 10, width=2)
    assert found[0].ids == [B, END]
    assert found[0].score == pytest.approx(math.log(0.36))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_wide_beam_ranks_all_sentences_as_counting_them_out_does():
    def sentences(token, p, ids):
        for after, chance in TABLE[token].items():
            if after == END:
                yield p * chance, [*ids, END]
            elif len(ids) < 5:
                yield from sentences(after, p * chance, [*ids, after])

    every = sorted(sentences(START, 1.0, []), reverse=True)[:5]
    found = beam(Written(), SOURCE, 8, width=40)[:5]
    assert [one.ids for one in found] == [ids for _, ids in every]
    assert [math.exp(one.score) for one in found] == pytest.approx([p for p, _ in every])


def test_the_length_norm_divides_by_a_power_of_the_length():
    found = beam(Written(), SOURCE, 10, width=3, length_norm=1.0)
    for one in found:
        assert one.score == pytest.approx(np.log(one.probabilities).sum() / len(one.ids))


def test_samples_come_as_often_as_they_should():
    many = SOURCE.repeat(4000, 1)
    drawn = sampled(Written(), many, 10, 1.0, np.random.default_rng(0))
    share = np.mean([one.ids[0] == A for one in drawn])
    assert share == pytest.approx(0.6, abs=4 * math.sqrt(0.24 / 4000))
    cold = sampled(Written(), many, 10, 0.25, np.random.default_rng(0))
    expected = 0.6**4 / (0.6**4 + 0.4**4)
    assert np.mean([one.ids[0] == A for one in cold]) == pytest.approx(expected, abs=0.03)


def test_what_never_ends_is_cut_and_nothing_special_is_written():
    class Endless(Written):
        def step(self, tokens, state, memory):
            step = super().step(tokens, state, memory)
            logits = torch.full_like(step.logits, -5.0)
            logits[:, [0, START]] = 9.0  # PAD and START are no words
            logits[:, C] = 1.0
            return step._replace(logits=logits)

    assert greedy(Endless(), SOURCE, 6)[0].ids == [C] * 6
    assert beam(Endless(), SOURCE, 6, width=1)[0].ids == [C] * 6
    assert torch.isinf(log_probabilities(torch.zeros(1, 7))[0, [0, START]]).all()


def test_rows_of_a_batch_do_not_disturb_each_other(numbers, trained):
    model = load(trained()[0], numbers)
    rows = [numbers.encode_source(pair.source) for pair in numbers.held_out[:20]]
    longest = max(map(len, rows))
    batch = torch.tensor([ids + [0] * (longest - len(ids)) for ids in rows])
    for ids, together in zip(rows, greedy(model, batch, 12), strict=True):
        assert greedy(model, torch.tensor([ids]), 12)[0].ids == together.ids


@pytest.mark.parametrize("model", ["gru", "lstm", "rnn", "transformer"])
def test_a_beam_of_one_is_greedy(numbers, trained, model):
    network = load(trained(model)[0], numbers)
    for text in SENTENCES:
        source = torch.tensor([numbers.encode_source(numbers.split_source(text)[0])])
        one, other = beam(network, source, 15, width=1)[0], greedy(network, source, 15)[0]
        assert one.ids == other.ids
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-5)
        assert one.weights == pytest.approx(np.array(other.weights), abs=1e-5)
