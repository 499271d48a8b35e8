"""Test-time training: augment a task, adapt the network to it, vote."""
