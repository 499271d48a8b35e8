"""Primitives that mirror, resize, crop and reorder grids."""
