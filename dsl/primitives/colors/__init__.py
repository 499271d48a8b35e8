"""Primitives that change or choose colors."""
