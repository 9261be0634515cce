"""Heads that are solved, not trained step by step: linear models of features, chosen by cross-validation."""
