"""What a web server has to send: headers, the content policy, redirects, server configuration."""
