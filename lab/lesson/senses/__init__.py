"""The parts of the lesson "Words in context"."""
