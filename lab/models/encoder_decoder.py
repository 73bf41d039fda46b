"""The recurrent encoder-decoder, with attention and without: where attention was invented.

Without attention the decoder starts from one vector that must hold the whole source (the
bottleneck). With attention it looks back at every state of the encoder before each word.

Sources: Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks (no attention);
Bahdanau et al. 2015 (attention before the recurrence, bidirectional encoder); Luong et al. 2015
(attention after the recurrence).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models import lstm, through_time
from lab.models.scores import SCORES, attend
from lab.models.seq2seq import Memory, Seq2Seq, State, Step
from lab.models.tokens import END, PAD

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
_LAYERS = {"rnn": through_time.RNNLayer, "gru": through_time.GRULayer}


class Recurrence(nn.Module):
    """One layer of an RNN, GRU or LSTM whose state is a tuple with the batch first.

    Args:
        cell: "rnn", "gru" or "lstm".
        inputs: size of what it reads.
        width: H, size of its state.
    """

    def __init__(self, cell: str, inputs: int, width: int):
        super().__init__()
        self.cell, self.width = cell, width
        self.parts = 2 if cell == "lstm" else 1  # an LSTM carries h and c
        self.layer = CELLS[cell](inputs, width, batch_first=True)
        nn.init.orthogonal_(self.layer.weight_hh_l0)  # Saxe et al. 2014
        if cell == "lstm":
            with torch.no_grad():  # a forget gate that begins open (Jozefowicz et al. 2015)
                self.layer.bias_ih_l0[width : 2 * width].fill_(1.0)

    def forward(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read x (B, T, I) from a state on (zeros if None); return h (B, T, H) and the state."""
        if state is None:
            state = tuple(x.new_zeros(x.shape[0], self.width) for _ in range(self.parts))
        before = tuple(part[None].contiguous() for part in state)  # (1, B, H)
        if self.cell == "lstm":
            fused = torch.is_grad_enabled() or x.shape[1] > 1 or x.device.type != "cpu"
            run = self.layer if fused else lambda x, s: lstm.written_out(self.layer, x, s)
            h, after = run(x, before)
            return h, tuple(part[0] for part in after)
        if through_time.usable(x):
            h, last = through_time.run(self.layer, x, before[0], _LAYERS[self.cell])
        else:
            h, last = self.layer(x, before[0])
        return h, (last[0],)


