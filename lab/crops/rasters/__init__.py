"""Rasters of the user's: opened safely, laid onto one grid, predicted whole, written as GeoTIFF."""
