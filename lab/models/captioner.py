"""A captioner that looks at the picture anew for every word: soft attention, and hard.

A convolutional network turns the picture into a grid of annotation vectors a_i. Before each word
the decoder asks how well each of them fits what it has written so far. Soft attention takes their
weighted mean, and everything can be differentiated. Hard attention draws one place by lot, the
weights being the probabilities; which draws served well is learned by REINFORCE.

Source, and numbers of equations: Xu et al. 2015, Show, Attend and Tell. Here a GRU stands for its
LSTM and a small network that is trained along for its VGG; the gate beta_t of its soft attention
is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.choices import CAPTION_ATTENTIONS
from lab.models.seq2seq import Memory, Seq2Seq, State, Step
from lab.models.tokens import PAD

_STRIDES = (3, 2, 1)  # 48 pixels -> 16 -> 8 -> 8 places a side


class Eye(nn.Module):
    """Three convolutions: 48 x 48 pixels become 8 x 8 places that see 26 x 26 pixels each.

    Place (r, c) stands for the 6 x 6 pixels from (6 r, 6 c) on and sees ten more on every side. The
    second kernel is 4 wide, for a stride of 2 with 3 would look past the middle.

    The last layer is told where it stands: without its two coordinates the captioner hardly learns
    "above" and "left of" (exact match 0.65 for 0.97, measured with one seed). The layer norm makes
    every place equally loud; without it attention may find its words in places beside the shape.

    Args:
        channels: of each layer; the last is E, the size of an annotation vector.

    Source of the coordinates: Liu et al. 2018, An Intriguing Failing of Convolutional Neural
    Networks and the CoordConv Solution.
    """

    def __init__(self, channels: tuple[int, int, int]):
        super().__init__()
        first, second, last = channels
        layers = [
            nn.Conv2d(3, first, 5, _STRIDES[0], padding=1),
            nn.Conv2d(first, second, 4, _STRIDES[1], padding=1),
            nn.Conv2d(second + 2, last, 3, _STRIDES[2], padding=1),
        ]
        self.layers = nn.ModuleList(layers)
        self.norm = nn.LayerNorm(last)
        for layer in layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(self, images: Tensor) -> Tensor:
        """Return the annotation vectors (B, S, E) of images (B, 3, h, w), row by row."""
        x = torch.relu(self.layers[0](images))
        x = torch.relu(self.layers[1](x))  # (B, C, 8, 8)
        x = torch.cat((x, coordinates(x)), 1)
        x = torch.relu(self.layers[2](x))  # (B, E, 8, 8)
        return self.norm(x.flatten(2).transpose(1, 2))


def coordinates(x: Tensor) -> Tensor:
    """Return (B, 2, h, w) for x (B, C, h, w): how far right and how far down, from -1 to 1."""
    down, across = (torch.linspace(-1, 1, n, device=x.device, dtype=x.dtype) for n in x.shape[2:])
    both = torch.stack(torch.meshgrid(across, down, indexing="xy"))
    return both.expand(len(x), -1, -1, -1)


class Look(NamedTuple):
    """What decoder steps give; T is missing from the shapes of a single one.

    Attributes:
        state: (B, T, H) h_t.
        context: (B, T, E) z_t, what was seen.
        weights: (B, T, S) alpha_t, None without attention.
        place: (B, T) the place that hard attention looked at, None for the others.
    """

    state: Tensor
    context: Tensor
    weights: Tensor | None
    place: Tensor | None


class Captioner(Seq2Seq):
    """Eye, attention, and a GRU that writes.

    Args:
        target_size: V, of the vocabulary.
        width: H, of word embeddings and states.
        attention: "soft", "hard", or "none" (every word sees the mean of all places). While it
            trains, "hard" draws its places; otherwise (`eval`) it looks at the most probable one,
            so that a picture always gets the same caption.
        channels: of the convolutions; see `Eye`.
        dropout: probability, on the embeddings and before the read-out.
        samples: of "hard": captions read with places of their own for each picture of a batch; the
            others are the baseline of each. 1: no baseline (after a minute 0.40 exact match for
            0.95, measured with one seed).
        mixed: of "hard": probability that a caption is read with soft attention instead, as in the
            paper (section 4.1, there 0.5).
        entropy: of "hard": weight of the entropy of alpha_t in what is maximised.
        doubly: weight of `doubly_stochastic` in what is minimised.

    Attributes:
        grid: places a side into which it divides a picture of 48 x 48 pixels.
    """

    grid = 8

    def __init__(
        self,
        target_size: int,
        width: int = 96,
        attention: str = "soft",
        channels: tuple[int, int, int] = (24, 48, 64),
        dropout: float = 0.0,
        samples: int = 4,
        mixed: float = 0.5,
        entropy: float = 0.002,
        doubly: float = 0.0,
    ):
        super().__init__()
        if attention not in CAPTION_ATTENTIONS:
            raise ValueError(f"There is no attention {attention!r}.")
        self.attention, self.dropout = attention, dropout
        self.samples, self.mixed, self.entropy, self.doubly = samples, mixed, entropy, doubly
        size = channels[-1]
        self.eye = Eye(channels)
        self.embedding = nn.Embedding(target_size, width)
        self.start = nn.Linear(size, width)
        if attention != "none":
            self.w_a = nn.Linear(size, width // 2)
            self.w_h = nn.Linear(width, width // 2, bias=False)
            self.v = nn.Linear(width // 2, 1, bias=False)
        self.cell = nn.GRUCell(width + size, width)
        nn.init.orthogonal_(self.cell.weight_hh)  # Saxe et al. 2014
        self.l_h = nn.Linear(width, width)
        self.l_z = nn.Linear(size, width, bias=False)
        self.readout = nn.Linear(width, target_size)

    def encode(self, images: Tensor) -> Memory:
        """Look at pictures once; h_0 = tanh(W mean_i a_i) (the paper's f_init).

        Args:
            images: (B, h, w, 3) uint8, or (B, 3, h, w) with values from 0 to 1.
        """
        if images.dtype == torch.uint8:
            images = images.permute(0, 3, 1, 2).float() / 255
        a = self.eye(4 * images - 3).float()  # light grey is about zero
        everywhere = torch.ones(a.shape[:2], dtype=torch.bool, device=a.device)
        return Memory(a, everywhere, (torch.tanh(self.start(a.mean(1)).float()),))

    def step(self, tokens: Tensor, state: State, memory: Memory) -> Step:
        """Write on after `tokens` (B)."""
        x = self._embed(tokens)
        seen = self.look(x, state[0], memory.states, self._keys(memory))
        return Step(self._read_out(x, seen), (seen.state,), seen.weights)

    def forward(self, images: Tensor, target_in: Tensor) -> tuple[Tensor, Tensor | None]:
        """Predict every word of known captions `target_in` (B, T); see `encode` for images."""
        logits, seen = self.read(target_in, self.encode(images))
        return logits, seen.weights

    def read(
        self, target_in: Tensor, memory: Memory, soft: Tensor | None = None
    ) -> tuple[Tensor, Look]:
        """Read known captions (B, T); `soft` (B, 1) bool tells hard attention where to be soft."""
        x, keys, h = self._embed(target_in), self._keys(memory), memory.start[0]
        steps: list[Look] = []
        for x_t in x.unbind(1):
            steps.append(self.look(x_t, h, memory.states, keys, soft))
            h = steps[-1].state
        states, contexts, weights, places = zip(*steps, strict=True)
        seen = Look(
            torch.stack(states, 1), torch.stack(contexts, 1), _in_time(weights), _in_time(places)
        )
        return self._read_out(x, seen), seen

    def look(
        self, x: Tensor, h: Tensor, a: Tensor, keys: Tensor | None, soft: Tensor | None = None
    ) -> Look:
        """Look, then take one step of the recurrence.

        Args:
            x: (B, H) embedded previous word, E y_{t-1}.
            h: (B, H) h_{t-1}.
            a: (B, S, E) annotation vectors.
            keys: (B, S, A) W_a a_i + b, the same at every step; None without attention.
            soft: see `read`.
        """
        weights = place = None
        if keys is None:
            context = a.mean(1)
        else:
            # f_att(a_i, h_{t-1}) = v . tanh(W_a a_i + b + W_h h_{t-1}): equation 4
            scores = self.v(torch.tanh(keys + self.w_h(h)[:, None])).squeeze(2)  # (B, S)
            weights = torch.softmax(scores.float(), 1)  # equation 5
            if self.attention == "soft" or soft is not None:
                context = (weights[:, None] @ a)[:, 0]  # sum_i alpha_ti a_i: equation 13
            if self.attention == "hard":
                # Equation 8: s_t is one place, drawn with probability alpha_ti.
                drawn = torch.multinomial(weights, 1) if self.training else weights.argmax(1, True)
                place = drawn[:, 0]
                seen = torch.take_along_dim(a, drawn[:, :, None], 1)[:, 0]  # equation 9
                context = seen if soft is None else torch.where(soft, context, seen)
        h = self.cell(torch.cat((x, context), 1), h).float()
        return Look(h, context, weights, place)

    def _embed(self, tokens: Tensor) -> Tensor:
        return F.dropout(self.embedding(tokens), self.dropout, self.training)

    def _keys(self, memory: Memory) -> Tensor | None:
        return None if self.attention == "none" else self.w_a(memory.states)

    def _read_out(self, x: Tensor, seen: Look) -> Tensor:
        # L_o (E y_{t-1} + L_h h_t + L_z z_t): equation 7
        y = x + self.l_h(seen.state) + self.l_z(seen.context)
        return self.readout(F.dropout(y, self.dropout, self.training))

    def loss(self, images: Tensor, target_in: Tensor, target_out: Tensor) -> Tensor:
        """Return what a step of training minimises: mean cross-entropy in nats per word.

        Its value is the cross-entropy alone; whatever else has to be minimised is in its gradient
        only, so that losses of all kinds of attention can be compared. Hard attention draws from
        torch's global generator.

        Args:
            images: see `encode`.
            target_in, target_out: (B, T) int64, PAD on the right.
        """
        memory, soft = self.encode(images), None
        if self.attention == "hard":
            # Row n * samples + k: draw k of picture n. The eye is used once for all of them.
            rows = torch.arange(len(images), device=images.device).repeat_interleave(self.samples)
            memory, target_in, target_out = memory.rows(rows), target_in[rows], target_out[rows]
            if self.mixed:
                soft = torch.rand(len(rows), 1, device=images.device) < self.mixed
        logits, seen = self.read(target_in, memory, soft)
        there = (target_out != PAD).float()
        missed = F.cross_entropy(
            logits.float().transpose(1, 2), target_out, ignore_index=PAD, reduction="none"
        )
        extra = torch.zeros((), device=missed.device)
        if seen.weights is not None and seen.place is not None:  # hard
            drawn = there if soft is None else there * ~soft
            extra = -self._reinforce(seen.weights, seen.place, -missed.detach(), there, drawn).sum()
        if self.doubly and seen.weights is not None:
            extra = extra + self.doubly * doubly_stochastic(seen.weights, there).sum()
        return (missed.sum() + extra - extra.detach()) / there.sum()

    def _reinforce(
        self, weights: Tensor, place: Tensor, log_p: Tensor, there: Tensor, drawn: Tensor
    ) -> Tensor:
        """Return (B, T) whose gradient is the second term of equation 12, and the entropy's.

        Two things make its variance smaller and leave its mean as it is. The paper rewards a place
        with the log-probability of the whole caption; here that of the words from it on, since it
        cannot change those before. And the paper's baseline is a moving average; here the mean
        reward of the other draws for the same picture, which needs no memory between steps
        (Kool et al. 2019, Buy 4 REINFORCE Samples, Get a Baseline for Free!).

        Args:
            weights, place: (B, T, S) and (B, T) of B draws, `samples` after each other for each
                picture.
            log_p: (B, T) of the true words, zero for PAD.
            there, drawn: (B, T) whether there is a word, and whether its place was drawn.
        """
        reward = log_p.flip(1).cumsum(1).flip(1)  # sum over t' >= t
        if self.samples > 1:
            group = reward.view(-1, self.samples, reward.shape[1])
            others = (group.sum(1, keepdim=True) - group) / (self.samples - 1)
            reward = (group - others).flatten(0, 1)
        log_alpha = weights.clamp(min=1e-9).log()
        chosen = log_alpha.gather(2, place[:, :, None])[:, :, 0]  # log p(s_t | ...)
        entropy = -(weights * log_alpha).sum(2)
        return drawn * reward * chosen + self.entropy * there * entropy


def _in_time(parts: Sequence[Tensor | None]) -> Tensor | None:
    # (B, ...) of each step -> (B, T, ...); None where no step has any.
    there = [part for part in parts if part is not None]
    return torch.stack(there, 1) if there else None


def doubly_stochastic(weights: Tensor, there: Tensor) -> Tensor:
    """Return (B): sum_i (1 - sum_t alpha_ti)^2, small if no place is looked at too often.

    With fewer words than places the sums cannot all be one; then it is smallest if each place gets
    an equal share of the looks (equation 14).

    Args:
        weights: (B, T, S).
        there: (B, T), 1 where there is a word and 0 where there is padding.
    """
    return (1 - (weights * there[:, :, None]).sum(1)).square().sum(1)
