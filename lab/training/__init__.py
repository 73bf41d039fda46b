"""Training: one loop for every model, in slices that can stop and go on at any time.

Public names are loaded when first used: `Settings` and the costs need no torch, and a page can
talk about a run without loading it.
"""

from importlib import import_module

_HOME = {
    "CheckpointError": "checkpoint",
    "Diverged": "loop",
    "Evaluation": "events",
    "Event": "events",
    "Hyperparameters": "hyperparameters",
    "LanguageTask": "language",
    "Sample": "events",
    "Settings": "settings",
    "SettingsError": "settings",
    "SliceResult": "slices",
    "fit": "loop",
    "run_slice": "slices",
    "train": "language",
}
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
