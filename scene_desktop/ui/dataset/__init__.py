"""The data set that is to be trained on, and what the doctor found in it."""
