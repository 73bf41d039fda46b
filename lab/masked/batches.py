"""Rows of token numbers laid out for a network: several short rows side by side in one lane.

Padding costs as much as reading. Where a network can be told who may look at whom and where a row
begins, a lane holds several rows, each blind to the others (Krell et al. 2021, Efficient Sequence
Packing without Cross-contamination); elsewhere each lane holds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

LANE = 64  # tokens: attention between strangers is computed and thrown away, so not too many
TOKENS = 4096  # of a batch: bounds the memory for activations
LOGITS = 16_000_000  # of a batch: 64 MB

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Batch:
    """Lanes of rows.

    Args:
        rows: numbers of the rows, in the order of `places`.
        counts: blanks of each of them.
        ids: (B, T) token numbers.
        owner: (B, T) number of the row that a token belongs to, -1 where nothing stands.
        positions: (B, T) places within their rows, from 0.
        places: (M) places of the blanks in the flattened batch.
    """

    rows: list[int]
    counts: list[int]
    ids: Tensor
    owner: Tensor
    positions: Tensor
    places: Tensor


def pack(rows: Rows, packed: bool) -> list[list[int]]:
    """Return lanes of row numbers, shorter ones first.

    Args:
        rows: of token numbers.
        packed: whether a lane may hold several: the longest first, each in the first lane that
            has room for it.
    """
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    if not packed:
        return [[number] for number in order]
    lanes: list[list[int]] = []
    room: list[int] = []
    for number in reversed(order):
        length = len(rows[number])
        lane = next((n for n, free in enumerate(room) if free >= length), None)
        if lane is None:
            lane = len(lanes)
            lanes.append([])
            room.append(max(LANE, length))
        lanes[lane].append(number)
        room[lane] -= length
    return sorted(lanes, key=lambda lane: sum(len(rows[number]) for number in lane))


def batches(
    rows: Rows, lanes: Sequence[list[int]], logits: Callable[[Sequence[int]], int], padded: bool
) -> Iterator[list[list[int]]]:
    """Gather lanes until a batch is full.

    Args:
        rows: of token numbers.
        lanes: of `pack`.
        logits: how many numbers the head computes for a row.
        padded: whether lanes of different lengths may stand together.
    """
    batch: list[list[int]] = []
    width, work = 0, 0
    for lane in lanes:
        length = sum(len(rows[number]) for number in lane)
        more = sum(logits(rows[number]) for number in lane)
        full = (len(batch) + 1) * length > TOKENS or work + more > LOGITS
        if batch and (full or (not padded and length != width)):
            yield batch
            batch, work = [], 0
        batch.append(lane)
        width, work = length, work + more
    if batch:
        yield batch


def lay(rows: Rows, lanes: Sequence[Sequence[int]], mask_id: int, filler: int) -> Batch:
    """Lay rows out.

    Args:
        rows: of token numbers.
        lanes: the numbers of the rows of each lane.
        mask_id: number of the mask token.
        filler: number of what stands where there is nothing.
    """
    width = max(sum(len(rows[number]) for number in lane) for lane in lanes)
    ids = torch.full((len(lanes), width), filler, dtype=torch.long)
    owner, positions = torch.full_like(ids, -1), torch.zeros_like(ids)
    order, counts, places = [], [], []
    for line, lane in enumerate(lanes):
        start = 0
        for number in lane:
            row = rows[number]
            here = slice(start, start + len(row))
            ids[line, here] = torch.tensor(row)
            owner[line, here] = number
            positions[line, here] = torch.arange(len(row))
            blanks = [place for place, token in enumerate(row) if token == mask_id]
            places += [line * width + start + place for place in blanks]
            order.append(number)
            counts.append(len(blanks))
            start += len(row)
    return Batch(order, counts, ids, owner, positions, torch.tensor(places))
