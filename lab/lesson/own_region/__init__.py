"""The parts of the lesson "Your own region"."""
