"""The Classify page: drops in, and everything around their results."""
