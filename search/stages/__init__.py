"""The stages of a search, a mechanism a file."""
