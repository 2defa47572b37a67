"""Parts that several kinds of page show: figures, statements, relations, sources."""
