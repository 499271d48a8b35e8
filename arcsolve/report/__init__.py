"""What people see: grids on a terminal, PNG pictures, training curves."""
