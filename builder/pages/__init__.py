"""Page planning: one module per kind of page, with context and tasks."""
