"""The tiny recursive network: model, data, training and checkpoints."""
