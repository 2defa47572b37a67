"""Diagnostics as values, their codes and pages, and report formats."""
