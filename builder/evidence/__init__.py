"""Asks sources and archives whether a report still exists, and still says what it said."""
