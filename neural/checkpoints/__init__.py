"""Checkpoints: native and official files, parity and transfer."""
