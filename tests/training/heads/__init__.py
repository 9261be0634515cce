"""Heads that are solved."""
