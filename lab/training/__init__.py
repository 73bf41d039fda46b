"""Training: one loop for every model, in slices that can stop and go on at any time.

Public names are loaded when first used: `Settings` and the costs need no torch, and a page can
talk about a run without loading it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
