"""Scene Desktop: train an image classifier on your own photos, then classify folders of them."""

__version__ = "0.1.0"
