"""What a web server sends: headers, content security policy, redirects; its configuration."""
