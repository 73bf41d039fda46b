"""The lab's Transformer at nanoGPT's CPU settings, against a plain loop of that kind.

Settings: 4 layers, width 128, 4 heads, block 64, batch 12, no dropout, learned positions,
learning rate 1e-3 with warm-up and cosine decay, 2000 iterations, Tiny Shakespeare by characters;
published validation loss 1.88. The plain loop below is written as such loops commonly are: separate
steps, the optimiser's default implementation, a loss read out each time.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import time

from tests.benchmarks.tools import SHAKESPEARE, report, spread

STEPS = int(os.environ.get("GLASSHOUSE_NANOGPT_STEPS", "2000"))
LAYERS, WIDTH, HEADS, BLOCK, BATCH, RATE = 4, 128, 4, 64, 12, 1e-3


def _plain_model(vocabulary: int):
    import torch
    from torch import nn
    from torch.nn import functional

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.before = nn.LayerNorm(WIDTH, bias=False)
            self.between = nn.LayerNorm(WIDTH, bias=False)
            self.project = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
            self.combine = nn.Linear(WIDTH, WIDTH, bias=False)
            self.widen = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
            self.narrow = nn.Linear(4 * WIDTH, WIDTH, bias=False)

        def forward(self, x):
            b, t, c = x.shape
            parts = self.project(self.before(x)).split(c, dim=2)
            q, k, v = (part.view(b, t, HEADS, c // HEADS).transpose(1, 2) for part in parts)
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.combine(y.transpose(1, 2).contiguous().view(b, t, c))
            return x + self.narrow(functional.gelu(self.widen(self.between(x))))

    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(vocabulary, WIDTH)
            self.places = nn.Embedding(BLOCK, WIDTH)
            self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
            self.norm = nn.LayerNorm(WIDTH, bias=False)
            self.head = nn.Linear(WIDTH, vocabulary, bias=False)
            self.head.weight = self.tokens.weight
            for weight in self.parameters():
                if weight.dim() > 1:
                    nn.init.normal_(weight, std=0.02)

        def forward(self, ids, targets):
            x = self.tokens(ids) + self.places(torch.arange(ids.shape[1]))
            for layer in self.layers:
                x = layer(x)
            logits = self.head(self.norm(x))
            return functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    return Plain()


def _plain(answers) -> None:
    import torch

    from lab.text import Corpus

    torch.set_num_threads(1)
    torch.manual_seed(0)
    corpus = Corpus.from_text(SHAKESPEARE.read_text(encoding="utf-8"))
    train, held_out = torch.from_numpy(corpus.train), torch.from_numpy(corpus.validation)
    model = _plain_model(corpus.vocabulary_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=0.1)
    begun = time.process_time()
    for step in range(STEPS):
        share = max(0.0, (step - 100) / max(1, STEPS - 100))
        decayed = 1e-4 + 0.5 * (RATE - 1e-4) * (1 + math.cos(math.pi * share))
        for group in optimizer.param_groups:
            group["lr"] = RATE * (step + 1) / 101 if step < 100 else decayed
        starts = torch.randint(len(train) - BLOCK, (BATCH,))
        ids = torch.stack([train[i : i + BLOCK] for i in starts])
        targets = torch.stack([train[i + 1 : i + 1 + BLOCK] for i in starts])
        loss = model(ids, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()
    seconds = time.process_time() - begun
    with torch.no_grad():
        windows = (len(held_out) - 1) // BLOCK
        ids = held_out[: windows * BLOCK].view(windows, BLOCK)
        targets = held_out[1 : windows * BLOCK + 1].view(windows, BLOCK)
        losses = [
            model(a, b) * len(a) for a, b in zip(ids.split(64), targets.split(64), strict=True)
        ]
        loss = float(torch.stack(losses).sum()) / windows
    answers.put((STEPS * BATCH * BLOCK / seconds, loss))


def _ours(rate: float, answers) -> None:
    import torch

    from lab.training import train

    torch.set_num_threads(1)
    text = SHAKESPEARE.read_text(encoding="utf-8")
    for event in train(
        "transformer",
        text,
        steps=STEPS,
        layers=LAYERS,
        width=WIDTH,
        heads=HEADS,
        block=BLOCK,
        batch=BATCH,
        positions="learned",
        learning_rate=rate,
        warmup=min(100, STEPS // 2),
        weight_decay=0.1,
    ):
        last = event
    answers.put((last.tokens / last.seconds, last.validation_loss))


def _alone(function, *arguments) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=function, args=(*arguments, answers))
    process.start()
    found = answers.get(timeout=1800)
    process.join()
    return found


def main(repeats: int = 2) -> None:
    """Print the ratio of tokens per CPU second (training steps alone) and the losses."""
    if not SHAKESPEARE.exists():
        print("needs shared/data/text/tinyshakespeare.txt beside the project")
        return
    ratios, plain_losses, our_losses = [], [], []
    for _ in range(repeats):
        plain_speed, plain_loss = _alone(_plain)
        our_speed, our_loss = _alone(_ours, RATE)
        ratios.append(our_speed / plain_speed)
        plain_losses.append(plain_loss)
        our_losses.append(our_loss)
        print(f"   plain {plain_speed:,.0f} tokens/s, the lab's {our_speed:,.0f}", flush=True)
    report(f"tokens per CPU second, the lab's / plain, {STEPS} steps", spread(ratios), "goal 1.20")
    faster = _alone(_ours, 3 * RATE)[1]
    report("validation loss, plain", spread(plain_losses))
    report("validation loss, the lab's at the same learning rate", spread(our_losses), "goal 1.88")
    report("validation loss, the lab's at three times that rate", f"{faster:.2f}", "goal 1.88")
