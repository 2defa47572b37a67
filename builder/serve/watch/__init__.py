"""Watches the files of a site: events of the system, or snapshots where there are none."""
