"""The course: the sections of the lab, and what the lectures name, by rows that lessons cover."""

from __future__ import annotations

# The sections of the lab, in the order of the course.
WORDS, COUNTING, ATTENTION, PRETRAINING, BIAS, CROPS = SECTIONS = (
    "Words",
    "Counting and recurrence",
    "Attention",
    "Pre-training",
    "Bias",
    "Crop maps",
)


# Part of the course -> (row, topic as the lectures name it).
COURSE: dict[str, tuple[tuple[str, str], ...]] = {
    "Text and words": (
        ("T1", "Bag of words, and the order it loses"),
        ("T2", "Co-occurrence vectors"),
        ("T3", "One-hot words, word vectors, analogies"),
        ("T4", "word2vec"),
        ("T5", "N-gram models: counts, sparsity, smoothing, back-off"),
        ("T6", "The fixed-window neural language model"),
        ("T7", "Topic clusters of embeddings"),
    ),
    "Recurrent networks": (
        ("R1", "The vanilla RNN"),
        ("R2", "One-to-one, one-to-many, many-to-one, many-to-many"),
        ("R3", "A character RNN on one's own text"),
        ("R4", "LSTM gates and the cell state; the GRU"),
        ("R5", "Backpropagation through time, vanishing and exploding gradients"),
        ("R6", "Residual connections"),
    ),
    "Attention and Transformers": (
        ("A1", "Encoder-decoder and its bottleneck"),
        ("A2", "The attention decoder and its score functions"),
        ("A3", "Greedy decoding, sampling, beam search"),
        ("A4", "Alignment plots"),
        ("A5", "Image captioning with attention"),
        ("A6", "Queries, keys, values; the scaled dot product"),
        ("A7", "Self-attention and positions"),
        ("A8", "Masked self-attention"),
        ("A9", "Multi-head attention"),
        ("A10", "The Transformer"),
        ("A11", "Attention over images"),
        ("A12", "Recurrence, convolution and attention: work and memory"),
    ),
    "Pre-trained models": (
        ("P1", "BERT: masked language modelling"),
        ("P2", "GPT and T5: other objectives"),
        ("P3", "Contextual embeddings"),
        ("P4", "The attention of a trained model"),
        ("P5", "Loss, size, training cost and energy"),
    ),
    "Bias": (
        ("B1", "Fill-mask probes"),
        ("B2", "IAT and WEAT"),
        ("B3", "The log-probability bias score"),
        ("B4", "Analogies and translation"),
    ),
    "Crop maps": (
        ("C1", "The recurrent U-Net"),
        ("C2", "Transfer between regions"),
        ("C3", "Region by region IoU"),
        ("C4", "VH time series of hits and misses"),
        ("C5", "The rice calendar"),
        ("C6", "Train, validation, test"),
    ),
}
