"""Charts and maps as SVG, laid out in whole numbers for reproducibility."""
