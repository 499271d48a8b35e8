"""The layers that mix information between cells."""
