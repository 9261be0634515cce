"""Looks: theme, colours, icons, style sheet, painting."""
