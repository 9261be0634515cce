"""Background work: job lanes and the training engine. Knows Qt's core, not its widgets."""
