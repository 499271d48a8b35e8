"""Primitives that continue or complete patterns."""
