"""Primitives that split grids into panels and combine grids cell by cell."""
