"""Ledgers of all briefs: figures, relations, corrections, sources, translations."""
