"""The parts of the lesson "Attention step by step"."""
