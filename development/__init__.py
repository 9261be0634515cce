"""Tools for those who work on Scene Desktop; not part of the app."""
