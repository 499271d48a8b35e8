"""The search for summaries: new grids made from the parts, numbers and colors of a grid."""
