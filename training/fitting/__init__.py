"""The loop that fits a network: steps, batches, optimizers, averages."""
