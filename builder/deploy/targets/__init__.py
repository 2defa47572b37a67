"""The kinds of deploy target, one module each."""
