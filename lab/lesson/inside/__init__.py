"""The parts of the lesson "Inside a trained model"."""
