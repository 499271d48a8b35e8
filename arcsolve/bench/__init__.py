"""Benchmarks: their samples, counts and reports."""
