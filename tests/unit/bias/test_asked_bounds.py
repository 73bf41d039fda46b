"""Uploaded vectors are bounded by what they unpack to, before anything reads them."""

from __future__ import annotations

import gzip

import pytest

from lab.bias import asked
from lab.bias.files import FileError

SETS = {"X": ["a"], "Y": ["b"], "A": ["c"], "B": ["d"]}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(asked, "LARGEST_UNPACKED", 1_000_000)


@pytest.mark.parametrize("sizes", [[1_100_000], [1, 1_100_000], [400_000] * 3])
def test_all_members_of_a_gzip_file_count(sizes):
    data = b"".join(gzip.compress(bytes(size)) for size in sizes)
    assert len(data) < 10_000
    with pytest.raises(FileError, match="larger than 1 MB when unpacked"):
        asked.of_bytes(data, "bomb.gz", SETS)


def test_a_file_of_several_members_within_the_bound_is_read():
    words = [f"{word} 1 {number}\n".encode() for number, word in enumerate("abcdefgh")]
    data = gzip.compress(b"".join(words[:4])) + gzip.compress(b"".join(words[4:]))
    asked._bounded(data, "two.gz")
    asked._bounded(data[:-9], "cut.gz")  # who reads it says where it ends
    with pytest.raises(FileError, match="damaged"):
        asked._bounded(data[:12] + b"\xff" * 20 + data[32:], "odd.gz")
