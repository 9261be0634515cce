"""What happens between a page and the background: one module for each page."""
