"""Data sets, their splits, and training tasks for networks."""
