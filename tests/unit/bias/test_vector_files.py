"""Files of word vectors in every layout, whole and damaged."""

from __future__ import annotations

import gzip
import struct
import zipfile

import numpy as np
import pytest

from lab.bias import formats
from lab.bias.files import FileError, read_vectors

WORDS = ["the", "Ant", "bee", "naïve", "New York"]
TABLE = np.arange(15, dtype=np.float32).reshape(5, 3) / 4 + 1


def binary(breaks: bytes = b"\n") -> bytes:
    # A word of a binary file ends at its first space.
    parts = [b"5 3\n"]
    for word, row in zip(WORDS, TABLE, strict=True):
        parts += [word.replace(" ", "_").encode(), b" ", struct.pack("<3f", *row), breaks]
    return b"".join(parts)


def text(header: bytes) -> bytes:
    lines = [f"{w} {' '.join(map(str, row))}\n" for w, row in zip(WORDS, TABLE, strict=True)]
    return header + "".join(lines).encode()


LAYOUTS = {
    "word2vec binary": binary(),
    "word2vec text": text(b"5 3\n"),
    "GloVe text": text(b""),
}


def written(folder, data: bytes):
    path = folder / "vectors.bin"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_wanted_words_are_found_in_every_layout(tmp_path, kind, packed):
    data = LAYOUTS[kind]
    path = written(tmp_path, gzip.compress(data) if packed else data)
    found = read_vectors(path, ["naïve", "Ant", "emu", ""])
    assert found.format == kind
    assert found.words == ("naïve", "Ant")
    assert np.array_equal(found.vectors, TABLE[[3, 1]])
    assert found.missing == ("emu",)
    assert np.array_equal(found.of(["Ant"]), TABLE[[1]])
    ahead = read_vectors(path, ["naïve"], first=2)
    assert ahead.words == ("naïve", "the", "Ant")
    assert np.array_equal(ahead.vectors, TABLE[[3, 0, 1]])


def test_small_differences_between_writers(tmp_path, monkeypatch):
    assert read_vectors(written(tmp_path, binary(b"")), ["bee"]).words == ("bee",)
    phrase = read_vectors(written(tmp_path, text(b"")), ["New York", "New"])
    assert (phrase.words, phrase.missing) == (("New York",), ("New",))
    lower = read_vectors(written(tmp_path, text(b"")), ["Bee", "Ant"], lower=True)
    assert lower.words == ("Bee", "Ant")
    assert lower.found_as == {"Bee": "bee"}
    monkeypatch.setattr(formats, "BLOCK", 7)  # records that reach over blocks
    for data in LAYOUTS.values():
        if data != LAYOUTS["word2vec text"]:  # its layout is found by a whole first line
            assert np.array_equal(
                read_vectors(written(tmp_path, data), ["naïve"]).vectors, TABLE[[3]]
            )


def test_npz_with_words_and_vectors(tmp_path):
    for words in (np.array(WORDS), np.array([w.encode() for w in WORDS])):
        np.savez(tmp_path / "v.npz", vocabulary=words, table=TABLE.astype(np.float64))
        found = read_vectors(tmp_path / "v.npz", ["bee", "no"])
        assert (found.words, found.missing, found.format) == (("bee",), ("no",), "npz")
        assert np.array_equal(found.vectors, TABLE[[2]])


def refused(path, *words) -> str:
    with pytest.raises(FileError) as error:
        read_vectors(path, words or ["emu"])
    return str(error.value)


def test_damaged_files_say_what_is_wrong(tmp_path):
    cut = written(tmp_path, binary()[:-40])
    assert "cut short: 5 words of 3 numbers" in refused(cut)
    assert "ends after 3 of 5 words" in refused(written(tmp_path, gzip.compress(binary()[:-30])))
    assert "cut short" in refused(written(tmp_path, gzip.compress(binary())[:-9]))
    noise = bytearray(gzip.compress(np.random.default_rng(0).bytes(400)))
    noise[12:40] = b"\xff" * 28
    assert "damaged" in refused(written(tmp_path, bytes(noise)))
    lines = text(b"5 3\n").splitlines(keepends=True)
    assert "ends after 4 of 5" in refused(written(tmp_path, b"".join(lines[:-1])))
    bent = text(b"").replace(b"2.5", b"x")
    assert "Word 3 of vectors.bin has not 3 numbers" in refused(written(tmp_path, bent), "bee")
    wild = text(b"").replace(b"2.5", b"nan")
    assert "Word 3" in refused(written(tmp_path, wild), "bee")
    far = binary().replace(struct.pack("<f", 2.5), struct.pack("<f", np.inf))
    assert "Word 3" in refused(written(tmp_path, far), "bee")
    assert "announces 99,999,999,999 words" in refused(written(tmp_path, b"99999999999 300\n"))
    assert "announces 5 words of 0" in refused(written(tmp_path, b"5 0\n"))
    assert "is empty" in refused(written(tmp_path, b""))
    assert "no file of word vectors" in refused(written(tmp_path, b"Dear reader,\nhello\n"))
    endless = b"5 3\n" + b"x" * 9000
    assert refused(written(tmp_path, endless))
    assert "cannot be read" in refused(tmp_path / "nowhere.txt")
    assert "cannot be read" in refused(tmp_path)


def test_npz_that_is_none_or_would_run_code(tmp_path):
    path = tmp_path / "v.npz"
    np.savez(path, words=np.array(["a", {}], dtype=object), vectors=TABLE[:2])
    assert "without pickle" in refused(path)
    np.savez(path, words=np.array(["a", "b"]), vectors=TABLE)
    assert "one array of N words" in refused(path)
    np.savez(path, words=np.array(WORDS), vectors=TABLE * np.nan)
    assert "not finite" in refused(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("letter.xml", "<dear/>")
    assert "one array of N words" in refused(path)
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert "damaged" in refused(path)
