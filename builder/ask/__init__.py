"""Answers questions to the record: queries in words and in SQL."""
