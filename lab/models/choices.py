"""What the networks can be built with, for settings and pages: nothing here loads torch."""

SIDE = 48  # pixels of a picture, each way
PATCHES = (8, 6, 4)  # pixels a side: 6 x 6, 8 x 8 or 12 x 12 places of a picture
PICTURE_POOLS = ("attention", "mean")  # how a network over a picture reads its places
SENTENCE_POOLS = ("mean", "cls")  # how a classifier reads a sentence
CAPTION_ATTENTIONS = ("soft", "hard", "none")
SEASON = 8  # T, images of a season that a crop network reads
