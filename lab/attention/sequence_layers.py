"""Four layers over a sequence, and a count of the memory that their tensors take.

The layers all map (B, T, C) to (B, T, C), so that they can be put in each other's place. Needs
torch: the web process imports `lab.attention.lengths` instead, which calls this in a worker.
"""

from __future__ import annotations

import math
import weakref

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class Recurrence(nn.Module):
    """A tanh recurrence over time: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh).

    `nn.RNN`, not a loop in Python: the loop's own cost at every token would be measured as if it
    were the recurrence's.

    Args:
        width: C.
    """

    def __init__(self, width: int):
        super().__init__()
        self.rnn = nn.RNN(width, width, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Read x (B, T, C) token by token; return all hidden states."""
        return self.rnn(x)[0]  # (B, T, C)


class Convolution(nn.Module):
    """A convolution along the sequence: each output sees `kernel` neighbouring tokens.

    Args:
        width: C.
        kernel: odd, so that a token stands in the middle.
    """

    def __init__(self, width: int, kernel: int = 3):
        super().__init__()
        self.convolution = nn.Conv1d(width, width, kernel, padding=kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve x (B, T, C) along T."""
        return self.convolution(x.transpose(1, 2)).transpose(1, 2)  # (B, C, T) and back


class SelfAttention(nn.Module):
    """Multi-head self-attention, every token to every token, with equation 1 written out.

    Source: Vaswani et al. 2017, Attention Is All You Need, section 3.2.

    Args:
        width: C.
        heads: nh; each has C / nh = hs dimensions.
    """

    def __init__(self, width: int, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Attend within x (B, T, C)."""
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, C // self.heads).unbind(2)  # (B, T, nh, hs)
        y = self.attend(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))  # (B, nh, T, hs)
        return self.out(y.transpose(1, 2).reshape(B, T, C))

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """softmax(q k^T / sqrt(hs)) v: two matrices of T x T for each head stand side by side."""
        scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(2, 3)  # (B, nh, T, T)
        weights = torch.softmax(scores, dim=-1)  # (B, nh, T, T), rows sum to one
        return weights @ v  # (B, nh, T, T) x (B, nh, T, hs) -> (B, nh, T, hs)


class FusedSelfAttention(SelfAttention):
    """The same attention in one fused call that works through the T x T weights in blocks.

    Source: Dao et al. 2022, FlashAttention: Fast and Memory-Efficient Exact Attention.
    """

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """softmax(q k^T / sqrt(hs)) v, without ever holding all of the weights."""
        return F.scaled_dot_product_attention(q, k, v)


def build(kind: str, width: int, heads: int, kernel: int, seed: int) -> nn.Module:
    """Return a layer by its name, with random weights of a seed.

    Args:
        kind: "rnn", "conv", "attention" or "fused".
        width: C.
        heads: of the attention.
        kernel: of the convolution.
        seed: of the weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind == "rnn":
            return Recurrence(width).eval()
        if kind == "conv":
            return Convolution(width, kernel).eval()
        return {"attention": SelfAttention, "fused": FusedSelfAttention}[kind](width, heads).eval()


class LiveMemory(TorchDispatchMode):
    """Counts the bytes of the tensors that are alive while a block of code runs.

    Every operation passes through here. A storage that was not seen before adds its bytes when an
    operation returns it, and takes them away when nothing refers to it any longer; a view adds
    nothing. What stood there before the block is left out. So is scratch space inside an
    operation: the allocator's own account (`torch.profiler`) has 2 bytes more in 100 for the fused
    attention at 2,048 tokens, and two more (T, C) for a convolution that reorders its data.

    Args:
        outside: tensors from before the block, such as the input and the parameters.

    Attributes:
        now: bytes alive.
        peak: the most bytes that were ever alive at once.
    """

    def __init__(self, outside: list[Tensor]):
        super().__init__()
        self.now = self.peak = 0
        self._outside = [tensor.untyped_storage() for tensor in outside]  # held, so ids stay true
        self._known: dict[int, weakref.ref | None] = {id(s): None for s in self._outside}

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        """Run an operation and count what it returns."""
        result = function(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, Tensor):
                self._count(leaf.untyped_storage())
        return result

    def _count(self, storage: torch.UntypedStorage) -> None:
        key, size = id(storage), storage.nbytes()
        if key in self._known:
            return

        def gone(_: weakref.ref) -> None:
            self.now -= size
            del self._known[key]

        self._known[key] = weakref.ref(storage, gone)
        self.now += size
        self.peak = max(self.peak, self.now)


def peak_bytes(layer: nn.Module, x: Tensor) -> int:
    """Return the most bytes that a forward pass holds at once beyond its input and its parameters.

    Args:
        layer: any module that takes x.
        x: (B, T, C).
    """
    with torch.no_grad(), LiveMemory([x, *layer.parameters()]) as live:
        layer(x)
    return live.peak
