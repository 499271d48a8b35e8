"""Output sizes, inferred from the pairs."""
