"""Competition files: read, write, validate, score, merge; no other package knows their format."""
