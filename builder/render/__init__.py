"""Renders pages: checks and compiles templates, and places addresses."""
