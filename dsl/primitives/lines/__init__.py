"""Primitives that draw lines, rays and beams."""
