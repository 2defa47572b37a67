"""Publishes the output: compares it with a target, asks the guards, sends what changed.
Reads the output; the record of every release stays beside it."""
