"""How soon translators are good: CPU seconds and steps to a target, per score function and seed."""

from __future__ import annotations

from lab.seq2seq import TASKS, load, train
from lab.seq2seq.settings import SCORES

# Task -> (exact match to reach, CPU seconds it should take at most).
TARGETS = {"numbers": (0.95, 5), "french": (0.95, 5), "spanish": (0.95, 5), "dates": (0.98, 10)}
SEEDS = (0, 1, 2)


def main() -> None:
    """Print a line for each task, score function and seed; exact match is looked at by 32 steps."""
    for task, (target, most) in TARGETS.items():
        pairs = load(task)
        print(f"{task}: {target:.0%} wanted within {most} CPU s, {TASKS[task].steps} steps")
        for score in SCORES:
            for seed in SEEDS:
                print("  ", _line(pairs, score, seed, TASKS[task].steps, target), flush=True)


def _line(pairs, score: str, seed: int, steps: int, target: float) -> str:
    reached = dict.fromkeys((target, 0.98))
    for event in train("gru", pairs, score=score, seed=seed, steps=steps):
        exact = event.metrics.get("exact match")
        for bound in reached:
            if exact is not None and exact >= bound and reached[bound] is None:
                reached[bound] = f"{event.seconds:.1f} s, step {event.step}"
    aligned = event.metrics.get("alignment accuracy")
    marks = "  ".join(f"{bound:.0%}: {when or 'never':18}" for bound, when in reached.items())
    return (
        f"{score:10} seed {seed}  end {exact:6.1%}"
        f"  aligned {'-' if aligned is None else format(aligned, '.0%'):>4}"
        f"  {marks}  all {event.seconds:.1f} s"
    )
