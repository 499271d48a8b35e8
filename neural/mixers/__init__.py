"""Mixers: the layers that mix information between cells."""
