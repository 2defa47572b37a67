"""Answers text editors: the Language Server Protocol for content/ and site.yaml."""
