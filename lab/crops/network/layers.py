"""The network as a list of its layers, for whoever draws or counts it: no torch here."""

from __future__ import annotations

from dataclasses import dataclass

from lab.models.choices import SEASON

LEVELS = 4
FEATURES = {"VH": ("VH",), "VH+VV": ("VH", "VV")}

METHODS = {
    "zero": "Zero-shot: nothing is trained",
    "RI": "RI: everything, from random weights",
    "FT": "FT: everything, from the pre-trained weights",
    "FT_E": "FT_E: the encoder only",
    "FT_D": "FT_D: the decoder only",
    "last1": "Last layer of the decoder",
    "last2": "Last 2 layers of the decoder",
    "last3": "Last 3 layers of the decoder",
}
# The decoder's layers are its convolutions, and the last is the one that gives the answer.
_LAST = ("decoder.head", "decoder.levels.3.second", "decoder.levels.3.first")
_TRAINED = {
    "zero": (),
    "RI": ("encoder", "bottleneck", "decoder"),
    "FT": ("encoder", "bottleneck", "decoder"),
    "FT_E": ("encoder", "bottleneck"),  # the bottleneck still reads images: encoder
    "FT_D": ("decoder",),
    **{f"last{n}": _LAST[:n] for n in (1, 2, 3)},
}


@dataclass(frozen=True)
class Layer:
    """A convolution.

    Attributes:
        name: of the module in `lab.models.recurrent_unet.RecurrentUNet`.
        part: "encoder", "bottleneck" or "decoder".
        level: 1 (whole size) to 4, 5 for the bottleneck.
        inputs, outputs: channels; `inputs` are those of one image on the way down.
        kernel: pixels a side.
        bias: whether it has one.
        shrink: H and W of its output are those of the scene divided by this.
    """

    name: str
    part: str
    level: int
    inputs: int
    outputs: int
    kernel: int = 3
    bias: bool = True
    shrink: int = 1

    @property
    def parameters(self) -> int:
        """Trained numbers."""
        return self.outputs * (self.inputs * self.kernel**2 + self.bias)


def widths(width: int) -> tuple[int, ...]:
    """Return the channels of the four levels, `width` being those of the first."""
    return tuple(width * 2**level for level in range(LEVELS))


def layers(width: int = 4, features: str = "VH") -> tuple[Layer, ...]:
    """Return all layers in the order in which they are used.

    Args:
        width: channels of the first level: 4, or 16 as in the paper.
        features: a key of `FEATURES`.
    """
    sizes, before, found = widths(width), len(FEATURES[features]), []
    for level, c in enumerate(sizes, 1):
        name, shrink = f"encoder.{level - 1}", 2 ** (level - 1)
        down = ("encoder", level)
        found += [
            Layer(f"{name}.conv", *down, before, c, shrink=shrink),
            Layer(f"{name}.see", *down, c, c, shrink=shrink),
            Layer(f"{name}.remember", *down, c, c, bias=False, shrink=shrink),
        ]
        before = c
    below = 2 * sizes[-1]
    found.append(
        Layer("bottleneck", "bottleneck", LEVELS + 1, SEASON * before, below, shrink=2**LEVELS)
    )
    for level in range(LEVELS, 0, -1):
        name, c, shrink = f"decoder.levels.{LEVELS - level}", sizes[level - 1], 2 ** (level - 1)
        up = ("decoder", level)
        skip = SEASON // 2 * c
        found += [
            Layer(f"{name}.first", *up, below + skip, c, shrink=shrink),
            Layer(f"{name}.second", *up, c, c, shrink=shrink),
        ]
        below = c
    return (*found, Layer("decoder.head", "decoder", 1, below, 1, kernel=1))


def trains(method: str, name: str) -> bool:
    """Tell whether a method trains a layer, or a weight of one, by the name of the module.

    Args:
        method: a key of `METHODS`.
        name: such as "encoder.0.see" or "encoder.0.see.weight".
    """
    return any(name == part or name.startswith(f"{part}.") for part in _TRAINED[method])


def parameters(method: str, width: int = 4, features: str = "VH") -> tuple[int, int]:
    """Return how many numbers a method trains, and how many the network has."""
    every = layers(width, features)
    trained = sum(layer.parameters for layer in every if trains(method, layer.name))
    return trained, sum(layer.parameters for layer in every)
