"""Collects what readers elsewhere say about briefs, into files that editors moderate."""
