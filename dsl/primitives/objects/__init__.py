"""Primitives that segment grids into objects, and filter, rank and edit the objects."""
