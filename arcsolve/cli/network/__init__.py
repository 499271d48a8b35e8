"""The commands of `arcsolve network`."""
