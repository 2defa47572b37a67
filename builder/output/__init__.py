"""Writes output/: two trees, a manifest, one exchange of names.
The only room that writes the output."""
