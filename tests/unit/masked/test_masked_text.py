"""From paragraphs to rows: sentences, what is held out, vocabulary, lengths."""

from __future__ import annotations

import lzma

import numpy as np
import pytest

from lab.masked.rows import Rows, make_rows
from lab.masked.sentences import documents, hold_out, read_documents, sentences
from lab.masked.vocabulary import (
    CLS,
    SEP,
    SPECIAL,
    UNK,
    chosen_words,
    pronoun_ids,
    tokenizer_of,
    train_vocabulary,
)

TEXT = ["The plumber met a librarian. She said that he ran.", "He sang; the plumber ran home."] * 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        (
            "Mr. Smith met Dr. J. R. Jones. They left.",
            ["Mr. Smith met Dr. J. R. Jones.", "They left."],
        ),
        ('He said "Go!" Then it ended.', ['He said "Go!"', "Then it ended."]),
        (
            "It cost 3.5 dollars, e.g. in 1990. 12 came.",
            ["It cost 3.5 dollars, e.g. in 1990.", "12 came."],
        ),
        ("  ", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


def test_blank_lines_part_documents_and_long_ones_are_cut():
    assert documents(["a", "b", "", "", "c\n"]) == [["a", "b"], ["c"]]
    assert [len(d) for d in documents(["x"] * 90)] == [40, 40, 10]


def test_an_xz_file_is_read(tmp_path):
    path = tmp_path / "text.txt.xz"
    path.write_bytes(lzma.compress("É one.\n\ntwo\n".encode()))
    assert read_documents(path) == [["É one."], ["two"]]


def test_no_held_out_sentence_is_left_in_training():
    long = "This sentence number {} is long enough to count as a copy."
    source = [[long.format(n), f"Short {n}."] for n in range(400)]
    copies = [f"{long.format(n)} And more." for n in range(400)]
    kept, held = hold_out([source], 0.25, seed=1, copies=copies)
    out = {paragraph for paragraph in held if len(paragraph) > 20}
    assert 70 < len(out) < 130
    assert len(held) == 2 * len(out)  # whole documents
    assert not any(sentence in paragraph for sentence in out for paragraph in kept)
    assert len(kept) == 2 * (400 - len(out)) + 400 - len(out)
    assert hold_out([source], 0.25, seed=1, copies=copies) == (kept, held)


def test_chosen_words_stay_whole_if_the_text_has_them():
    tokens = train_vocabulary(TEXT, 40, ["plumber", "librarian", "zebra"], enough=30)
    assert tokens[:5] == list(SPECIAL)
    assert len(tokens) == len(set(tokens)) == 40
    assert {"plumber", "librarian"} <= set(tokens)
    assert "zebra" not in tokens
    found = tokenizer_of(tokens).encode("The PLUMBER, a librarian…")
    assert found.tokens[0] == "[CLS]"
    assert found.tokens[-1] == "[SEP]"
    assert {"plumber", "librarian"} <= set(found.tokens)
    assert UNK in found.ids  # … is no character of this text


def test_a_mask_in_a_text_is_one_token():
    tokens = train_vocabulary(TEXT, 60)
    assert tokenizer_of(tokens).encode("The [MASK] ran").tokens[-3] in ("[MASK]", "r", "ran")
    assert tokenizer_of(tokens).encode("The [MASK] ran").ids.count(4) == 1


def test_pronouns_are_found():
    assert pronoun_ids(["[PAD]", "he", "##he", "she", "ship", "himself"]) == [1, 3, 5]


def test_the_shipped_list_has_no_word_twice():
    words = chosen_words()
    assert len(words) == len(set(words)) > 400
    assert all(word.isalpha() and word == word.lower() for word in words)
    assert {"nurse", "plumber", "librarian", "salary", "cousins"} <= set(words)


def test_rows_hold_whole_sentences_in_order():
    paragraphs = [[[10 + n] * 9 for n in range(6)], [[30] * 300], [[40] * 2]]
    rows = make_rows(paragraphs, seed=0, context=32, shortest=8)
    flat = [row.tolist() for part in rows.values() for row in part]
    assert all(len(row) == length for length, part in rows.items() for row in part)
    assert all(row[0] == CLS and row[-1] == SEP for row in flat)
    assert [30] * 30 in [row[1:-1] for row in flat]  # cut to the context
    assert not any(40 in row for row in flat)  # too short
    tens = sorted(token for row in flat for token in row if 10 <= token < 20)
    assert tens == sorted([10, 11, 12, 13, 14, 15] * 9)
    assert all(row[1:-1] == sorted(row[1:-1]) for row in flat)
    lengths = set(make_rows([[[9] * 9] * 8] * 50, seed=0))
    assert min(lengths) == 11  # single sentences
    assert max(lengths) == 2 + 72  # and all eight of a paragraph


def test_rows_come_back_from_a_file(tmp_path):
    train = {9: np.full((3, 9), 7, dtype=np.uint16), 12: np.full((1, 12), 8, dtype=np.uint16)}
    tokens = (*SPECIAL, "a", "b", "c", "#", "he")
    rows = Rows(train, {9: train[9][:1]}, tokens, "test", np.eye(10, 4, dtype=np.float16))
    rows.save(tmp_path / "rows.npz")
    back = Rows.load(tmp_path / "rows.npz")
    assert back.tokens == tokens
    assert back.digest == rows.digest
    assert back.pronouns == [9]
    assert back.counts().tolist() == [0, 0, 0, 0, 0, 0, 0, 27, 12, 0]
    np.testing.assert_array_equal(back.vectors, rows.vectors)
    assert Rows(train, {}, tokens).digest != rows.digest


def test_a_chosen_word_that_was_learned_last_does_not_give_way():
    learned = train_vocabulary(TEXT, 60)
    last = [token for token in learned if token.isalpha() and len(token) > 1][-1]
    tokens = train_vocabulary(TEXT, len(learned), ["plumber", "librarian", last], enough=30)
    assert {"plumber", "librarian", last} <= set(tokens)
    assert len(tokens) == len(learned)
    assert all(token in tokens for token in learned[:40])  # characters and first pieces stay
