"""The parts of the lesson "Transfer"."""
