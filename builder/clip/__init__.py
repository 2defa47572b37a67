"""Web pages -> drafts: what they report, from whom, and what an editor may take from it."""
