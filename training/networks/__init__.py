"""Networks as Keras models: built, loaded, gone on with, calibrated, compiled."""
