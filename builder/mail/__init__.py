"""E-mails and books of what is published, and the services that send messages."""
