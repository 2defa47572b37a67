"""Requests to other sites: polite, and within limits of bytes, time and redirects."""
