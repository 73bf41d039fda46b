"""What the lesson measures of a translator."""

from lab.lesson.measures import Measure

MEASURES = {
    "Exact match": Measure(
        "exact match",
        "Held-out sentences translated exactly",
        True,
        "**Exact match**: every token of the greedy translation is right. While training on 200 "
        "held-out pairs, at the end on all of them.",
    ),
    "Alignment": Measure(
        "alignment accuracy",
        "Words whose strongest attention is a gold link",
        True,
        "**Alignment accuracy**: of the target tokens that have a gold link (from the generator, "
        "or from your file), the share whose most attended source token is one. Not there without "
        "attention.",
    ),
    "Loss": Measure(
        "",
        "Validation loss (nats per token)",
        False,
        "**Loss**: cross-entropy per target token on the held-out pairs, when the true tokens "
        "before it are given.",
    ),
}
