"""The parts of the lesson "Templates decide"."""
