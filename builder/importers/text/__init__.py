"""Texts of other systems as Markdown: HTML, dialects, shortcodes, characters."""
