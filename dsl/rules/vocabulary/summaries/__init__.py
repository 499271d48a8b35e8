"""Terms of summaries: new grids made from parts, numbers and colors of a grid."""
