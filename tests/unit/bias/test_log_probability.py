"""The log-probability score on a tiny random BERT, against transformers' own numbers."""

from __future__ import annotations

import pytest
import torch

from lab.bias import questions
from lab.bias.log_probability import log_probability_bias
from lab.bias.stimuli import Template
from lab.masked.readers import from_folder
from tests import toy_models

TEMPLATES = ["the {target} was {attribute}.", "{attribute} did cross the {target}."]
TARGETS = (["dog", "man"], ["road", "river"])
ATTRIBUTES = (["tired", "money"], ["bank", "a"])


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    model = toy_models.bert(folder)
    return folder, model, toy_models.tokenizer()


def said(toy, sentence: str, place: int, word: str) -> float:
    _, model, tokenizer = toy
    with torch.no_grad():
        logits = model(**tokenizer(sentence, return_tensors="pt")).logits[0, place]
    return float(torch.log_softmax(logits, 0)[tokenizer.convert_tokens_to_ids(word)])


def test_probability_and_prior_are_read_at_the_targets_mask(toy):
    reader = from_folder(str(toy[0]))
    found = log_probability_bias(reader, TEMPLATES, TARGETS, (["tired"], ["money"]), unit="rows")
    read = {(r.template, r.attribute, r.target): r for r in found.readings}
    assert len(read) == 2 * 2 * 4
    one = read[0, "money", "man"]
    assert one.log_p == pytest.approx(said(toy, "the [MASK] was money.", 2, "man"), abs=1e-5)
    assert one.prior == pytest.approx(said(toy, "the [MASK] was [MASK].", 2, "man"), abs=1e-5)
    assert one.difference == pytest.approx(one.log_p - one.prior)
    other = read[1, "tired", "road"]  # the attribute stands first here
    right = said(toy, "tired did cross the [MASK].", 5, "road")
    assert other.log_p == pytest.approx(right, abs=1e-5)
    prior = said(toy, "[MASK] did cross the [MASK].", 5, "road")
    assert other.prior == pytest.approx(prior, abs=1e-5)
    seen = found.sentences[0]
    assert (seen.place, seen.prior_place) == (2, 2)
    assert seen.tokens[2] == seen.prior_tokens[2] == seen.prior_tokens[4] == "[MASK]"
    assert len(found.rows) == 4
    assert [t["template"] for t in found.templates] == [0, 1]


def test_the_papers_prior_is_read_beside_the_last_mask(toy):
    reader = from_folder(str(toy[0]))
    given = (TEMPLATES[:1], TARGETS, (["tired", "money"], ["bank", "a"]))
    paper = log_probability_bias(reader, *given, prior="paper")
    one = next(r for r in paper.readings if (r.attribute, r.target) == ("money", "man"))
    right = said(toy, "the [MASK] was [MASK].", 3, "man")  # at "was"
    assert one.prior == pytest.approx(right, abs=1e-5)
    assert paper.sentences[0].prior_tokens[paper.sentences[0].prior_place] == "was"
    # With one template it is a constant: the effect size knows no prior.
    for prior in ("masked", "none"):
        other = log_probability_bias(reader, *given, prior=prior)
        assert other.result.effect_size == pytest.approx(paper.result.effect_size, abs=1e-4)
        assert other.rows[0].score != pytest.approx(paper.rows[0].score)
    assert other.readings[0].prior is None
    assert other.sentences[0].prior_place is None


def test_an_attribute_of_two_pieces_is_hidden_by_two_masks(tmp_path):
    toy_models.bert(tmp_path, [word for word in toy_models.WORDS if word != "tired"])
    reader = from_folder(str(tmp_path))
    given = ["the {target} was {attribute}."], (["dog"], ["man"]), (["tired"], ["road"])
    seen = log_probability_bias(reader, *given).sentences[0]
    assert seen.tokens[4:6] == ["ti", "##red"]
    assert seen.prior_tokens.count("[MASK]") == 3
    assert len(seen.prior_tokens) == len(seen.tokens)
    with pytest.raises(ValueError, match="2 pieces"):
        log_probability_bias(reader, given[0], (["tired"], ["man"]), given[2])


def test_requests_that_make_no_sense(toy):
    reader = from_folder(str(toy[0]))
    for template in (
        "the {target} was tired.",
        "{target} {target} {attribute}",
        "[MASK] {attribute}",
    ):
        with pytest.raises(ValueError, match="needs"):
            log_probability_bias(reader, [template], TARGETS, ATTRIBUTES)
    with pytest.raises(ValueError, match="of its own"):
        log_probability_bias(reader, ["[MASK] {target} {attribute}"], TARGETS, ATTRIBUTES)
    with pytest.raises(ValueError, match="both lists"):
        log_probability_bias(reader, TEMPLATES, TARGETS, ([], ["a"]))
    with pytest.raises(ValueError, match="no target words"):
        log_probability_bias(reader, TEMPLATES, None, ATTRIBUTES)
    with pytest.raises(ValueError, match="no prior"):
        log_probability_bias(reader, TEMPLATES, TARGETS, ATTRIBUTES, prior="mine")
    with pytest.raises(ValueError, match="does not know"):
        log_probability_bias(reader, TEMPLATES, (["unheard"], ["man"]), ATTRIBUTES)
    with pytest.raises(ValueError, match="does not know “quux”"):
        log_probability_bias(reader, TEMPLATES, TARGETS, (["quux"], ["money"]))


def test_a_page_gets_what_json_can_hold(toy):
    import json

    template = {"text": TEMPLATES[0], "first": ["dog"], "second": ["road"]}
    given = [["tired", "money"], ["bank", "a"]]
    answer = questions.of_folder(str(toy[0]), [template], given, unit="rows", prior="paper")
    direct = log_probability_bias(
        from_folder(str(toy[0])),
        [Template(TEMPLATES[0], ("dog",), ("road",))],
        None,
        (given[0], given[1]),
        unit="rows",
    )
    back = json.loads(json.dumps(answer))
    assert back["result"]["effect_size"] == pytest.approx(direct.result.effect_size, abs=1e-4)
    assert back["unit"] == "rows"
