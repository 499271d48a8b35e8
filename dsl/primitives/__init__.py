"""The built-in primitives, a file per family; all modules here are loaded by `dsl.primitive`."""
