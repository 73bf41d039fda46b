"""Filling blanks: batches equal one by one for every kind of model, targets, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from lab.masked import batches, blanks, readers, shares
from lab.masked.folder_reader import FolderReader
from lab.masked.readers import OwnReader
from lab.masked.targets import resolve
from lab.models.bert import Bert
from lab.pretrained.folders import ModelError
from lab.pretrained.loading import open_model
from tests import toy_models

transformers = pytest.importorskip("transformers")

SENTENCES = [
    "the dog did not [MASK] the road because it was tired .",
    "[MASK] sat by the river",
    "a man [MASK] .",
    "the [MASK] of the [MASK] was money .",
    "the bank was [MASK]",
]
SIZE = len(toy_models.SPECIALS) + len(toy_models.WORDS) + 2
SMALL = {
    "hidden_size": 24,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 40,
    "vocab_size": SIZE,
    "pad_token_id": 0,
}
DISTIL = {"dim": 24, "n_heads": 2, "n_layers": 2, "hidden_dim": 32, "vocab_size": SIZE}
KINDS = {
    "Bert": SMALL,
    "Roberta": SMALL,
    "DistilBert": DISTIL | {"max_position_embeddings": 40, "pad_token_id": 0},
    "Albert": SMALL | {"embedding_size": 12},
    "Electra": SMALL | {"embedding_size": 12},
    "Camembert": SMALL,
    "DebertaV2": SMALL | {"relative_attention": True, "pos_att_type": "c2p|p2c"},
    "MPNet": SMALL,
}


PACKED = ("Bert", "Roberta", "Camembert", "Electra", "Albert")


def make(folder, kind: str):
    made = getattr(transformers, f"{kind}Config")(**KINDS[kind])
    model = getattr(transformers, f"{kind}ForMaskedLM")(made)
    toy_models._saved(folder, model, None)
    return FolderReader(open_model(str(folder)))


def one_by_one(reader: FolderReader, sentence: str) -> torch.Tensor:
    """The log-probabilities as a notebook would have them: one sentence, every place."""
    (row,) = reader.encode([sentence])
    with torch.no_grad():
        logits = reader._model(torch.tensor([row])).logits[0]
    return logits.log_softmax(1)[reader.blanks(row)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_equal_to_one_by_one(kind, tmp_path, monkeypatch):
    reader = make(tmp_path / "toy", kind)
    rows = reader.encode(SENTENCES)
    alone = [one_by_one(reader, sentence).numpy() for sentence in SENTENCES]
    assert reader.packed == (kind in PACKED)
    # In one batch and in several, side by side in lanes and each for itself.
    for tokens, packed in ((4096, reader.packed), (24, reader.packed), (4096, False)):
        monkeypatch.setattr(batches, "TOKENS", tokens)
        reader.packed = packed
        found = dict(reader.guesses(rows))
        for number, expected in enumerate(alone):
            assert found[number].shape == expected.shape
            np.testing.assert_allclose(found[number], expected, atol=1e-5)
    reader._head = None  # a head that is not known is computed everywhere
    np.testing.assert_allclose(dict(reader.guesses(rows))[3], alone[3], atol=1e-5)


def test_the_head_is_computed_at_the_blanks_only(tmp_path):
    reader, seen = make(tmp_path / "toy", "Bert"), []
    reader._model.cls.register_forward_hook(lambda _, given, out: seen.append(out.shape))
    list(reader.guesses(reader.encode(SENTENCES)))
    assert seen == [(1, 6, SIZE)]


def test_rows_stand_side_by_side_in_lanes(monkeypatch):
    rows = [[7] * 30, [7, 1], [7] * 40, [1, 7, 1] * 3, [7] * 80]
    lanes = batches.pack(rows, packed=True)
    assert lanes == [[2, 3, 1], [0], [4]] or lanes == [[0], [2, 3, 1], [4]]
    assert batches.pack(rows, packed=False) == [[1], [3], [0], [2], [4]]
    laid = batches.lay(rows, [[3, 1], [0]], mask_id=1, filler=0)
    assert laid.ids.shape == laid.owner.shape == (2, 30)
    assert laid.owner[0].tolist() == [3] * 9 + [1] * 2 + [-1] * 19
    assert laid.positions[0, :12].tolist() == [*range(9), 0, 1, 0]
    assert laid.places.tolist() == [0, 2, 3, 5, 6, 8, 10]
    assert (laid.rows, laid.counts) == ([3, 1, 0], [6, 1, 0])
    monkeypatch.setattr(batches, "TOKENS", 90)
    gathered = list(batches.batches(rows, [[1], [3], [0], [2], [4]], len, padded=True))
    assert gathered == [[[1], [3], [0]], [[2]], [[4]]]


def test_our_own_network_reads_in_batches_too():
    torch.manual_seed(0)
    model = Bert(30, width=16, layers=2, heads=2, context=20).eval()
    tokens = [*toy_models.SPECIALS, *toy_models.WORDS, *"abcdef"]
    reader = OwnReader(model, tokens)
    rows = reader.encode(SENTENCES)
    found = dict(reader.guesses(rows))
    for number, row in enumerate(rows):
        expected = model(torch.tensor([row]))[0].log_softmax(1)[reader.blanks(row)]
        np.testing.assert_allclose(found[number], expected.detach(), atol=1e-5)
    with pytest.raises(ValueError, match=r"no \[MASK\] in “the dog”"):
        reader.encode(["the dog"])
    with pytest.raises(ValueError, match="22 tokens, and this model reads 20"):
        reader.encode(["[MASK] " + "dog " * 19])


def test_the_lab_s_own_folder_says_the_same_with_its_own_code_and_with_transformers():
    own, theirs = readers.from_folder(str(readers.ASSETS / "masked")), None
    theirs = FolderReader(open_model(str(readers.ASSETS / "masked")))
    assert isinstance(own, OwnReader)
    asked = ["The nurse said that [MASK] was tired.", "[MASK] is a doctor."], ["he", "she", "they"]
    a, b = (np.array(blanks.grid(reader, *asked)["log_p"]) for reader in (own, theirs))
    np.testing.assert_allclose(a, b, atol=1e-4)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "toy-bert"
    toy_models.bert(folder)
    return FolderReader(open_model(str(folder)))


def test_fill_tells_tokens_places_and_words(bert):
    found = blanks.fill(bert, [SENTENCES[3]], 4, ["dog", " dog", "tired", "horse"])
    assert found[0]["tokens"][1:4] == ["the", "[MASK]", "of"]
    assert [blank["place"] for blank in found[0]["blanks"]] == [2, 5]
    expected = one_by_one(bert, SENTENCES[3]).exp()
    for blank, chances in zip(found[0]["blanks"], expected, strict=True):
        assert [row["id"] for row in blank["top"]] == chances.topk(4).indices.tolist()
        assert [row["p"] for row in blank["top"]] == pytest.approx(chances.topk(4).values.tolist())
        dog, tired, horse = blank["targets"]
        assert dog["log_p"] == pytest.approx(chances[toy_models.tokenizer().vocab["dog"]].log())
        assert tired["log_p"] is not None
        assert "does not know “horse”" in horse["refused"]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    """A model that cuts "tired" into "ti" and "##red"."""
    folder = tmp_path_factory.mktemp("models") / "toy-pieces"
    toy_models.bert(folder, [word for word in toy_models.WORDS if word != "tired"])
    return FolderReader(open_model(str(folder)))


def test_a_word_of_two_pieces_is_refused_or_scored_one_after_the_other(pieces):
    sentence = "the dog was [MASK] ."
    (refused,) = blanks.fill(pieces, [sentence], 1, ["tired"])[0]["blanks"][0]["targets"]
    assert refused["log_p"] is None
    assert "“tired” is 2 pieces (ti + ##red)" in refused["refused"]
    (scored,) = blanks.fill(pieces, [sentence], 1, ["tired"], in_pieces=True)[0]["blanks"][0][
        "targets"
    ]
    # By hand: two blanks, the first read; then "ti" filled in, and the second read.
    (row,) = pieces.encode([sentence])
    place, (ti, red) = row.index(pieces.mask_id), scored["ids"]
    both = [*row[:place], pieces.mask_id, pieces.mask_id, *row[place + 1 :]]
    then = [*row[:place], ti, pieces.mask_id, *row[place + 1 :]]
    with torch.no_grad():
        first, second = (
            pieces._model(torch.tensor([r])).logits.log_softmax(2) for r in (both, then)
        )
    assert scored["log_p"] == pytest.approx(float(first[0, place, ti] + second[0, place + 1, red]))
    found = blanks.grid(pieces, [sentence], ["dog", "tired"], in_pieces=True)
    assert [word["single"] for word in found["words"]] == [True, False]
    assert found["log_p"][0][1] == pytest.approx(scored["log_p"], abs=1e-5)


def test_two_sentences_have_the_same_tokens(bert):
    found = blanks.contrast(bert, SENTENCES[1:3], most=5)
    a, b = (one_by_one(bert, sentence)[0].exp() for sentence in SENTENCES[1:3])
    best = torch.maximum(a, b).topk(5).indices
    assert {row["id"] for row in found["rows"]} == set(best.tolist())
    for row in found["rows"]:
        assert (row["a"], row["b"]) == pytest.approx((float(a[row["id"]]), float(b[row["id"]])))
    assert found["covered"] == pytest.approx([float(a[best].sum()), float(b[best].sum())])
    with pytest.raises(ValueError, match="leave one"):
        blanks.contrast(bert, [SENTENCES[3], SENTENCES[1]])


def test_a_grid_is_what_fill_says_and_equal_sentences_are_equal(bert):
    asked = [SENTENCES[0], SENTENCES[1], SENTENCES[0]]
    found = blanks.grid(bert, asked, ["dog", "man"])
    assert found["log_p"][0] == found["log_p"][2]
    for sentence, values in zip(asked, found["log_p"], strict=True):
        told = blanks.fill(bert, [sentence], 1, ["dog", "man"])[0]["blanks"][0]["targets"]
        assert values == pytest.approx([target["log_p"] for target in told], abs=1e-5)
    with pytest.raises(ValueError, match="at least one word"):
        blanks.grid(bert, asked, [" "])
    with pytest.raises(ValueError, match="13 words"):
        blanks.grid(bert, asked, [f"w{n}" for n in range(13)])


def byte_level(folder):
    """Save a random RoBERTa that writes the space before a word into its token."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    pairs = [("h", "e"), ("H", "e"), ("Ġ", "he")]
    words = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ", *"heHsaidw.", "he", "He", "Ġhe"]
    made = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, pairs))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token=AddedToken("<mask>", lstrip=True),
    )
    given = SMALL | {"vocab_size": len(words), "pad_token_id": 1}
    model = transformers.RobertaForMaskedLM(transformers.RobertaConfig(**given))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return FolderReader(open_model(str(folder)))


