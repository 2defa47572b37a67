"""Draws charts and maps as SVG, laid out in whole numbers so that every machine draws the same."""
