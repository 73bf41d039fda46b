"""What a page asks about a translator."""

import numpy as np
import pytest
import torch

from lab.models.tokens import END
from lab.seq2seq import PairCorpus, questions
from lab.seq2seq import load as load_task
from lab.seq2seq.decoding import greedy, limit
from lab.seq2seq.tracing import QuestionError
from lab.training import CheckpointError

SENTENCES = ("three hundred and five", "seven", "forty two thousand", "nine hundred and ninety")
KINDS = [
    ("gru", {"score": "general"}),
    ("gru", {"score": "none"}),
    ("lstm", {"score": "concat", "look": "before"}),
    ("transformer", {}),
]


@pytest.mark.parametrize(("model", "changes"), KINDS)
def test_a_translation_keeps_every_number(numbers, trained, model, changes):
    checkpoint, _ = trained(model, **changes)
    found = questions.translate(checkpoint, numbers, SENTENCES[0])
    shown, steps = found["translation"], found["steps"]
    assert shown["source"] == ["three", "hundred", "and", "five", "</s>"]
    assert [step["chosen"] for step in steps] == shown["target"]
    assert steps[0]["read"] == "<s>"
    assert [step["read"] for step in steps[1:]] == shown["target"][:-1]
    for step, p in zip(steps, shown["probabilities"], strict=True):
        assert step["probability"] == pytest.approx(p, abs=2e-4)
        assert step["top"][0] == (step["chosen"], step["probability"])  # greedy
        assert sum(p for _, p in step["top"]) <= 1.001
    if changes.get("score") == "none":
        assert shown["weights"] is None
        return
    for step, row in zip(steps, shown["weights"], strict=True):
        assert step["weights"] == pytest.approx(row, abs=1e-3)
        assert sum(step["weights"]) == pytest.approx(1, abs=1e-3)
        if step["scores"] is not None:  # the softmax and the context are those of the numbers
            e = np.exp(np.array(step["scores"]) - max(step["scores"]))
            assert e / e.sum() == pytest.approx(step["weights"], abs=1e-4)
            mean = np.array(step["weights"]) @ np.array(found["encoder"])
            assert mean == pytest.approx(step["context"], abs=1e-3)


def test_scores_of_the_dot_product_are_those_of_the_states(numbers, trained):
    found = questions.translate(trained(score="scaled dot")[0], numbers, SENTENCES[0])
    for step in found["steps"]:
        dots = np.array(found["encoder"]) @ np.array(step["query"]) / np.sqrt(32)
        assert dots == pytest.approx(step["scores"], abs=1e-3)


def test_a_forced_beginning_is_written_and_gone_on_from(numbers, trained):
    checkpoint, _ = trained()
    own = questions.translate(checkpoint, numbers, SENTENCES[0])["translation"]["target"]
    forced = questions.translate(checkpoint, numbers, SENTENCES[0], prefix=["8", "8"])
    assert forced["translation"]["target"][:2] == ["8", "8"] != own[:2]
    assert len(forced["steps"]) == len(forced["translation"]["target"])
    with pytest.raises(QuestionError, match="'x'"):
        questions.translate(checkpoint, numbers, SENTENCES[0], prefix=["x"])


def test_unknown_words_are_named_and_read_as_unknown(numbers, trained):
    found = questions.translate(trained()[0], numbers, "three blorps and five")["translation"]
    assert found["unknown"] == ["blorps"]
    assert found["source"][1] == "blorps"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_sentence_is_one_sentence(numbers, trained, text):
    with pytest.raises(QuestionError, match="Write a sentence"):
        questions.translate(trained()[0], numbers, text)


def test_a_long_sentence_is_refused(numbers, trained):
    with pytest.raises(QuestionError, match="130 tokens"):
        questions.translate(trained()[0], numbers, "one " * 130)


