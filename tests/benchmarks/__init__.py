"""Speeds, measured by hand and printed as ratios side by side: `make benchmarks ARGS="nanogpt"`."""
