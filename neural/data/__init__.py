"""Network input: how tasks and grids become tensors."""
