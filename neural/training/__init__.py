"""Training: supervision steps, optimizers and ensembles."""
