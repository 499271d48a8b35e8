"""The numeric operations under the network, for every device and type."""