def test_sampling_depends_on_its_seed_alone(numbers, trained):
    def drawn(seed):
        return questions.translate(
            trained()[0], numbers, SENTENCES[0], "sample", temperature=3.0, seed=seed
        )["translation"]["target"]

    assert drawn(1) == drawn(1)
    assert len({tuple(drawn(seed)) for seed in range(6)}) > 1


def test_beams_are_given_with_what_they_were_ranked_by(numbers, trained):
    found = questions.translate(trained()[0], numbers, SENTENCES[0], "beam", width=3)
    scores = [other["score"] for other in found["hypotheses"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_exact_match_without_decoding_is_that_of_decoding(numbers, trained):
    checkpoint, event = trained()
    model = questions.load(checkpoint, numbers)
    hits = {}
    for pair in numbers.held_out:
        source = torch.tensor([numbers.encode_source(pair.source)])
        written = greedy(model, source, limit(source))[0].ids
        right = [numbers.target_vocabulary[i] for i in written if i != END] == list(pair.target)
        hits.setdefault(len(pair.source), []).append(right)
    rows = questions.match_by_length(checkpoint, numbers)
    assert {row["length"]: (row["hits"], row["pairs"]) for row in rows} == {
        length: (sum(found), len(found)) for length, found in hits.items()
    }
    total = sum(row["hits"] for row in rows) / len(numbers.held_out)
    assert event.metrics["exact match"] == pytest.approx(total)
    assert 0 < total < 1


def test_chances_are_those_of_the_translation(numbers, trained):
    checkpoint, _ = trained()
    tokens = [SENTENCES[0].split(), SENTENCES[1].split()]
    found = questions.chances(checkpoint, numbers, tokens, ["3", "7"])
    for row, text in zip(found, SENTENCES[:2], strict=True):
        top = dict(questions.translate(checkpoint, numbers, text)["steps"][0]["top"])
        for word, p in zip(("3", "7"), row, strict=True):
            assert p == pytest.approx(top.get(word, p), abs=1e-4)


def test_blocks_open_for_a_transformer_alone(numbers, trained):
    found = questions.blocks(trained("transformer", layers=2)[0], numbers, SENTENCES[0])
    assert len(found["encoder"]) == len(found["decoder"]) == 2
    rows, across = len(found["target"]), len(found["source"])
    cross = np.array(found["decoder"][0]["cross_attention"])
    assert cross.shape == (4, rows, across)
    assert cross.sum(2) == pytest.approx(np.ones((4, rows)), abs=1e-3)
    own = np.array(found["decoder"][1]["self_attention"])
    assert np.triu(own, 1).max() == 0  # nobody sees what comes after
    with pytest.raises(QuestionError, match="Transformer"):
        questions.blocks(trained()[0], numbers, SENTENCES[0])


def test_alignment_is_judged_on_every_pair(numbers, trained):
    found = questions.alignment(trained()[0], numbers)
    assert found["pairs"] == sum(bool(p.possible) for p in (*numbers.train, *numbers.held_out))
    assert 0 < found["alignment accuracy"] <= 1
    assert questions.alignment(trained(score="none")[0], numbers) == {"pairs": found["pairs"]}
    rivals = questions.alignment_baselines(numbers)
    assert set(rivals) == {"diagonal", "ibm model 1"}
    assert all(0 < rival["alignment error rate"] < 1 for rival in rivals.values())


def test_a_full_stop_is_added_where_every_sentence_had_one():
    french = load_task("french", 400)
    from lab.seq2seq.translation import split

    assert split(french, "the cat is black")[0][-1] == "."
    assert split(french, "the cat is black .")[0].count(".") == 1
    assert split(load_task("numbers", 600), "seven")[0] == ("seven",)


def test_other_pairs_are_refused(numbers, trained):
    other = load_task("copy", 200)
    with pytest.raises(CheckpointError, match="other tokens"):
        questions.load(trained()[0], other)
    nothing = PairCorpus(
        "x", "word", "word", numbers.source_vocabulary, numbers.target_vocabulary, (), ()
    )
    assert questions.load(trained()[0], nothing)  # a saved run has the vocabulary and no pairs
