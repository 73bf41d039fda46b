"""A corpus is split without a gap or an overlap, and survives being saved."""

import json

import numpy as np
import pytest
from safetensors.numpy import save

from lab.text import CharacterTokenizer, Corpus, TextError, WordTokenizer

TEXT = "".join(f"line {number} of a small text, with words.\n" for number in range(40))


def test_the_split_is_contiguous_and_loses_nothing():
    corpus = Corpus.from_text(TEXT, name="small")
    cut = int(0.9 * len(TEXT))
    assert corpus.tokenizer.decode(corpus.train) == TEXT[:cut]
    assert corpus.tokenizer.decode(corpus.validation) == TEXT[cut:]
    assert corpus.train.dtype == corpus.validation.dtype == np.int64
    assert corpus.vocabulary_size == len(set(TEXT))
    assert corpus.characters_per_token == 1.0
    assert corpus.name == "small"


def test_words_are_split_between_words():
    corpus = Corpus.from_text(TEXT, tokenizer="word")
    whole = WordTokenizer.fit(TEXT).encode(TEXT)
    assert len(corpus.train) + len(corpus.validation) == len(whole)
    decode = corpus.tokenizer.decode
    assert TEXT.startswith(decode(corpus.train))
    assert abs(len(decode(corpus.train)) - 0.9 * len(TEXT)) < 10


def test_words_that_only_the_validation_part_has_are_unknown():
    corpus = Corpus.from_text(
        "yes and no\n" * 90 + "perhaps\n" * 5, tokenizer="word", validation=0.05
    )
    assert "perhaps" not in corpus.tokenizer.vocabulary
    assert "<unk>" in corpus.tokenizer.decode(corpus.validation)
    assert "<unk>" not in corpus.tokenizer.decode(corpus.train)


def test_characters_per_token_by_hand():
    # 200 characters "ab cd " cut at 180: the last 20 are 7 words ("ab cd ab cd ab cd ab").
    corpus = Corpus.from_text(("ab cd " * 40)[:200], tokenizer="word")
    assert len(corpus.validation) == 7
    assert corpus.characters_per_token == pytest.approx(20 / 7)


def test_a_tokenizer_of_a_saved_model_is_kept():
    tokenizer = CharacterTokenizer.fit(TEXT + "xyz€")
    corpus = Corpus.from_text(TEXT, tokenizer=tokenizer)
    assert corpus.tokenizer is tokenizer
    assert corpus.vocabulary_size == len(tokenizer)


def test_text_with_hardly_any_space_is_split_where_it_should():
    chinese = "".join(chr(0x4E00 + number % 300) for number in range(1990)) + "\n终于有一个换行符"
    corpus = Corpus.from_text(chinese, tokenizer="word")
    assert (len(corpus.train), len(corpus.validation)) == (1799, 200)


@pytest.mark.parametrize("kind", ["character", "word"])
def test_saving_keeps_everything(kind):
    corpus = Corpus.from_text(TEXT, tokenizer=kind, name='été "1"\n')
    again = Corpus.from_bytes(corpus.to_bytes())
    assert again.name == corpus.name
    assert again.tokenizer == corpus.tokenizer
    assert again.train.dtype == np.int64
    np.testing.assert_array_equal(again.train, corpus.train)
    np.testing.assert_array_equal(again.validation, corpus.validation)
    assert again.characters_per_token == corpus.characters_per_token
    assert again.digest == corpus.digest
    assert again.train.flags.writeable  # torch.from_numpy warns otherwise


def test_ids_take_as_few_bytes_as_they_need():
    small = len(Corpus.from_text(TEXT * 10).to_bytes())
    assert small < len(TEXT) * 10 + 2000
    chinese = "".join(chr(0x4E00 + number % 257) for number in range(20_000))
    assert 40_000 < len(Corpus.from_text(chinese).to_bytes()) < 46_000


def test_the_digest_names_the_contents():
    base = Corpus.from_text(TEXT)
    # Of this very text, computed once: it must not change between machines and releases.
    assert base.digest == "d61223ba441b2fb10f308a0d6dbcfba4764b7e906369c08f11f903d097dab6f2"
    assert Corpus.from_text(TEXT, name="another name").digest == base.digest
    assert Corpus.from_text(TEXT.replace("small", "smell")).digest != base.digest
    assert Corpus.from_text(TEXT, validation=0.2).digest != base.digest
    assert Corpus.from_text(TEXT, tokenizer="word").digest != base.digest


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="no 'bytes' tokenizer"):
        Corpus.from_text(TEXT, tokenizer="bytes")
    for share in (0, 0.6, 1, -0.1, float("nan")):
        with pytest.raises(ValueError, match="validation share"):
            Corpus.from_text(TEXT, validation=share)


def test_texts_that_are_too_short_are_refused():
    with pytest.raises(TextError, match="empty"):
        Corpus.from_text("")
    with pytest.raises(TextError, match="validation, and each part needs at least 2"):
        Corpus.from_text("supercalifragilistic" * 5 + " end", tokenizer="word")
    with pytest.raises(TextError, match="0 character tokens"):
        Corpus.from_text(TEXT, tokenizer=CharacterTokenizer.fit("€£"))


def _forged(**changes):
    corpus = Corpus.from_text(TEXT)
    about = {
        "format": "glasshouse-corpus-1",
        "name": '"x"',
        "tokenizer": corpus.tokenizer.to_json(),
        "characters_per_token": "1.0",
    }
    parts = {
        "train": corpus.train.astype(np.uint8),
        "validation": corpus.validation.astype(np.uint8),
    }
    for key, value in changes.items():
        (parts if key in parts else about)[key] = value
    return save(parts, metadata={key: value for key, value in about.items() if value is not None})


FORGERIES = {
    "nothing": b"",
    "text": b"Once upon a time there was a file." * 5,
    "cut": Corpus.from_text(TEXT).to_bytes()[:-1],
    "a header without end": (2**60).to_bytes(8, "little") + b"{}",
    "no metadata": save({"train": np.zeros(3, np.uint8)}),
    "another format": _forged(format="glasshouse-corpus-0"),
    "no tokenizer": _forged(tokenizer=None),
    "a broken tokenizer": _forged(tokenizer=json.dumps({"kind": "word", "vocabulary": []})),
    "an id too large": _forged(train=np.full(9, 200, np.uint8)),
    "a matrix": _forged(train=np.zeros((3, 3), np.uint8)),
    "floats": _forged(validation=np.zeros(9, np.float32)),
    "an empty part": _forged(validation=np.zeros(0, np.uint8)),
    "no name": _forged(name="7"),
    "a ratio that is no number": _forged(characters_per_token="nan"),
}


def test_the_forgeries_differ_from_a_good_file_only_in_what_they_forge():
    assert Corpus.from_bytes(_forged()).name == "x"


@pytest.mark.parametrize("data", FORGERIES.values(), ids=FORGERIES.keys())
def test_foreign_and_damaged_files_are_refused(data):
    with pytest.raises(TextError):
        Corpus.from_bytes(data)
