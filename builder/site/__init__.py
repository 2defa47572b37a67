"""The linked site: names, publication, redirects, lists, related briefs.
Planning reads it through `view`, fact by fact."""
