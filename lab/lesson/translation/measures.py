"""What the lesson measures of a translator, and what the card of a run says."""

from __future__ import annotations

from lab.lesson.kit.measures import Measure, metric
from lab.lesson.translation import TEXT
from lab.runs import View

MEASURES = {
    "Exact match": Measure(
        "exact match", "Held-out sentences translated exactly", True, TEXT("exact-match")
    ),
    "Alignment": Measure(
        "alignment accuracy",
        "Words whose strongest attention is a gold link",
        True,
        TEXT("alignment-accuracy"),
    ),
    "Loss": Measure("", "Validation loss (nats per token)", False, TEXT("loss")),
}


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says: exact match, and what else was measured."""
    exact, aligned = metric(view, "exact match"), metric(view, "alignment accuracy")
    if exact is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[loss {view.run.validation_loss:.3f}]"]
    if aligned is not None:
        lines.append(f":small[alignment {aligned:.0%}]")
    return f"**{exact:.1%}** exact match", "  \n".join(lines)
