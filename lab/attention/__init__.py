"""Attention opened: computed step by step, traced in trained models, and summed over layers."""
