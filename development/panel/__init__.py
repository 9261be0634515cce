"""Measures the recipes on many photo sets, beside what others would make of the same photos: `make panel`."""
