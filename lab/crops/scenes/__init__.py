"""Synthetic scenes: regions, calendars, fields, speckle, and what composites make of them."""
