"""Sequence to sequence: pairs of sentences, translators that attend, and what they look at.

Public names are loaded when first used: pairs, tasks and alignments need no torch, and a page can
show them without loading it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
