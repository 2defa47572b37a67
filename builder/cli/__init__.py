"""The `slugline` command: one module a command.
The only room that prints, and the only one that ends the process."""
