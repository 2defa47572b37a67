"""Imports: the archive of another system, in one shape, written as records."""
