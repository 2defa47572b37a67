"""The preview: rebuilds the site on every save and shows it in a browser.
One process builds; its child process watches files and serves the pages."""
