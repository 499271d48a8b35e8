"""Primitives that measure grids and draw charts and figures."""
