"""Widgets: requests go out as signals, facts come in as slots. Knows the core and Qt, and no rules."""
