"""Real radar composites from STAC catalogs."""
