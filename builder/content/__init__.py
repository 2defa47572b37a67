"""Reads content/ and site.yaml: parses files into documents and documents into records."""
