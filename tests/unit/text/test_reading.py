"""Whatever is dropped onto the page becomes clean text, or one sentence that says what to do."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest

from lab.text import TextError, clean, decode, detect_encoding

FRENCH = "Le garçon a mangé une pomme près de la forêt où il est né ; l'été, ça sent bon. " * 5
GERMAN = "Der Bär läuft über die Straße, während die Mädchen Äpfel und Öl kaufen. " * 5
RUSSIAN = "Мама мыла раму, а папа читал газету. Весна пришла в наш город очень рано. " * 5
POLISH = "Zażółć gęślą jaźń. Chłopiec zjadł jabłko w lesie i poszedł spać, był zmęczony. " * 5
GREEK = "Η γάτα κοιμάται στον ήλιο και ο σκύλος τρέχει στο πάρκο κάθε πρωί. " * 5
HEBREW = "שלום עולם, הילד הלך אל הבית של סבתא שלו ביום שבת בבוקר. " * 5
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 5
ENGLISH = "The quick brown fox jumps over the lazy dog. " * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "ascii"),
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "latin-1"),
        (FRENCH + "« “œuf” — 5 € »", "cp1252"),
        (ENGLISH * 200 + "café", "latin-1"),
        (GERMAN, "latin-1"),
        (FRENCH, "mac_roman"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        (JAPANESE, "utf-8"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-16-le"),
        (FRENCH, "utf-16-be"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (JAPANESE, "utf-16"),
        (FRENCH, "utf-32"),
    ],
)
def test_files_in_common_encodings_are_read(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_byte_order_marks_of_big_endian_files_are_read():
    assert decode(b"\xfe\xff" + FRENCH.encode("utf-16-be")) == FRENCH
    assert decode(b"\x00\x00\xfe\xff" + FRENCH.encode("utf-32-be")) == FRENCH


def test_the_encoding_is_named():
    assert detect_encoding(FRENCH.encode()) == "utf-8"
    assert detect_encoding(FRENCH.encode("latin-1")) == "cp1252"
    assert detect_encoding(FRENCH.encode("utf-16")) == "utf-16"


def test_utf8_cut_inside_a_character_stays_utf8():
    cut = (FRENCH + "é").encode()[:-1]
    assert decode(cut) == FRENCH + "\ufffd"


BINARY = {
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
    "pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n" * 20,
    "zip": b"PK\x03\x04" + random.Random(0).randbytes(500),
    "gzip": b"\x1f\x8b\x08" + random.Random(1).randbytes(500),
    "rtf": b"{\\rtf1\\ansi Some text that looks like text.}" * 5,
    "random bytes": random.Random(2).randbytes(5000),
    "random bytes of even parity": random.Random(3).randbytes(20_000),
    "zeros": bytes(1000),
    "text with zero bytes": b"Some text.\0 More text.\0" * 20,
    "weights": np.random.default_rng(4).normal(size=500).astype("<f2").tobytes(),
    "round numbers": np.arange(500, dtype="<f4").tobytes(),
    "control characters": bytes([1, 2, 3, 4, 5, 6, 7, 65]) * 100,
    "utf-16 with a zero": (FRENCH + "\0").encode("utf-16"),
    "utf-16 cut in the middle": FRENCH.encode("utf-16")[:-1],
    "utf-16 mark, then bytes": b"\xff\xfe" + random.Random(5).randbytes(3000),
}


@pytest.mark.parametrize("data", BINARY.values(), ids=BINARY.keys())
def test_files_that_are_no_text_are_refused_with_advice(data):
    with pytest.raises(TextError, match=r"please save it as plain text"):
        decode(data)


def test_empty_file_is_refused():
    with pytest.raises(TextError, match="empty"):
        decode(b"")


def test_the_cap_on_files_is_exact():
    assert decode(b"a" * 50, limit=50) == "a" * 50
    with pytest.raises(TextError, match=r"10\.0 MB and the limit is 10 MB"):
        decode(b"a" * 10_000_001)


def test_line_ends_become_one_kind():
    text = "one\r\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight\n\r\nnine" + "x" * 100
    assert clean(text).split("\n") == [
        *("one", "two", "three", "four", "five", "six", "seven", "eight", ""),
        "nine" + "x" * 100,
    ]


def test_invisible_characters_are_taken_out_and_visible_ones_stay():
    hidden = "\x00\x07\x1b\x7f\x9f\ufeff\u202e\u2066\u200f\ud800\udfff\uffff"
    kept = "\tα é 你好 👩\u200d🚀 नमस्ते \u00a0" * 10
    assert clean(hidden.join(["a", kept, "b"]) + "z" * 100) == "a" + kept + "b" + "z" * 100


def test_a_pair_of_surrogates_never_reaches_a_file():
    clean("ok \ud83d alone " * 10).encode("utf-8")


def test_accents_become_one_character():
    assert clean("e\u0301a" * 100) == "éa" * 100


def test_cleaning_twice_changes_nothing():
    rng = random.Random(0)
    for _ in range(200):
        text = "".join(
            chr(rng.choice([rng.randrange(0x250), rng.randrange(0x110000)])) for _ in range(300)
        )
        once = clean(text)
        assert clean(once) == once


@pytest.mark.parametrize("text", ["", " \n\t " * 100, "\x00" * 1000, "\ufeff", "\ud800" * 500])
def test_a_text_with_nothing_in_it_is_refused(text):
    with pytest.raises(TextError, match="This text is empty: paste or upload"):
        clean(text)


def test_short_texts_are_refused_from_one_character_too_few():
    assert clean("ab" * 50) == "ab" * 50
    with pytest.raises(TextError, match="only 99 characters: at least 100"):
        clean("ab" * 49 + "a")


def test_one_line_is_enough():
    assert clean(ENGLISH) == ENGLISH


def test_one_character_over_and_over_is_refused():
    with pytest.raises(TextError, match="at least two different"):
        clean("a" * 1000)


def test_the_cap_on_texts_is_exact():
    assert len(clean("ab" * 100, limit=200)) == 200
    with pytest.raises(TextError, match="201 characters and the limit is 200"):
        clean("ab" * 100 + "a", limit=200)


def test_bytes_are_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match=r"decode\(\)"):
        clean(b"bytes" * 100)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, lab.text; heavy = {'torch', 'numpy', 'streamlit', 'charset_normalizer'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "from lab.text import Corpus, NGram; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=os.getcwd())
