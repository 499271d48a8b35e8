"""Terms that draw a part again, or a pattern, at places that the grid marks."""
