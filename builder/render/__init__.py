"""Rendering: templates are checked and compiled, and addresses adapted to each page."""
