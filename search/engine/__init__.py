"""The search engine: states in an arena, and operators applied to them in compiled code."""
