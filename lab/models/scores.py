"""Score functions: how well a place of the source fits the state of a decoder.

Each takes states s (B, T, H) of the decoder and h (B, S, H) of the encoder, and gives scores
e (B, T, S), e[b, t, i] = g(h_i, s_t). A softmax over i makes attention weights of them.

Sources: Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation,
equation 8 (dot, general, concat); Bahdanau et al. 2015, Neural Machine Translation by Jointly
Learning to Align and Translate, appendix A.1.2 (concat is its alignment model); Vaswani et al.
2017, Attention Is All You Need, equation 1 (scaled dot).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Dot(nn.Module):
    """g(h, s) = h . s, nothing to learn."""

    def __init__(self, width: int):
        super().__init__()

    def forward(self, s: Tensor, h: Tensor) -> Tensor:
        """Return the scores (B, T, S)."""
        return s @ h.transpose(1, 2)  # (B, T, H) x (B, H, S)

    def terms(self, s: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Return two vectors whose dot product is the score of one s (H) and one h (H)."""
        return h, s


class ScaledDot(nn.Module):
    """g(h, s) = h . s / sqrt(H): independent terms keep their variance at one."""

    def __init__(self, width: int):
        super().__init__()
        self.scale = 1 / math.sqrt(width)

    def forward(self, s: Tensor, h: Tensor) -> Tensor:
        """Return the scores (B, T, S)."""
        return (s * self.scale) @ h.transpose(1, 2)

    def terms(self, s: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Return two vectors whose dot product is the score of one s (H) and one h (H)."""
        return h, s * self.scale


class General(nn.Module):
    """g(h, s) = h . W_g s: the decoder may ask in other coordinates than the encoder answers in.

    What is learned is W = sqrt(H) W_g, from the unit matrix on: it begins as the scaled dot product
    and an optimiser's step turns it gently. With W_g itself the first choices of the softmax are
    arbitrary and firm, and some seeds never leave them (measured on dates: 0.85 exact for 1.0).
    """

    def __init__(self, width: int):
        super().__init__()
        self.scale = 1 / math.sqrt(width)
        self.w = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.w.weight)

    def forward(self, s: Tensor, h: Tensor) -> Tensor:
        """Return the scores (B, T, S)."""
        return (self.w(s) * self.scale) @ h.transpose(1, 2)

    def terms(self, s: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Return two vectors whose dot product is the score of one s (H) and one h (H)."""
        return h, self.w(s) * self.scale


class Concat(nn.Module):
    """g(h, s) = v . tanh(W [h; s]), also called additive attention.

    W [h; s] = W_h h + W_s s: both halves are computed once and added for every pair of places.
    """

    def __init__(self, width: int):
        super().__init__()
        self.w_h = nn.Linear(width, width // 2, bias=False)
        self.w_s = nn.Linear(width, width // 2, bias=False)
        self.v = nn.Linear(width // 2, 1, bias=False)

    def forward(self, s: Tensor, h: Tensor) -> Tensor:
        """Return the scores (B, T, S)."""
        both = self.w_s(s)[:, :, None] + self.w_h(h)[:, None]  # (B, T, 1, A) + (B, 1, S, A)
        return self.v(torch.tanh(both)).squeeze(3)  # (B, T, S, A) -> (B, T, S)

    def terms(self, s: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Return two vectors whose dot product is the score of one s (H) and one h (H)."""
        return self.v.weight[0], torch.tanh(self.w_s(s) + self.w_h(h))


class MLP(nn.Module):
    """g(h, s) = MLP([h; s]): two hidden layers with ReLU, the second as wide as the first."""

    def __init__(self, width: int):
        super().__init__()
        hidden = width // 4
        self.w_h = nn.Linear(width, hidden)
        self.w_s = nn.Linear(width, hidden, bias=False)
        self.second = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, 1, bias=False)  # a bias would not change the softmax

    def forward(self, s: Tensor, h: Tensor) -> Tensor:
        """Return the scores (B, T, S)."""
        both = self.w_s(s)[:, :, None] + self.w_h(h)[:, None]  # (B, T, S, A)
        return self.out(torch.relu(self.second(torch.relu(both)))).squeeze(3)

    def terms(self, s: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Return two vectors whose dot product is the score of one s (H) and one h (H)."""
        return self.out.weight[0], torch.relu(self.second(torch.relu(self.w_s(s) + self.w_h(h))))


SCORES: dict[str, type[nn.Module]] = {
    "dot": Dot,
    "scaled dot": ScaledDot,
    "general": General,
    "concat": Concat,
    "mlp": MLP,
}


def attend(scores: Tensor, mask: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """Turn scores into attention weights and a context.

    w_i = exp(e_i) / sum_j exp(e_j),  c = sum_i w_i h_i. Some slides write c = (1/N) sum_i w_i h_i;
    the weights sum to one already, so the sum is the mean, and a further 1/N would shrink long
    sources.

    Args:
        scores: (B, T, S).
        mask: (B, S) bool, True where attention may look.
        h: (B, S, H).

    Returns:
        Weights (B, T, S), zero where the mask is False, and contexts (B, T, H).
    """
    scores = scores.float().masked_fill(~mask[:, None], -math.inf)
    weights = torch.softmax(scores, dim=2)
    return weights, weights @ h.float()  # (B, T, S) x (B, S, H)
