"""Fine-tune a classifier: a frozen encoder, full fine-tuning, and the same network from scratch."""

from lab.lesson.verdict.lesson import LESSON

LESSON.show()
