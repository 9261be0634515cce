"""Trained models: what they say of themselves, and the library they lie in."""
