"""Texts, and the numbers that models see: reading, tokenizers, corpora, n-gram counts.

Public names are loaded when first used, so importing this package costs nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
