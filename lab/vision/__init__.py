"""Classifying drawn scenes with attention over the picture: labels, task, and uploaded pictures."""