def test_a_word_gets_the_space_and_the_capital_that_its_place_asks_for(tmp_path):
    reader = byte_level(tmp_path / "toy-roberta")
    assert reader.cased
    for sentence, pieces in (
        ("said [MASK].", (" he",)),
        ("said <mask>.", (" he",)),
        ("[MASK] said.", ("He",)),
        ("said. [MASK] said.", (" ", "He")),  # this vocabulary has no " He"
    ):
        (target,) = resolve(reader, sentence, ["he"], in_pieces=True)
        assert target.pieces == pieces
    found = blanks.grid(reader, ["said [MASK].", "[MASK] said."], ["he"])
    expected = [
        one_by_one(reader, "said [MASK].")[0, -1],
        one_by_one(reader, "[MASK] said.")[0, -2],
    ]
    assert [row[0] for row in found["log_p"]] == pytest.approx(
        [float(e) for e in expected], abs=1e-5
    )


def test_a_blank_that_touches_a_word_is_refused(bert):
    (target,) = resolve(bert, "the dog[MASK]", ["man"])
    assert "grows together" in target.refused


def test_models_that_cannot_fill_a_blank_say_why(tmp_path):
    toy_models.gpt2(tmp_path / "gpt")
    toy_models.t5(tmp_path / "t5")
    from transformers import BertConfig, BertModel

    toy_models._saved(tmp_path / "headless", BertModel(BertConfig(**SMALL)), None)
    for name, said in (
        ("gpt", "gpt writes from left to right"),
        ("t5", "turns one text into another"),
        ("headless", "its weights for cls.predictions are not in the file, so its guesses would"),
    ):
        with pytest.raises(ModelError, match=said):
            blanks.of_folder(str(tmp_path / name), "fill", sentences=["a [MASK]"])


def test_shares_by_hand():
    log_p = [math.log(0.3), math.log(0.1), None]
    assert shares.conditional(log_p) == pytest.approx([0.75, 0.25, None])
    assert shares.conditional([None]) == [None]
    assert shares.conditional([]) == []
    assert shares.elsewhere(log_p) == pytest.approx(0.6)
    assert shares.elsewhere([0.0, -40.0]) == 0
    neutral = [[math.log(0.6), math.log(0.2), 0.0]]
    assert shares.log_ratios([log_p], 0, 1) == pytest.approx([math.log(3)])
    assert shares.log_ratios([log_p], 0, 1, neutral) == pytest.approx([0], abs=1e-12)
    assert shares.log_ratios([log_p], 0, 2) == [None]
    words = [
        {"word": "he", "single": True, "pieces": ["he"]},
        {"word": "they", "single": False, "pieces": ["th", "##ey"]},
    ]
    he, they = shares.long_rows("toy", "a [MASK]", words, log_p[:2])
    assert (he["p_raw"], he["p_conditional"], he["pieces"]) == pytest.approx((0.3, 1.0, 1))
    assert (they["p_raw"], they["p_conditional"]) == (pytest.approx(0.1), None)
