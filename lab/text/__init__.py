"""Texts, and the numbers that models see: reading, tokenizers, corpora, n-gram counts.

Public names are loaded when first used, so importing this package costs nothing.
"""

from importlib import import_module

_HOME = {
    "CORPORA": "corpora",
    "CharacterTokenizer": "tokenizers",
    "Corpus": "corpus",
    "CorpusCard": "corpora",
    "NGram": "ngrams",
    "TextError": "reading",
    "Tokenizer": "tokenizers",
    "WordTokenizer": "tokenizers",
    "clean": "reading",
    "decode": "reading",
    "detect_encoding": "reading",
    "load": "corpora",
    "tokenizer_from_json": "tokenizers",
}
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
