"""The networks. Each file holds one model, from its smallest part to the whole, to be read aloud.

All share one interface (`lab.models.language_model`). Where PyTorch has a fused module, it trains
and an open version with the same parameters explains; tests hold the two equal.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
