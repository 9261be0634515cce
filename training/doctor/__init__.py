"""Looks for near duplicates and doubtful labels in a data set."""
