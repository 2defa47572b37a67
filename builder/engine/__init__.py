"""Builds: decides what is out of date, runs tasks, renders and writes their pages.
Remembers between builds what lets the next one do less."""
