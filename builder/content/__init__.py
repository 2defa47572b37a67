"""Reads content/ and site.yaml: files to documents, documents to records."""
