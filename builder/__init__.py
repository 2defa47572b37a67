"""Slugline: a folder of Markdown briefs in, a checked and cross-linked static site out."""

__version__ = "0.1.0"
