"""The search engine: compiled code that applies operators to the states of an arena."""
