"""The language of rules: parts of grids, expressions over them, and effects that paint them."""
