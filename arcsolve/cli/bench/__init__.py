"""The commands of `arcsolve bench`: one module each, with a click command named `command`."""
