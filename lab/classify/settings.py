"""What a run of a sentence classifier is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from lab.classify.encoder import shape
from lab.models.choices import SENTENCE_POOLS
from lab.training.declared import about
from lab.training.hyperparameters import Hyperparameters, Prompt, Rate, Schedule, Warmup

MODELS = ("frozen", "full", "scratch")
STEPS = 300


@dataclass(frozen=True, kw_only=True)
class ClassifySettings(Hyperparameters):
    """All hyper-parameters of a classifier. Make one with `ClassifySettings.default`.

    Args:
        model: what is trained. "frozen": only the linear layer on top of the project's masked
            model; "full": all weights, beginning with those of that model; "scratch": the same
            network, beginning with random weights.
        pool: what the linear layer reads: "mean" of all tokens' vectors, or that of "cls" alone.
        examples: how many of the texts are learned from; 0 for all.
        prompt: a sentence that is judged along the run.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` texts as
    "tokens".
    """

    task: ClassVar[str] = "classification"
    architecture: ClassVar[tuple[str, ...]] = ("model", "pool")
    standard: ClassVar[dict[str, dict[str, Any]]] = {
        "frozen": {"learning_rate": 1e-2},
        "scratch": {"learning_rate": 5e-4},
    }
    per_report: ClassVar[int] = 16 * 8
    between_evaluations: ClassVar[int] = 16 * 32

    model: Annotated[str, about(choices=MODELS)] = "full"
    pool: Annotated[
        str,
        about(
            "The linear layer reads",
            "pool",
            "The mean of all tokens' vectors, or the vector of [CLS] alone, as in BERT's paper. "
            "This model was never taught to gather a sentence in [CLS].",
            choices=SENTENCE_POOLS,
        ),
    ] = "mean"
    examples: Annotated[
        int,
        about(
            ge=0,
            le=10**6,
            refusal="The number of examples must be positive, or 0 for all, not {value}.",
        ),
    ] = 0
    batch: Annotated[
        int, about("Batch (sentences)", "batch", "Sentences in one step.", ge=1, le=128, step=1)
    ] = 16
    learning_rate: Rate = 3e-4
    schedule: Schedule = "linear"
    warmup: Warmup = 20
    prompt: Prompt = ""

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return 300 steps: short sentences are learned in half a minute."""
        return {"steps": STEPS}

    def parameters(self, classes: int = 2) -> int:
        """Count the numbers that are trained; a test holds it to what torch counts."""
        vocabulary, width, layers, _, context = shape()
        head = classes * (width + 1)
        if self.model == "frozen":
            return head
        norm = 2 * width
        layer = 4 * (width + 1) * width + (width + 1) * 4 * width + (4 * width + 1) * width
        return (vocabulary + context) * width + norm + layers * (layer + 2 * norm) + head
