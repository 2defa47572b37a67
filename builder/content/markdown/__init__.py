"""Renders Markdown: the engine, our rules, and links to records that are filled in later."""
