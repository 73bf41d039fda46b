"""What is measured of a training: the curves, the card of a run, and what became of the guess."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.bert import TEXT
from lab.lesson.bert.training_text import STORY_NAMES
from lab.lesson.kit.measures import Measure, metric, values
from lab.lesson.kit.panel import compare_best
from lab.lesson.kit.question import compare
from lab.lesson.kit.runs import names
from lab.runs import View

RATIO = "he : she, "  # before an occupation, among the metrics of a run
LOSSES = ("Above 5", "4 to 5", "3 to 4", "Below 3")  # nats per token
WORSE, NO_WORSE = "Worse", "As good as before"
MEASURES = {
    "Loss": Measure("", "Held-out loss (nats per hidden token)", False, TEXT("loss")),
    "Right": Measure("top1", "Hidden tokens guessed right at once", True, TEXT("right")),
    "Everyday": Measure(
        "everyday", "Loss on everyday sentences (nats per hidden token)", False, TEXT("everyday")
    ),
}


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    right, loss = metric(view, "top1"), view.run.validation_loss
    if right is None or loss is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[{right:.0%} guessed right at once]"]
    everyday = values(view, "everyday")
    if everyday:
        first, last = everyday[0]["value"], everyday[-1]["value"]
        lines.append(f":small[everyday sentences {first:.2f} → {last:.2f}]")
    return f"loss **{loss:.2f}** nats", "  \n".join(lines)


def ratios(view: View) -> list[tuple[int, dict[str, float]]]:
    """Return step, and log p(he)/p(she) of each occupation, wherever they were measured."""
    found = []
    for point in view.history.points:
        metrics = point.get("metrics") or {}
        measured = {
            name.removeprefix(RATIO): value
            for name, value in metrics.items()
            if name.startswith(RATIO) and value is not None
        }
        if measured:
            found.append((point["step"], measured))
    return found


def moves(view: View, occupation: str = "nurse") -> float | None:
    """Return by how much log p(he)/p(she) of an occupation has moved; None if not watched."""
    found = [measured[occupation] for _, measured in ratios(view) if occupation in measured]
    return found[-1] - found[0] if found else None


def band(loss: float) -> str:
    """Return which of the options of the guess a loss belongs to."""
    return LOSSES[sum(loss <= bound for bound in (5, 4, 3))]


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with what came out."""
    labels = names(shown)
    if len(shown) > 1 and all(label.startswith(STORY_NAMES) for label in labels):
        moved = {name: abs(by) for v, name in zip(shown, labels, strict=True) if (by := moves(v))}
        compare_best(guess, moved, "The nurse moved furthest on", 0.3, highest=True, form=".2f")
    elif len(shown) > 1:
        found = {n: m for v, n in zip(shown, labels, strict=True) if (m := metric(v, "top1"))}
        compare_best(guess, found, "Most often right at once", 0.02, highest=True, form=".1%")
    else:
        _outcome_of_one(guess, shown[0])


def _outcome_of_one(guess: str, view: View) -> None:
    loss, everyday = view.run.validation_loss, values(view, "everyday")
    if guess in LOSSES and loss is not None:
        compare(guess, guess == band(loss), TEXT("loss-outcome", loss=f"{loss:.2f}"))
    elif guess in (WORSE, NO_WORSE) and everyday:
        first, last = everyday[0]["value"], everyday[-1]["value"]
        right = WORSE if last > first + 0.1 else NO_WORSE
        came = TEXT("everyday-outcome", first=f"{first:.2f}", last=f"{last:.2f}")
        compare(guess, guess == right, came)
