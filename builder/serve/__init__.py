"""The preview: rebuilds the site on every save and shows it in a browser.
One process builds; its child watches files and answers requests."""
