"""What benchmarks count and report."""
