"""The numeric operations of the network, for every device and type."""
