"""From an uploaded file or a pasted text to characters that a model can learn from.

Everything that a student can drop onto the page ends in one of two ways: clean text, or a
`TextError` whose one sentence says what is wrong and what to do.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

LIMIT = 10_000_000  # bytes of a file, characters of a text
SHORTEST = 100  # characters: a tenth is held out, and it should hold more than a word


_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f]"
)
_BYTE_ORDER_MARKS = (  # the longer ones first: that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"RIFF", "a sound, film or image file"),
)
# Letters and marks of Western European languages in Windows-1252 (which contains Latin-1). Those
# that other 8-bit alphabets use for something frequent (š, ž, ý, ð, þ, ³, ¹) are left out.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒ€£§°«»¿¡‘’“”„–—…·\xa0"
)
_PLEASE = "please save it as plain text (.txt, UTF-8) and try again."


class TextError(ValueError):
    """A text cannot be used; the message is one sentence that says what to do."""


def decode(data: bytes, limit: int = LIMIT) -> str:
    """Turn the bytes of a file into text: UTF-8, a byte order mark, or a guess at the encoding.

    Damaged bytes in a file that is otherwise UTF-8 become U+FFFD. The text still has to go
    through `clean`.

    Raises:
        TextError: the file is empty, longer than `limit` bytes, or no text.
    """
    if not data:
        raise TextError("This file is empty: choose a file with some text in it.")
    if len(data) > limit:
        size, most = len(data) / 1e6, limit / 1e6
        raise TextError(f"This file has {size:.1f} MB and the limit is {most:g} MB: please cut it.")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise TextError(f"This file is {what}, not plain text: {_PLEASE}")
    encoding = detect_encoding(data)
    text = data.decode(encoding, "replace" if encoding == "utf-8" else "strict")
    if not _readable(text):
        raise TextError(f"This file is not text, or it is damaged: {_PLEASE}")
    return text


def detect_encoding(data: bytes) -> str:
    """Name the encoding (a Python codec) in which the bytes are text.

    A byte order mark decides; then UTF-8, whose rules other encodings hardly ever fulfil by
    chance; then UTF-16 by where its zero bytes stand; then Windows-1252 for Western European
    letters, which the general detector of charset-normalizer takes for Central European ones;
    then that detector.

    Raises:
        TextError: no encoding fits.
    """
    refusal = TextError(f"The encoding of this file was not recognised: {_PLEASE}")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data, encoding, refusal)
    if b"\0" in data:
        even, odd = data[::2].count(0), data[1::2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        if min(even, odd) > 0.02 * (even + odd):
            raise TextError(f"This file holds zero bytes and is no text: {_PLEASE}")
        return _checked(data, encoding, refusal)
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    # A few damaged characters, or one cut in two at the end, do not make another encoding.
    if not damaged or 10 * damaged < sum(
        count for sign, count in Counter(text).items() if sign > "\x7f"
    ):
        return "utf-8"
    if _western(data):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise refusal
    return _checked(data, best.encoding, refusal)


def clean(text: str, limit: int = LIMIT) -> str:
    """Put text into the form that tokenizers see, and check that it can be learned from.

    Line ends become "\\n", letters with accents become one character each (Unicode NFC). Control
    characters, lone surrogates, byte order marks and the marks that turn the writing direction
    are taken out: nobody can see them, and each would be a class to predict. Nothing else
    changes, and cleaning a clean text changes nothing.

    Raises:
        TextError: the text is empty, longer than `limit` characters, shorter than 100, or one
            single character over and over.
    """
    if not isinstance(text, str):
        raise TypeError(f"clean() needs a str, not {type(text).__name__}; decode() reads bytes.")
    if len(text) > limit:
        raise TextError(
            f"This text has {len(text):,} characters and the limit is {limit:,}: please shorten it."
        )
    text = _LINE_END.sub("\n", text)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if not text.strip():
        raise TextError("This text is empty: paste or upload some text to learn from.")
    if len(text) < SHORTEST:
        raise TextError(
            f"This text has only {len(text)} characters: at least {SHORTEST} are needed, so that "
            "a part can be held out for validation."
        )
    if len(set(text)) < 2:
        raise TextError(
            "This text repeats one single character, so there is nothing to predict: "
            "use a text with at least two different ones."
        )
    return text


def _checked(data: bytes, encoding: str, refusal: TextError) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise refusal from None
    if not _readable(text):
        raise refusal
    return encoding


def _readable(text: str) -> bool:
    # Text may hold a stray control character, binary data is full of them and of code points
    # that mean nothing.
    strange = sum(
        count
        for character, count in Counter(text).items()
        if character not in "\t\n\v\f\r\x1b\x85"
        and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
    )
    return "\0" not in text and strange <= 0.005 * len(text)


def _western(data: bytes) -> bool:
    # In Western languages nearly all bytes above 127 are known letters, and most letters are
    # ASCII; in Greek or Cyrillic, which have other letters at the same places, none is.
    try:
        counts = Counter(data.decode("cp1252"))
    except UnicodeError:
        return False
    beyond = sum(count for character, count in counts.items() if character > "\x7f")
    western = sum(counts[character] for character in _WESTERN)
    letters = sum(count for character, count in counts.items() if character.isalpha())
    return western >= 0.97 * beyond and beyond <= 0.3 * letters
