"""Says what a good sub-editor would say: of a file, a brief, the site, or its pages.
A check is one function in the module of its subject, and its line in `checks`."""
