"""Synthetic tasks from random programs on random scenes; no torch."""
