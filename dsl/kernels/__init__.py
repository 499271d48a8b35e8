"""Compiled helpers that primitives share; no primitive is declared here."""
