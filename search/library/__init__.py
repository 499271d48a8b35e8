"""Library learning: named abstractions that the engine treats as operators."""
