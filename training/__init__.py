"""Training: everything that needs Keras and TensorFlow. No Qt. Also usable alone: `python -m training`."""
