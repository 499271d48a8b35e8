"""Reports for people: grids on a terminal, PNG pictures, training curves."""
