"""Network input: the conversion of tasks and grids to tensors."""
