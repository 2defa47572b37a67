"""Editorial checks of a file, a brief, the site and its pages.
A check is one function in the module of its subject, and one line in `checks`."""
