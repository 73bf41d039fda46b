"""From files to rows, kept once; and the shared text's own held-out part."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from assets.masked import texts
from lab.masked import corpus
from lab.masked.sentences import hold_out, read_documents
from lab.masked.vocabulary import CLS, SEP, SPECIAL

SHARED = Path(__file__).parents[4] / "shared" / "data" / "pretrain"


@pytest.fixture
def data(tmp_path):
    """Write small texts of three hundred documents under the names of the large ones."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in (*texts.SOURCES, texts.COPIES):
        lines = [
            f"The nurse of {name[:8]} number {n} said that she was tired.\n" for n in range(300)
        ]
        (folder / f"{name}.txt.xz").write_bytes(lzma.compress("\n".join(lines).encode()))
    return folder


def test_rows_are_made_once_and_kept(data, tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "HELD_OUT", 0.05)
    monkeypatch.setattr(corpus, "VECTOR_DIMENSIONS", 8)
    work = tmp_path / "work"
    rows = texts.prepare(data, work, size=120)
    assert {path.name for path in work.iterdir()} == {"rows.npz"}
    assert "nurse" in rows.tokens
    assert rows.vectors.shape == (len(rows.tokens), 8)
    for part in (*rows.train.values(), *rows.held.values()):
        assert (part[:, 0] == CLS).all()
        assert (part[:, -1] == SEP).all()
        assert (part[:, 1:-1] >= len(SPECIAL)).all()
    held = sum(len(part) for part in rows.held.values())
    assert 30 < held < 130  # 5 % of 1,500
    for path in data.iterdir():
        path.unlink()
    assert texts.prepare(data, work, size=120).digest == rows.digest
    with pytest.raises(FileNotFoundError):
        texts.prepare(data, tmp_path / "elsewhere", size=120)


def test_numbers_follow_sentences(data):
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "one", "two", ".", "##s"]
    assert corpus.encode(["One. Twos.", "two"], tokens) == [[[5, 7], [6, 8, 7]], [[6]]]


@pytest.mark.skipif(not SHARED.exists(), reason="shared/data is not here")
def test_no_speech_is_in_both_parts():
    texts = [
        read_documents(SHARED / f"nltk_{name}.txt.xz") for name in ("inaugural", "state_union")
    ]
    kept, held = hold_out(texts, 0.2, seed=3)
    assert len(kept) > 2 * len(held) > 100
    assert not set(held) & {p for p in kept if len(p) >= 60}
    share = sum(map(len, held)) / sum(map(len, kept + held))
    assert 0.02 < share < 0.5  # few documents, and long ones among them
