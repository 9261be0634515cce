"""Makes what lies in `resources/models` and the table of recipes."""
