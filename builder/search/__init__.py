"""The full-text index, and what a browser needs to search it."""
