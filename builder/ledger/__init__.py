"""The records made of all briefs: figures, relations, corrections, sources, translations."""
