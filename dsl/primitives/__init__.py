"""The built-in primitives: a folder a theme, a file a family, all loaded by `dsl.primitive`."""
