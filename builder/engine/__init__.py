"""Builds the site: decides what is out of date, runs tasks, renders and writes pages.
Caches what lets the next build do less."""
