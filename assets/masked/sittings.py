"""Pre-train the project's masked model, in sittings (`python -m assets.masked.make train`).

The learning rate rises for a moment, stays, and falls to almost zero over the last minutes of a
sitting. What it was before it fell is kept (`trunk.safetensors`): the next sitting goes on from
there, so that the fall of one does not cost the next. Killed at any time, the same command goes on
from the last trunk. An empty file `WORK/finish` makes the fall begin at once.

Source of the schedule: Hu et al. 2024, MiniCPM, section 4 (warm-up, stable, decay).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.masked.settings import MaskedSettings

if TYPE_CHECKING:
    from lab.masked.rows import Rows
    from lab.training.events import Event

SETTINGS = MaskedSettings.of(
    layers=4,
    width=256,
    heads=8,
    batch=4096,
    growth=3000,
    learning_rate=1e-3,
    warmup=500,
    precision="bfloat16",
    device="cpu",
    steps=10**9,
)
SAVE_SECONDS = 180.0
LOWEST = 0.01  # share of the learning rate at the end of a fall
# Tokens after which weights are kept, so that a lesson can show what came when.
MILESTONES = tuple(int(m * 1e6) for m in (0.1, 0.3, 1, 2, 5, 10, 15, 30, 60, 100, 150, 200, 300))
HEADER = "time\tstep\ttokens\tcpu_seconds\ttrain_loss\theld_out_loss\ttop1\tlearning_rate\tphase\n"


class Sitting:
    """One sitting of a training that goes on over days.

    Args:
        rows: the text.
        work: folder of the training.
        settings: of the run; used for the first sitting, and for the rate of each.
        minutes: how long, in CPU time: a machine that others use too takes longer.
        decay_minutes: the last of them, in which the learning rate falls.
        clock: seconds.
    """

    def __init__(
        self,
        rows: Rows,
        work: Path,
        settings: MaskedSettings = SETTINGS,
        minutes: float = 100.0,
        decay_minutes: float = 12.0,
        clock: Callable[[], float] = time.process_time,
    ):
        self.rows, self.work, self.settings, self.clock = rows, work, settings, clock
        self.decay_seconds = 60 * min(decay_minutes, minutes)
        self.steady_seconds = 60 * minutes - self.decay_seconds
        self.trunk, self.log, self.finish = (
            work / name for name in ("trunk.safetensors", "log.tsv", "finish")
        )
        self.loss: float | None = None

    def run(self) -> Path:
        """Train; return the file of the last weights (half precision, learning rate fallen)."""
        from lab.masked.task import MaskedTask
        from lab.training.checkpoint import unpack
        from lab.training.loop import fit

        state = None
        if self.trunk.exists():
            state = unpack(self.trunk.read_bytes(), MaskedSettings)
        self.work.mkdir(parents=True, exist_ok=True)
        if not self.log.exists():
            self.log.write_text(HEADER, encoding="utf-8")
        rate = self.settings.learning_rate
        live: dict[str, Any] = {"learning_rate": rate}
        begun = saved = self.clock()
        fall: float | None = None
        reached = self.settings.tokens_until(state.progress.step) if state else 0
        event = None
        for event in fit(MaskedTask(self.settings, self.rows), state, live):
            now = self.clock()
            if fall is None and (now - begun >= self.steady_seconds or self.finish.exists()):
                self._save_trunk(event)
                fall = now
            if event.validation_loss is not None:
                self._write_line(event, "steady" if fall is None else "fall")
            if fall is None:
                tokens = self.settings.tokens_until(event.step)
                for milestone in MILESTONES:
                    if reached < milestone <= tokens:
                        self._snapshot(event, f"{milestone / 1e6:g}M")
                reached = tokens
            else:
                left = 1 - (now - fall) / max(1e-9, self.decay_seconds)
                live["learning_rate"] = rate * max(LOWEST, left)
                if left <= 0:
                    break
            if now - saved >= SAVE_SECONDS:
                saved = now
                if fall is None:
                    self._save_trunk(event)
                else:
                    self._snapshot(event, "latest")
        self.finish.unlink(missing_ok=True)
        return self._snapshot(event, "latest")

    def _save_trunk(self, event: Event) -> None:
        from assets.masked.snapshots import write

        write(self.trunk, event.checkpoint())
        self._snapshot(event, "latest")

    def _snapshot(self, event: Event, name: str) -> Path:
        from assets.masked.snapshots import save_snapshot
        from lab.training.checkpoint import unpack

        tensors = unpack(event.checkpoint(), MaskedSettings).tensors
        weights = {n[6:]: t for n, t in tensors.items() if n.startswith("model.")}
        about = {
            "step": event.step,
            "tokens_read": self.settings.tokens_until(event.step),
            "cpu_seconds": round(event.seconds, 1),
            "loss": self.loss,
            "learning_rate": event.learning_rate,
            "settings": self.settings.to_dict(),
        }
        path = self.work / "snapshots" / f"{name}.safetensors"
        save_snapshot(path, weights, list(self.rows.tokens), about)
        return path

    def _write_line(self, event: Event, phase: str) -> None:
        self.loss = event.validation_loss
        train = "" if event.train_loss is None else f"{event.train_loss:.4f}"
        values = [
            time.strftime("%Y-%m-%dT%H:%M:%S"),
            event.step,
            self.settings.tokens_until(event.step),
            f"{event.seconds:.0f}",
            train,
            f"{event.validation_loss:.4f}",
            f"{event.metrics['top1']:.4f}",
            f"{event.learning_rate:.2e}",
            phase,
        ]
        with self.log.open("a", encoding="utf-8") as file:
            file.write("\t".join(map(str, values)) + "\n")
