"""Readers of archives, one module for each kind, and what they share."""
