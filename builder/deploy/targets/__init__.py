"""The kinds of place that a site can be published to, one module each."""
