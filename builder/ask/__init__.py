"""Answers questions to the record: queries, and dossiers of a company."""
