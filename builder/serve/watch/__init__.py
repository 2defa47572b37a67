"""Watches the files of a site, with file system events or by polling."""
