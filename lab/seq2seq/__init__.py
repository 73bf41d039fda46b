"""Sequence to sequence: pairs of sentences, translators that attend, and what they look at.

Public names are loaded when first used: pairs, tasks and alignments need no torch, and a page can
show them without loading it.
"""

from importlib import import_module

_HOME = {
    "Pair": "pairs",
    "PairCorpus": "pairs",
    "PairError": "pairs",
    "TASKS": "tasks",
    "TaskCard": "tasks",
    "TranslationSettings": "settings",
    "alignment_accuracy": "alignment",
    "alignment_error_rate": "alignment",
    "load": "tasks",
    "read_pairs": "reading",
    "train": "translation",
}
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
