"""Runs: solvers in sandboxed processes, and the store of their results."""
