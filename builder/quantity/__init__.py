"""Exact quantities: units, parsing, formulas and their evaluation."""
