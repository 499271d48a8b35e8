"""Reads, writes, validates, scores and merges competition files, the only package to do so."""
