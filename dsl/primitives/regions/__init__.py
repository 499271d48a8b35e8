"""Primitives that find, fill and outline regions."""
