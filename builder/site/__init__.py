"""Links records into one site: names, publication, redirects, lists, related briefs.
Planning reads the site through `view`, fact by fact."""
