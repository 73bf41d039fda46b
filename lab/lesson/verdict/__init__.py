"""The parts of the lesson "Fine-tune a classifier"."""
