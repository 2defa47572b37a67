"""Publishes output/: compares it with a target, runs the guards and sends what changed.
Reads output/ and writes to targets and .slugline/releases/."""