class Encoder(nn.Module):
    """Embedding and a recurrence over the source, or one in each direction side by side.

    Args:
        cell: "rnn", "gru" or "lstm".
        vocabulary_size: of the source.
        width: H, size of h_i; two directions have half of it each.
        bidirectional: read from both ends, so that h_i knows what follows too.
        dropout: probability, on the embeddings.
    """

    def __init__(
        self, cell: str, vocabulary_size: int, width: int, bidirectional: bool, dropout: float
    ):
        super().__init__()
        ways, self.dropout = (2 if bidirectional else 1), dropout
        self.embedding = nn.Embedding(vocabulary_size, width)
        self.ways = nn.ModuleList(Recurrence(cell, width, width // ways) for _ in range(ways))

    def forward(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Read source (B, S); return h (B, S, H), and the last state of each way (B, H)."""
        x = F.dropout(self.embedding(source), self.dropout, self.training)  # (B, S, H)
        lengths = (source != PAD).sum(1)  # (B)
        last = (lengths - 1).clamp(min=0)
        h, _ = self.ways[0](x)
        ends = [h[torch.arange(len(h), device=h.device), last]]  # padding comes after it
        if len(self.ways) == 1:
            return h, ends[0]
        # Right to left is left to right over each row turned round, its padding left in place.
        place = torch.arange(source.shape[1], device=source.device)
        turned = torch.where(place < lengths[:, None], lengths[:, None] - 1 - place, place)[
            ..., None
        ]
        back, _ = self.ways[1](torch.take_along_dim(x, turned, 1))
        back = torch.take_along_dim(back, turned, 1)
        return torch.cat((h, back), 2), torch.cat((ends[0], back[:, 0]), 1)


class Look(NamedTuple):
    """Everything of decoder steps: what the page shows when a decoding is stepped through.

    Attributes:
        query: (B, T, H) the decoder state that is compared with each h_i.
        scores, weights: (B, T, S), None without attention.
        context: (B, T, H), None without attention.
        logits: (B, T, V).
        state: after the last step.
    """

    query: Tensor
    scores: Tensor | None
    weights: Tensor | None
    context: Tensor | None
    logits: Tensor
    state: State


class EncoderDecoder(Seq2Seq):
    """Encoder, decoder, and a score function between them.

    Args:
        cell: "rnn", "gru" or "lstm", for both.
        source_size, target_size: sizes of the vocabularies.
        width: H, of embeddings and states.
        score: a key of `lab.models.scores.SCORES`, or "none".
        look: when the decoder attends. "after" its recurrence (Luong): s_t is compared, and the
            word comes from [c_t; s_t]; all steps of a known target in one call. "before"
            (Bahdanau, and the lectures): s_{t-1} is compared, and c_t goes into the recurrence.
        bidirectional: of the encoder.
        attend_end: whether attention may look at END of the source.
        dropout: probability, on embeddings and before the read-out.
    """

    def __init__(
        self,
        cell: str,
        source_size: int,
        target_size: int,
        width: int,
        score: str,
        look: str = "after",
        bidirectional: bool = True,
        attend_end: bool = True,
        dropout: float = 0.0,
    ):
        super().__init__()
        self.attends, self.before = score != "none", look == "before" and score != "none"
        self.attend_end, self.dropout = attend_end, dropout
        self.encoder = Encoder(cell, source_size, width, bidirectional, dropout)
        self.embedding = nn.Embedding(target_size, width)
        self.recurrence = Recurrence(cell, 2 * width if self.before else width, width)
        self.bridge = nn.Linear(width, self.recurrence.parts * width)
        if self.attends:
            self.score = SCORES[score](width)
            self.combine = nn.Linear(2 * width, width)
        self.readout = nn.Linear(width, target_size)

    def encode(self, source: Tensor) -> Memory:
        """Read `source` (B, S); the decoder starts from tanh(W h_last)."""
        h, last = self.encoder(source)
        mask = source != PAD
        if not self.attend_end:
            # A source of END alone keeps it: there must be something to look at.
            mask = mask & ((source != END) | (mask.sum(1, keepdim=True) == 1))
        start = torch.tanh(self.bridge(last).float()).chunk(self.recurrence.parts, dim=1)
        return Memory(h, mask, start)

    def step(self, tokens: Tensor, state: State, memory: Memory) -> Step:
        """Write on after `tokens` (B)."""
        seen = self.look(tokens[:, None], state, memory)
        weights = None if seen.weights is None else seen.weights[:, 0]
        return Step(seen.logits[:, 0], seen.state, weights)

    def forward(
        self, source: Tensor, target_in: Tensor, teacher_forcing: float = 1.0
    ) -> tuple[Tensor, Tensor | None]:
        """Predict every token of a known target.

        Args:
            source: (B, S).
            target_in: (B, T).
            teacher_forcing: probability that a step reads the true token before it rather than
                the model's own most probable one (Bengio et al. 2015, Scheduled Sampling, with a
                constant probability).
        """
        memory = self.encode(source)
        if teacher_forcing >= 1 and not self.before:
            seen = self.look(target_in, memory.start, memory)
            return seen.logits, seen.weights
        state, tokens = memory.start, target_in[:, 0]
        steps: list[Step] = []
        for t in range(target_in.shape[1]):
            if t:
                tokens = target_in[:, t]
                if teacher_forcing < 1:
                    own = torch.rand(tokens.shape, device=tokens.device) >= teacher_forcing
                    tokens = torch.where(own, steps[-1].logits.argmax(1), tokens)
            steps.append(self.step(tokens, state, memory))
            state = steps[-1].state
        logits = torch.stack([step.logits for step in steps], 1)
        if not self.attends:
            return logits, None
        return logits, torch.stack([step.weights for step in steps if step.weights is not None], 1)

    def look(self, tokens: Tensor, state: State, memory: Memory) -> Look:
        """Run the decoder over tokens (B, T), T = 1 where it attends before the recurrence."""
        x = F.dropout(self.embedding(tokens), self.dropout, self.training)  # (B, T, H)
        if self.before:
            query = state[0][:, None]  # s_{t-1}
            scores = self.score(query, memory.states)
            weights, context = attend(scores, memory.mask, memory.states)
            s, state = self.recurrence(torch.cat((x, context), 2), state)
        else:
            s, state = self.recurrence(x, state)
            if not self.attends:
                logits = self.readout(F.dropout(s, self.dropout, self.training))
                return Look(s, None, None, None, logits, state)
            query = s
            scores = self.score(query, memory.states)
            weights, context = attend(scores, memory.mask, memory.states)
        both = torch.tanh(self.combine(torch.cat((context, s), 2)))  # Luong, equation 5
        logits = self.readout(F.dropout(both, self.dropout, self.training))  # (B, T, V)
        return Look(query, scores, weights, context, logits, state)
