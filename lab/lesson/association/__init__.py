"""The parts of the lesson "Measuring association": people first, then words."""
