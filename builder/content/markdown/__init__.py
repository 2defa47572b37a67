"""Renders Markdown: the engine, custom rules, and placeholders for links to records."""
