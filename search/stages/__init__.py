"""The stages of a search, one mechanism a file."""
