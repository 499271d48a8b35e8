"""The tiny recursive network: the model, its data, training and checkpoints."""
