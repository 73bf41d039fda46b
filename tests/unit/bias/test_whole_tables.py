"""Whole vocabularies: what is a word, what is refused, what a worker sends; and our own vectors."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from lab.bias import counted_vectors, tables, whole_tables
from lab.bias.tables import FEWEST, Table, make_table

NAMES = [f"word{n}" for n in range(FEWEST)]
SOME = np.random.default_rng(0).normal(size=(FEWEST, 4)).astype(np.float32)


def test_a_table_is_in_lower_case_and_zeros_are_left_out():
    words = ["King", "king", "zero", *NAMES]
    vectors = np.concatenate([[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], SOME])
    table = make_table(words, vectors)
    assert table.words == ("king", *NAMES)
    assert table.of(["king"]).tolist() == [[1, 0, 0, 0]]
    assert table.known(["zero", "king", "king"]) == ["king"]
    assert np.linalg.norm(table.unit, axis=1) == pytest.approx(1, abs=1e-6)
    with pytest.raises(ValueError, match="“zero” has no vector"):
        table.place("zero")
    short = table.first(3)
    assert (short.words, short.left) == (table.words[:3], len(table.words) - 3)


def test_a_table_that_is_too_small_or_not_finite_is_refused():
    with pytest.raises(ValueError, match="49 words"):
        make_table(NAMES[1:], SOME[1:])
    with pytest.raises(ValueError, match="not finite"):
        make_table(NAMES, np.where(np.arange(4) == 2, np.nan, SOME))


def test_what_a_worker_sends_is_what_the_page_gets():
    sent = make_table(NAMES, SOME * 1e6, left=7)
    came = tables.unpacked(tables.pack(sent))
    assert (came.words, came.left) == (sent.words, 7)
    assert came.unit == pytest.approx(sent.unit, abs=2e-3)


def test_whole_words_of_word_pieces_and_of_byte_pairs():
    pieces = ["[PAD]", "king", "##ing", "King", "x1", ",", "queen", "b"]
    assert whole_tables.whole_words(pieces) == {"king": 1, "queen": 6}
    pairs = ["<s>", "king", "Ġking", "Ġqueen", "ing", "Ġ,"]
    assert whole_tables.whole_words(pairs) == {"king": 2, "queen": 3}


def test_beginnings_of_words_are_told_from_words():
    tokens = ["[CLS]", "king", "perf", "##orm", "[SEP]"]
    rows = {5: np.array([[0, 1, 2, 3, 4], [0, 2, 3, 1, 4]]), 3: np.array([[0, 2, 4]])}
    assert whole_tables.ends(rows, tokens) == {"[CLS]", "king", "##orm"}


def test_files_are_read_packed_or_not_and_bombs_refused(tmp_path, monkeypatch):
    lines = "\n".join(
        f"{w} {' '.join(f'{x:.4f}' for x in v)}" for w, v in zip(NAMES, SOME, strict=True)
    )
    for data, name in ((lines.encode(), "glove.txt"), (gzip.compress(lines.encode()), "g.gz")):
        table = tables.unpacked(whole_tables.of_bytes(data, f"../../{name}"))
        assert table.words == tuple(NAMES)
    np.savez(tmp_path / "large.npz", words=np.array(NAMES), vectors=SOME)
    monkeypatch.setattr(whole_tables, "LARGEST_UNPACKED", 100)
    with pytest.raises(ValueError, match=r"large\.npz is larger"):
        whole_tables.of_bytes((tmp_path / "large.npz").read_bytes(), "large.npz")


def test_company_is_counted_by_hand():
    ids, words, counts = counted_vectors.read(["B a, a.", "b!"], 10)
    assert (words, counts) == (["a", "b"], [2, 2])
    assert [n for n in ids.tolist() if n >= 0] == [1, 0, 0, 1]
    table = counted_vectors.company(ids, 2, window=2)
    # b-a at distance 1 (weight 1) and 2 (1/2); a-a at 1, seen from both; the last b stands alone.
    assert table.tolist() == [[2.0, 1.5], [1.5, 0.0]]


def test_rarer_words_are_kept_if_asked_for_and_frequent_enough():
    text = ["a a a b b c c c d"]
    words = counted_vectors.read(text, 1, also={"b", "d"}, least=2)[1]
    assert words == ["a", "b"]  # a before c: equally frequent


def test_ppmi_by_hand_and_by_definition():
    counts = np.array([[0, 4], [4, 2]], dtype=np.float32)
    p = counts / counts.sum()
    alone = p.sum(axis=1)
    with np.errstate(divide="ignore"):
        wanted = np.maximum(0, np.log(p / alone[:, None] / alone[None]))
    assert counted_vectors.ppmi(counts, smoothing=1) == pytest.approx(wanted, abs=1e-6)


def test_factorising_gives_back_a_table_of_low_rank_and_skipgram_draws_company_together():
    pytest.importorskip("torch")
    half = np.random.default_rng(1).normal(size=(30, 3))
    table = half @ half.T
    vectors = counted_vectors.factorise(table, 3)
    assert vectors @ vectors.T == pytest.approx(table, abs=1e-3)
    # Two circles of words that never meet.
    counts = np.kron(np.eye(2), np.ones((6, 6))).astype(np.float32) * 5
    start = np.random.default_rng(2).normal(size=(12, 4))
    found = counted_vectors.skipgram(counts, start, 200)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    near = found @ found.T
    assert near[:6, :6].min() > near[:6, 6:].max()
    assert (
        counted_vectors.skipgram(counts, start, 5) == counted_vectors.skipgram(counts, start, 5)
    ).all()


def test_frequent_words_are_thinned_out():
    found = counted_vectors.thinned(np.ones((2, 2)), [99, 1], frequent=0.01)
    kept = (0.01 / 0.99) ** 0.5
    assert found == pytest.approx(np.array([[kept**2, kept], [kept, 1]]), rel=1e-5)


def test_eight_bits_are_enough(tmp_path):
    path = tmp_path / "v.npz"
    counted_vectors.pack(path, NAMES, SOME)
    words, vectors = counted_vectors.unpack(path)
    assert words == tuple(NAMES)
    unit = Table(words, vectors).unit
    assert (unit * Table(words, SOME).unit).sum(axis=1).min() > 0.9999


def test_a_text_of_ones_own_is_counted():
    pytest.importorskip("torch")
    words = [f"{a}{b}" for a in "abcdefgh" for b in "klmnopqr"]
    text = " ".join(np.random.default_rng(0).choice(words, 6_000))
    table = tables.unpacked(whole_tables.of_text(text))
    assert set(table.words) == set(words)
    with pytest.raises(ValueError, match="5,000 are needed"):
        whole_tables.of_text("too short a text")


def test_our_own_vectors_answer_and_know_the_words_of_the_lessons():
    table = tables.counted()
    assert table.vectors.shape[1] == counted_vectors.DIMENSIONS
    assert {"king", "woman", "paris", "programmer", "nurse", "flower"} <= set(table.words)
    assert np.isfinite(table.vectors).all()
