"""Plans pages: every kind of page is one module with its context and its tasks."""
