"""Compiled functions over the parts of several grids at once."""
