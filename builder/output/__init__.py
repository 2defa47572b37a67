"""Writes output/: two trees, a manifest, one atomic exchange.
The only room that writes the output."""
