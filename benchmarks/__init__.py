"""Measurements of speed and smoothness, side by side with the peer, in one run. Ratios count, not seconds."""
