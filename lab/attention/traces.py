"""The attention of a trained model on a text, of a run and of a model folder alike."""

from lab.attention.own import trace as of_run
from lab.attention.pretrained import trace as of_folder

__all__ = ["of_folder", "of_run"]
