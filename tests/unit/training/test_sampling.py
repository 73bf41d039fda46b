"""Samples: what the model itself would say, drawn by chance that can be repeated."""

import math

import numpy as np
import pytest
import torch

from lab import models
from lab.text import CharacterTokenizer
from lab.training.sampling import draw, generate, sample
from lab.training.settings import MODELS, POSITIONS, Settings

KINDS = [(model, "alibi") for model in MODELS]
KINDS += [("transformer", positions) for positions in POSITIONS if positions != "alibi"]
TOKENIZER = CharacterTokenizer("abcdefghij\n")


def build(model="lstm", positions="alibi"):
    torch.manual_seed(3)
    settings = Settings.default(
        model, width=16, heads=2, block=10, window=4, embedding=6, positions=positions
    )
    built = models.build(settings, len(TOKENIZER)).eval()
    for parameter in built.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return built


def random(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("model", "positions"), KINDS)
def test_step_by_step_equals_reading_everything_anew(model, positions):
    built = build(model, positions)
    start = torch.tensor([1, 2, 3])
    drawn, logits = generate(built, start, 40, random())
    text = start.tolist() + drawn
    for place in range(40):
        seen = text[: 3 + place]
        if built.context is not None and len(seen) > built.context:
            # From the overflow on, the later half of the context and what was written since.
            over = (len(seen) - built.context - 1) % (built.context - built.context // 2)
            seen = seen[-(built.context // 2 + 1 + over) :]
        with torch.no_grad():
            fresh, _ = built(torch.tensor([seen]))
        torch.testing.assert_close(logits[place], fresh[0, -1], atol=1e-4, rtol=1e-4)


def test_a_prompt_longer_than_the_context_counts_by_its_end():
    built = build("transformer")
    long, end = torch.arange(30) % 11, (torch.arange(30) % 11)[-10:]
    one, two = (generate(built, start, 5, random()) for start in (long, end))
    assert one[0] == two[0]


def test_drawing_by_hand():
    logits = np.log(np.array([0.2, 0.5, 0.3], dtype=np.float32))
    chances = [0.0, 0.19, 0.21, 0.69, 0.71, 0.9999]
    assert [draw(logits, chance) for chance in chances] == [0, 0, 1, 1, 2, 2]
    # Only the two most probable: 0.5 / 0.8 of the chances go to token 1.
    assert [draw(logits, chance, top_k=2) for chance in (0.0, 0.62, 0.63)] == [1, 1, 2]
    # Temperature 1/2 squares the probabilities: 0.04, 0.25, 0.09 of 0.38.
    assert [draw(logits, chance, 0.5) for chance in (0.10, 0.11, 0.76, 0.77)] == [0, 1, 1, 2]


def test_extreme_temperatures():
    logits = np.array([1.0, 3.0, 2.999], dtype=np.float32)
    assert {draw(logits, chance, 1e-6) for chance in (0.0, 0.5, 0.999)} == {1}
    assert [draw(logits, chance, 1e6) for chance in (0.1, 0.5, 0.9)] == [0, 1, 2]


def test_frequencies_follow_the_probabilities():
    logits = np.log(np.array([0.1, 0.6, 0.3], dtype=np.float32))
    counts = np.bincount([draw(logits, chance) for chance in random().random(4000)], minlength=3)
    assert counts / 4000 == pytest.approx([0.1, 0.6, 0.3], abs=0.03)


def test_a_sample_tells_the_models_own_probabilities():
    built = build()
    drawn = sample(built, TOKENIZER, "abc", 12, 0.3, 2, random(), step=7)
    assert (drawn.step, drawn.prompt, drawn.temperature, drawn.top_k) == (7, "abc", 0.3, 2)
    assert drawn.text == TOKENIZER.decode(drawn.ids)
    assert drawn.tokens == TOKENIZER.tokens(drawn.ids)
    text = TOKENIZER.encode("abc").tolist()
    for place, number in enumerate(drawn.ids):
        with torch.no_grad():
            logits, _ = built(torch.tensor([text + drawn.ids[:place]]))
        probabilities = logits[0, -1].softmax(0)
        assert drawn.probabilities[place] == pytest.approx(probabilities[number].item(), rel=2e-3)
        options = drawn.alternatives[place]
        assert len(options) == 8
        assert [p for _, p in options] == sorted((p for _, p in options), reverse=True)
        assert options[0][1] == pytest.approx(probabilities.max().item(), rel=2e-3)
        assert drawn.tokens[place] in [token for token, _ in options[:2]]  # top_k = 2


def test_chance_can_be_repeated():
    built = build()
    texts = [sample(built, TOKENIZER, "a", 30, 1.0, None, random(seed)).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("prompt", ["", "xyz"])
def test_nothing_known_in_the_prompt(prompt):
    drawn = sample(build(), TOKENIZER, prompt, 5, 1.0, None, random())
    assert len(drawn.text) == 5
    assert drawn.unknown == list(prompt)


def test_no_sample_of_no_length_and_the_mode_is_kept():
    built = build().train()
    assert sample(built, TOKENIZER, "a", 0, 1.0, None, random()) is None
    sample(built, TOKENIZER, "a", 1, 1.0, None, random())
    assert built.training


def test_all_chances_are_used_once():
    class Counting:
        def random(self, size):
            self.size = size
            return np.full(size, math.nextafter(1, 0))

    counting = Counting()
    assert len(generate(build(), torch.tensor([1]), 9, counting)[0]) == counting.size == 9
