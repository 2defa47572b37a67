"""The look of a site: colours with enough contrast, fonts, and the icon."""
