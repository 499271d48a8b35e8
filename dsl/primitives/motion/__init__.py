"""Primitives that move and copy parts of a grid."""
