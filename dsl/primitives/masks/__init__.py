"""Primitives that make and combine masks."""
